/** The division of the states of a search among workers, and among the partitions of each. */

/** How the states of a search are divided: among workers, and those of each worker among partitions. */
export interface Division {
  readonly workers: number
  readonly partitions: number
}
/** One partition of one worker has all states. */
export const undivided: Division = { workers: 1, partitions: 1 }

/** A partition of a divided search has an outbox for each worker, then one for each partition of its own worker. */
export const outboxesOf = ({ workers, partitions }: Division): number =>
  workers === 1 && partitions === 1 ? 0 : workers + partitions

/**
 * The states are divided into buckets. Some bits of the number of a bucket, the lowest, say which worker has it; the
 * others, which partition of that worker. What is not divided has no bits.
 */
export interface BucketBits {
  readonly owner: number
  readonly part: number
}
export const bucketBitsOf = ({ workers, partitions }: Division): BucketBits => ({
  owner: workers > 1 ? 7 : 0,
  part: partitions > 1 ? 7 : 0,
})
/** The buckets that these bits name. */
export const bucketsOf = ({ owner, part }: BucketBits): number => 1 << (owner + part)

/**
 * The outbox of each bucket, for the partitions of one worker. Each worker has neighbouring buckets: the highest bit of a
 * product depends on all bits of its factors, lower ones on fewer.
 */
export function routesOf(division: Division, worker: number): Uint8Array {
  const { workers, partitions } = division
  const bits = bucketBitsOf(division)
  const owners = 1 << bits.owner
  return Uint8Array.from({ length: bucketsOf(bits) }, (_, bucket) => {
    const owner = Math.floor(((bucket % owners) * workers) / owners)
    return owner === worker ? workers + ((bucket >> bits.owner) % partitions) : owner
  })
}
