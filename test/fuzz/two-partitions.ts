/** The search by two workers, each with its share of the states, done in turns in this thread. */
import type { Prepared } from '../../src/explorer/prepare.ts'
import type { Batch } from '../../src/engine/expander.ts'
import { shard } from '../../src/explorer/shard.ts'

/** What a search found, without how. */
export interface Extent {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /** By the number of what is watched, the first level at which it was found. */
  readonly found: readonly (readonly [watch: number, level: number])[]
}

/** Explores the whole graph, in one share or in several. */
export function extentOf({ compiled, initial }: Prepared, shares: number): Extent {
  const shards = Array.from({ length: shares }, (_, worker) =>
    shard(compiled, { worker, workers: shares, partitionBytes: 2 ** 22, startBytes: 2 ** 16 }),
  )
  const deliver = (batches: readonly Batch[]): void => {
    for (const batch of batches) shards[batch.to]?.receive(batch)
  }
  const [first] = shards
  deliver(first?.seed(initial) ?? [])
  const found = new Map<number, number>()
  let depth = 0
  while (shards.map((one) => one.advance()).some((count) => count > 0)) {
    depth++
    for (const one of shards) {
      for (let done = one.work(); done !== undefined; done = one.work()) {
        deliver(done.batches)
        for (const { watch } of done.findings) if (!found.has(watch)) found.set(watch, depth)
      }
    }
  }
  const totals = shards.map((one) => one.totals())
  return {
    states: totals.reduce((sum, { states }) => sum + states, 0),
    transitions: totals.reduce((sum, { transitions }) => sum + transitions, 0),
    depth,
    found: [...found].sort(([a], [b]) => a - b),
  }
}
