/**
 * `recoverable`: can every thread, from every reachable state, still come back to an allowed end? The whole graph is
 * needed: the states of a search in one partition are kept in the order in which they were found. Of most it is seen
 * that they return (`returning.ts`). The edges of the others are written down, and the allowed ends carried from each
 * state to those before it.
 */
import type { Levels } from './levels.ts'
import type { StateId } from '../engine/log.ts'
import type { Partition } from '../engine/partition.ts'
import { openStates, type OpenStates } from './returning.ts'
import type { SingleThreadSearch } from './search.ts'

/** Graphs of this many states take some 6 GiB. */
export const recoveryLimit = 50_000_000

/**
 * States up to which it is judged of a model that does not declare it: that asks for it by itself, and should cost no
 * more than it is worth.
 */
export const defaultRecoveryLimit = 1_000_000

/** The first states from which some thread cannot come back: all of one level. */
export interface Unrecoverable {
  readonly level: number
  readonly states: readonly Uint8Array[]
  /** The first of them. */
  readonly first: StateId
  /** Whether a state of the graph has a thread that cannot recover. */
  isUnrecoverable(state: Uint8Array): boolean
}

/**
 * Looks for states from which a thread cannot come back.
 *
 * @param found the states of the search, by level
 * @returns undefined if the graph is not whole, or too large
 */
export function recovery(
  { incomplete, shard }: SingleThreadSearch,
  found: Levels,
  threads: number,
): { readonly unrecoverable: Unrecoverable | undefined } | undefined {
  const all = found.all()
  if (incomplete !== undefined || all === undefined || shard.partitions() !== 1) return undefined
  const table = shard.any()
  const { stateBytes } = table.sizes
  const open = openStates(table, all)
  if (open.length === 0) return { unrecoverable: undefined }
  const graph = graphOf(table, open)
  const unrecoverable = unrecoverableStates(graph, threads)
  const placesIn = ({ first, indices }: OpenStates): readonly number[] => {
    const here = unrecoverable.subarray(first, first + indices.length)
    const places: number[] = []
    for (let n = here.indexOf(1); n >= 0; n = here.indexOf(1, n + 1)) places.push(n)
    return places
  }
  const home = open.find((some) => placesIn(some).length > 0)
  if (home === undefined) return { unrecoverable: undefined }
  const { level, log, indices } = home
  return {
    unrecoverable: {
      level,
      first: { log, index: indices[placesIn(home)[0] ?? 0] ?? 0 },
      states: open
        .filter((some) => some.level === level)
        .flatMap((some) => placesIn(some).map((n) => some.states.slice(n * stateBytes, (n + 1) * stateBytes))),
      isUnrecoverable: (state) =>
        unrecoverable[graph.numberOf[table.visited.find(table.oracle.orbits.formOf(state).state)] ?? 0] === 1,
    },
  }
}

/** The number of all states that are seen to return. */
const returns = 0
/** A bit for every thread that there can be. */
const everyThread = 2n ** 64n - 1n

/** The open states by number, in the order in which they were found, and one that stands for all others. */
interface Graph {
  /** By slot; `returns` for those that are not open. */
  readonly numberOf: Uint32Array
  /** A bit for each thread that is at an allowed end there. */
  readonly ends: BigUint64Array
  /** The index among `targets` at which the successors of each state begin; one more for the end. */
  readonly from: Float64Array
  readonly targets: Uint32Array
  /** For each successor, among `moves`: the instance that each instance becomes in the state that stands for it. */
  readonly moved: Uint16Array
  readonly moves: readonly (readonly number[])[]
}

function graphOf({ visited, oracle, follower }: Partition, open: readonly OpenStates[]): Graph {
  const states = open.reduce((sum, { indices }) => sum + indices.length, 1)
  const numberOf = new Uint32Array(visited.slots())
  const ends = new BigUint64Array(states)
  const from = new Float64Array(states + 1)
  ends[returns] = everyThread
  let targets = new Uint32Array(4 * states)
  let moved = new Uint16Array(oracle.orbits.isTrivial ? 0 : 4 * states)
  const { moves, numberOfMove } = movesByNumber()
  let edges = 0
  const reserve = (more: number): void => {
    if (edges + more <= targets.length) return
    targets = longer(targets, new Uint32Array(Math.ceil(1.5 * edges) + more))
    if (moved.length > 0) moved = longer(moved, new Uint16Array(targets.length))
  }
  for (const { first: number, indices, states: bytes } of open)
    follower.follow({ states: bytes, count: indices.length }, (followed) => {
      const { slots } = followed
      reserve(slots.length)
      // what a closure shares takes longer to reach than what is its own
      const [to, by] = [targets, moved]
      let [slot, edge] = [0, edges]
      for (let n = 0; n < followed.count; n++) {
        const state = number + followed.first + n
        numberOf[slots[slot++] ?? 0] = state
        // the states behind a step that fails may lead back
        ends[state] = followed.endsOf(n)
        for (const behind = followed.behind(n); slot < behind; slot++) {
          if (by.length > 0) by[edge] = numberOfMove(followed.threadsOf(slot))
          to[edge++] = slots[slot] ?? 0
        }
        from[state + 1] = edge
      }
      edges = edge
    })
  // a state may lead to one whose number was not known yet, or to one that returns
  replaceByNumber(targets.subarray(0, edges), numberOf)
  return { numberOf, ends, from, targets, moved, moves }
}

/** From slots to the numbers of their states. */
function replaceByNumber(slots: Uint32Array, numberOf: Uint32Array): void {
  for (let n = 0; n < slots.length; n++) slots[n] = numberOf[slots[n] ?? 0] ?? 0
}

/** Different images of the instances, and the number of each. */
function movesByNumber(): Pick<Graph, 'moves'> & { numberOfMove(threads: readonly number[]): number } {
  const moves: (readonly number[])[] = []
  const numbers = new Map<readonly number[], number>()
  return {
    moves,
    numberOfMove(threads) {
      const known = numbers.get(threads)
      if (known !== undefined) return known
      const number = moves.push(threads) - 1
      numbers.set(threads, number)
      return number
    },
  }
}

/** The longer array, with what the shorter one holds. */
function longer<T extends Uint16Array | Uint32Array>(old: T, empty: T): T {
  empty.set(old)
  return empty
}

/** Thread bits are handled this many at a time. */
const word = 31

/** 1 for each state from which some thread cannot come back. */
function unrecoverableStates({ ends, from, targets, moved, moves }: Graph, threads: number): Uint8Array {
  const states = ends.length
  const unrecoverable = new Uint8Array(states)
  for (const some of threadsByWord(threads, moves)) {
    const all = 2 ** some.length - 1
    const before = moves.map((move) => backwards(move, some))
    const can = bitsOfThreads(ends, some)
    // Most steps lead on, to what was found later: a few rounds backwards are enough.
    for (let changed = true; changed; ) {
      changed = false
      for (let n = states - 1; n >= 0; n--) {
        const known = can[n] ?? 0
        if (known === all) continue
        let now = known
        const end = from[n + 1] ?? 0
        for (let e = from[n] ?? 0; e < end && now !== all; e++) {
          const there = can[targets[e] ?? 0] ?? 0
          // all are all, whichever becomes which
          now |= moved.length === 0 || there === all ? there : (before[moved[e] ?? 0]?.(there) ?? there)
        }
        if (now !== known) {
          can[n] = now
          changed = true
        }
      }
    }
    for (let n = 0; n < states; n++) if (can[n] !== all) unrecoverable[n] = 1
  }
  return unrecoverable
}

/** For each state, the bits of these threads alone, one behind the other. */
function bitsOfThreads(ends: BigUint64Array, threads: readonly number[]): Uint32Array {
  // little endian, as the memory is that they come from: two halves, since a BigInt takes as long as a whole round
  const halves = new Uint32Array(ends.buffer)
  const bits = new Uint32Array(ends.length)
  for (const [place, thread] of threads.entries()) {
    const [half, shift] = [thread >> 5, thread & 31]
    for (let n = 0; n < bits.length; n++)
      bits[n] = (bits[n] ?? 0) | ((((halves[2 * n + half] ?? 0) >>> shift) & 1) << place)
  }
  return bits
}

/** The threads, some for each word; those that may become each other stand in one. */
function threadsByWord(threads: number, moves: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const words: (readonly number[])[] = []
  const seen = new Set<number>()
  for (let thread = 0; thread < threads; thread++) {
    if (seen.has(thread)) continue
    const alike = [...new Set([thread, ...moves.map((move) => move[thread] ?? thread)])].sort((a, b) => a - b)
    for (const one of alike) seen.add(one)
    const last = words.at(-1)
    if (last !== undefined && last.length + alike.length <= word) words[words.length - 1] = [...last, ...alike]
    else words.push(alike)
  }
  return words
}

/** From the threads that can come back in the state that stands for a successor, to the same in the successor. */
function backwards(move: readonly number[], threads: readonly number[]): (bits: number) => number {
  const places = threads.map((thread) => threads.indexOf(move[thread] ?? thread))
  if (places.every((place, n) => place === n)) return (bits) => bits
  const byByte = [0, 8, 16, 24].map((low) =>
    Uint32Array.from({ length: 256 }, (_, byte) =>
      places.reduce(
        (sum, place, n) => sum | (place >= low && (byte >> (place - low)) & 1 && place < low + 8 ? 1 << n : 0),
        0,
      ),
    ),
  )
  const [first, second, third, fourth] = byByte
  return (bits) =>
    (first?.[bits & 255] ?? 0) |
    (second?.[(bits >>> 8) & 255] ?? 0) |
    (third?.[(bits >>> 16) & 255] ?? 0) |
    (fourth?.[bits >>> 24] ?? 0)
}
