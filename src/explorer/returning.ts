/**
 * Most states of a graph lead on to one of which it is known that every thread comes back from it. One such successor
 * is enough to know the same of the state. So few states are left whose edges are needed one by one.
 */
import type { Partition } from '../engine/partition.ts'
import type { LevelChunk } from './levels.ts'

/** States of one level that are not seen to return, in the order in which they were found. */
export interface OpenStates {
  readonly level: number
  readonly log: number
  /** Their numbers in the log. */
  readonly indices: Uint32Array
  /** The number of the first among all open states, from 1; the others follow. */
  readonly first: number
  /** The states, one behind the other. */
  readonly states: Uint8Array
}

/** A further round is worth it if one before has settled this part of what was open. */
const worthwhile = 1 / 4

/**
 * The states that are not seen to return, in the order in which they were found.
 *
 * @param all every state of the graph, in that order
 */
export function openStates(partition: Partition, all: readonly LevelChunk[]): readonly OpenStates[] {
  let next = 1
  return foundOpen(partition, all).map((some) => {
    const first = next
    next += some.indices.length
    return { ...some, first }
  })
}

type Unnumbered = Omit<OpenStates, 'first'>

function foundOpen({ follower, sizes: { stateBytes } }: Partition, all: readonly LevelChunk[]): readonly Unnumbered[] {
  const everything = all.map(({ level, chunk: { log, first, count, states } }) => ({
    level,
    log,
    indices: Uint32Array.from({ length: count }, (_, n) => first + n),
    states,
  }))
  return (
    follower.sortByReturn(({ unseen, again }) => {
      // Most steps lead on, to what was found later: a round goes from the end to the beginning.
      const round = (open: readonly Unnumbered[]): readonly Unnumbered[] =>
        open
          .toReversed()
          .map((some) => kept(some, unseen({ states: some.states, count: some.indices.length }), stateBytes))
          .filter(({ indices }) => indices.length > 0)
          .reverse()
      let open = round(everything)
      for (let before = Infinity; sizeOf(open) > 0 && sizeOf(open) <= (1 - worthwhile) * before; open = round(open)) {
        before = sizeOf(open)
        again()
      }
      return open
    }) ?? everything
  )
}

const sizeOf = (open: readonly Unnumbered[]): number => open.reduce((sum, { indices }) => sum + indices.length, 0)

/** Those with a 1 among the marks. */
function kept({ indices, states, ...place }: Unnumbered, marks: Uint8Array, stateBytes: number): Unnumbered {
  const numbers: number[] = []
  for (let n = marks.indexOf(1); n >= 0; n = marks.indexOf(1, n + 1)) numbers.push(n)
  const left = new Uint8Array(numbers.length * stateBytes)
  numbers.forEach((n, place) => {
    left.set(states.subarray(n * stateBytes, (n + 1) * stateBytes), place * stateBytes)
  })
  return { ...place, indices: Uint32Array.from(numbers, (n) => indices[n] ?? 0), states: left }
}
