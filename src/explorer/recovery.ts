/**
 * `recoverable`: can every thread, from every reachable state, still come back to an allowed end? The whole graph is needed: the states of a search in
 * one partition are kept in the order in which they were found, their edges written down, and the allowed ends carried from each state to those before it.
 */
import type { Chunk, Partition } from './partition.ts'
import type { Found, HereSearch } from './search.ts'

/** Graphs of this many states take some 6 GiB. */
export const recoveryLimit = 50_000_000

export interface Recovery {
  /** To be shown every chunk of a search. */
  readonly keep: (chunk: Chunk, level: number) => void
  /** The first state from which some thread cannot come back, if there is one; undefined if the graph is not whole, or too large. */
  lostIn(search: HereSearch): { readonly lost: Found | undefined } | undefined
}

/** @param threads how many thread instances the model has */
export function recovery(threads: number): Recovery {
  const chunks: { readonly chunk: Chunk; readonly level: number }[] = []
  let states = 0
  return {
    keep(chunk, level) {
      states += chunk.count
      if (states > recoveryLimit) chunks.length = 0
      else chunks.push({ chunk, level })
    },
    lostIn({ incomplete, shard }) {
      if (incomplete !== undefined || states > recoveryLimit || shard.partitions() !== 1) return undefined
      const graph = graphOf(shard.any(), chunks.map(({ chunk }) => chunk), states)
      const first = firstLost(graph, threads)
      if (first === undefined) return { lost: undefined }
      const home = chunks.find(({ chunk }) => first >= chunk.first && first < chunk.first + chunk.count)
      return { lost: { watch: -1, state: { log: home?.chunk.log ?? 0, index: first }, successors: 0, fails: 0, level: home?.level ?? 0 } }
    },
  }
}

/** States by number, in the order in which they were found. */
interface Graph {
  /** A bit for each thread that is at an allowed end there. */
  readonly ends: BigUint64Array
  /** Where the successors of a state begin among `targets`; one more for the end. */
  readonly from: Float64Array
  readonly targets: Uint32Array
}

function graphOf(table: Partition, chunks: readonly Chunk[], states: number): Graph {
  const { stateBytes } = table.plan
  const numberOf = new Uint32Array(table.capacity() + table.plan.tail + 1)
  const eachState = (see: (state: Uint8Array, n: number) => void): void => {
    for (const { first, count, states: bytes } of chunks) for (let i = 0; i < count; i++) see(bytes.subarray(i * stateBytes, (i + 1) * stateBytes), first + i)
  }
  eachState((state, n) => { numberOf[table.locate(state)] = n })
  const ends = new BigUint64Array(states)
  const from = new Float64Array(states + 1)
  let targets = new Uint32Array(4 * states)
  let edges = 0
  eachState((state, n) => {
    ends[n] = table.idle(state)
    const slots = table.slotsOfSuccessors(state)
    if (edges + slots.length > targets.length) {
      const larger = new Uint32Array(Math.max(edges + slots.length, Math.ceil(1.5 * targets.length)))
      larger.set(targets)
      targets = larger
    }
    for (const slot of slots) targets[edges++] = numberOf[slot] ?? 0
    from[n + 1] = edges
  })
  return { ends, from, targets }
}

/** Thread bits are handled this many at a time. */
const word = 31

function firstLost({ ends, from, targets }: Graph, threads: number): number | undefined {
  const states = ends.length
  let first = states
  for (let low = 0; low < threads; low += word) {
    const all = 2 ** Math.min(word, threads - low) - 1
    const can = Uint32Array.from(ends, (bits) => Number(bits >> BigInt(low)) & all)
    // Most steps lead on, to what was found later: a few rounds backwards are enough.
    for (let changed = true; changed;) {
      changed = false
      for (let n = states - 1; n >= 0; n--) {
        const before = can[n] ?? 0
        if (before === all) continue
        let now = before
        for (let e = from[n] ?? 0; e < (from[n + 1] ?? 0); e++) now |= can[targets[e] ?? 0] ?? 0
        if (now !== before) { can[n] = now; changed = true }
      }
    }
    const lost = can.findIndex((threadsThatCan) => threadsThatCan !== all)
    if (lost >= 0) first = Math.min(first, lost)
  }
  return first === states ? undefined : first
}
