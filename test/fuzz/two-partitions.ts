/** The search by two workers, each with its share of the states, done in turns in this thread. */
import { sourceOf } from '../../src/engine/code.ts'
import type { Batch } from '../../src/engine/expander.ts'
import type { Prepared } from '../../src/explorer/prepare.ts'
import { shard } from '../../src/explorer/shard.ts'

/** What a search found, without how. */
export interface Extent {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /** By the number of what is watched, the first level at which it was found. */
  readonly found: readonly (readonly [watch: number, level: number])[]
}

/** A search in shares: what was found, and what the division cost. */
export interface SharedSearch {
  readonly extent: Extent
  /** The states that each share has stored. */
  readonly stored: readonly number[]
  /** The part of the states that the larger shares of all levels have: what workers that wait for each other can't halve. */
  readonly largerShares: number
  /** States that were sent from one share to another. */
  readonly sent: number
}

/** Explores the whole graph, in one share or in several. */
export const extentOf = (prepared: Prepared, shares: number, ownerMask?: Uint8Array): Extent =>
  searchInShares(prepared, shares, ownerMask).extent

export function searchInShares({ compiled, initial }: Prepared, shares: number, ownerMask?: Uint8Array): SharedSearch {
  const shards = Array.from({ length: shares }, (_, worker) =>
    shard(sourceOf(compiled), { worker, workers: shares, partitionBytes: 2 ** 22, startBytes: 2 ** 16 }),
  )
  let sent = 0
  const deliver = (batches: readonly Batch[]): void => {
    for (const batch of batches) {
      sent += batch.count
      shards[batch.to]?.receive(batch)
    }
  }
  const seeded = shards.map((one, worker) => one.seed(worker === 0 ? initial : [], ownerMask))
  seeded.forEach(deliver)
  const found = new Map<number, number>()
  let [depth, larger, all] = [0, 0, 0]
  const advance = (): boolean => {
    const counts = shards.map((one) => one.advance())
    larger += Math.max(...counts)
    all += counts.reduce((sum, count) => sum + count, 0)
    return counts.some((count) => count > 0)
  }
  while (advance()) {
    depth++
    for (const one of shards) {
      for (let done = one.work(); done !== undefined; done = one.work()) {
        deliver(done.batches)
        for (const { watch } of done.findings) if (!found.has(watch)) found.set(watch, depth)
      }
    }
  }
  const totals = shards.map((one) => one.totals())
  const extent = {
    states: totals.reduce((sum, { states }) => sum + states, 0),
    transitions: totals.reduce((sum, { transitions }) => sum + transitions, 0),
    depth,
    found: [...found].sort(([a], [b]) => a - b),
  }
  return { extent, stored: totals.map(({ stored }) => stored), largerShares: larger / all, sent }
}
