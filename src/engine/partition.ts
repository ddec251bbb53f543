/** One partition of the visited states, with all that works on it. Each client takes the part that it uses. */
import type { EngineModel } from './engine-model.ts'
import { expanderOf, type Expander } from './expander.ts'
import { startInstance, type InstanceOptions } from './instance.ts'
import { followerOf, type Follower } from './follower.ts'
import { markerOf, type Marker } from './marker.ts'
import type { MemoryPlan } from './memory.ts'
import { oracleOf, type Oracle } from './oracle.ts'
import { readNumbers, writeNumbers, type PartReader, type PartWriter } from './parts.ts'
import { visitedSetOf, type VisitedSet } from './visited-set.ts'

/** The amounts of states taken in at once, and the length of a state. */
export interface PartitionSizes {
  readonly stateBytes: number
  /** The length of its key in the visited set. */
  readonly keyBytes: number
  /** A state of another partition with its parent and ordinal. */
  readonly recordBytes: number
  /** The most states of a chunk. */
  readonly chunkStates: number
  /** The most states that are taken in at once. */
  readonly insertStates: number
}

export interface Partition {
  readonly sizes: PartitionSizes
  readonly visited: VisitedSet
  readonly expander: Expander
  readonly oracle: Oracle
  readonly marker: Marker
  readonly follower: Follower
  /** Writes all that it has, between two calls of its expander. */
  save(out: PartWriter): void
  /**
   * Becomes the partition of the same options that was saved.
   *
   * @throws RangeError if there is not enough memory
   */
  restore(from: PartReader): void
  /** Gives its memory back: it can't be used any more. */
  release(): void
}

const sizesOf = ({ stateBytes, keyBytes, record, input, blockSuccessors }: MemoryPlan): PartitionSizes => ({
  stateBytes,
  keyBytes,
  recordBytes: record.bytes,
  chunkStates: input.count,
  insertStates: blockSuccessors,
})

export interface PartitionOptions extends InstanceOptions {
  /** Names the partition in the ids of its states. */
  readonly log: number
}

/**
 * Starts a partition.
 *
 * @param code of a module for the same options
 * @throws RangeError if there is not enough memory
 */
export function partition(model: EngineModel, code: WebAssembly.Module, options: PartitionOptions): Partition {
  const instance = startInstance(model, code, options)
  const oracle = oracleOf(instance)
  const expander = expanderOf(instance, oracle.watches, options.log)
  return {
    sizes: sizesOf(instance.plan),
    visited: visitedSetOf(instance),
    expander,
    oracle,
    marker: markerOf(instance),
    follower: followerOf(instance, oracle.orbits),
    save(out) {
      writeNumbers(out, 'counts', [instance.capacity(), expander.logged()])
      out.write('memory', [instance.used()])
    },
    restore(from) {
      const [capacity = 0, logged = 0] = readNumbers(from, 'counts')
      if (!instance.resize(capacity)) throw new RangeError(`no memory for a table of ${capacity} slots`)
      from.open('memory').fill(instance.used())
      expander.continueLog(logged)
    },
    release() {
      instance.release()
    },
  }
}
