/**
 * `recoverable`: can every thread, from every reachable state, still come back to an allowed end? The whole graph is needed, so it is
 * searched once more in one partition, its edges are written down, and each thread's allowed ends are followed backwards.
 */
import type { Compiled } from '../compiler/compile.ts'
import type { Chunk } from './partition.ts'
import { searchHere, type Found, type Search, type SearchOptions } from './search.ts'

/** Graphs up to about 10^7 states fit. */
const stateLimit = 20_000_000

/** The first state from which some thread cannot come back, if there is one; undefined if the graph is too large or the time was up. */
export async function searchRecovery(compiled: Compiled, initial: readonly (readonly bigint[])[],
  options: SearchOptions): Promise<{ readonly lost: Found | undefined; readonly search: Search } | undefined> {
  const chunks: { readonly chunk: Chunk; readonly level: number }[] = []
  const search = await searchHere(compiled, initial, {
    ...options, workers: 1, partitionBytes: Math.max(options.partitionBytes, 2 ** 30), enough: () => false,
    stop: (totals, depth) => (totals.states > stateLimit ? 'max-states' : options.stop(totals, depth)),
    keep: (chunk, level) => { chunks.push({ chunk, level }) },
  })
  const { shard } = search
  if (search.incomplete !== undefined || shard.partitions() !== 1) return undefined
  const table = shard.any()
  const { stateBytes } = table.plan
  const states = search.states
  /** The number of a state, in the order in which they were found, by its slot. */
  const numberOf = new Int32Array(table.capacity() + table.plan.tail + 1).fill(-1)
  const eachState = (see: (state: Uint8Array, n: number) => void): void => {
    for (const { chunk } of chunks) for (let i = 0; i < chunk.count; i++) see(chunk.states.subarray(i * stateBytes, (i + 1) * stateBytes), chunk.first + i)
  }
  eachState((state, n) => { numberOf[table.locate(state)] = n })

  const sources: number[] = [], targets: Uint32Array[] = []
  const ends = new BigUint64Array(states)
  let edges = 0
  const degree = new Uint32Array(states + 1)
  eachState((state, n) => {
    ends[n] = table.idle(state)
    const { count, states: successors } = table.successors(state)
    const to = new Uint32Array(count)
    for (let k = 0; k < count; k++) to[k] = numberOf[table.locate(successors.subarray(k * stateBytes, (k + 1) * stateBytes))] ?? 0
    for (const t of to) degree[t + 1] = (degree[t + 1] ?? 0) + 1
    sources.push(n)
    targets.push(to)
    edges += count
  })
  // predecessors, by state
  for (let i = 0; i < states; i++) degree[i + 1] = (degree[i + 1] ?? 0) + (degree[i] ?? 0)
  const fill = degree.slice(), predecessors = new Uint32Array(edges)
  sources.forEach((n, i) => { for (const t of targets[i] ?? []) { const at = fill[t] ?? 0; predecessors[at] = n; fill[t] = at + 1 } })

  let first = states
  for (let thread = 0; thread < compiled.model.instances.length; thread++) {
    const back = new Uint8Array(states)
    const queue: number[] = []
    for (let n = 0; n < states; n++) if (((ends[n] ?? 0n) >> BigInt(thread)) & 1n) { back[n] = 1; queue.push(n) }
    for (let n = queue.pop(); n !== undefined; n = queue.pop()) {
      for (let e = degree[n] ?? 0; e < (degree[n + 1] ?? 0); e++) { const p = predecessors[e] ?? 0; if (back[p] === 0) { back[p] = 1; queue.push(p) } }
    }
    const lost = back.indexOf(0)
    if (lost >= 0 && lost < first) first = lost
  }
  if (first === states) return { lost: undefined, search }
  const home = chunks.find(({ chunk }) => first >= chunk.first && first < chunk.first + chunk.count)
  return { lost: { watch: -1, state: { log: home?.chunk.log ?? 0, index: first }, successors: 0, fails: 0, level: home?.level ?? 0 }, search }
}
