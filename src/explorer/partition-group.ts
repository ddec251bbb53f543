/** The partitions of one shard: one at first, and twice as many whenever they are at their limit. */
import { UsageError } from '../catalogue/usage.ts'
import type { CodeSource } from '../engine/code.ts'
import type { EmitOptions } from '../engine/emit/scope.ts'
import type { Batch } from '../engine/expander.ts'
import type { Fingerprint } from '../engine/fingerprint.ts'
import { mostPartitions } from '../engine/memory.ts'
import { partition, type Partition, type PartitionSizes } from '../engine/partition.ts'
import {
  prefixedReader,
  prefixedWriter,
  readNumbers,
  take,
  writeNumbers,
  type PartReader,
  type PartWriter,
} from '../engine/parts.ts'
import type { StateRun } from '../engine/visited-set.ts'
import { definedFields } from '../language/defined-fields.ts'

export interface GroupOptions {
  readonly worker: number
  readonly workers: number
  /** Bytes that the table of one partition may take. */
  readonly partitionBytes: number
  /** Bytes it starts with. */
  readonly startBytes: number
  readonly hashBits?: number
  /** Bytes that the process may still take; any number if absent. */
  readonly spareBytes?: () => number
  /** States of all partitions that are still to be expanded; many if absent. */
  readonly waiting?: () => number
  /** Stores fingerprints in place of states. */
  readonly fingerprint?: Fingerprint
}

/** Why a shard cannot go on. */
export class OutOfMemory extends Error {
  /** Whether nothing was half done: a search with more memory could go on. */
  readonly isBetweenSlices: boolean
  constructor(message: string, isBetweenSlices = false) {
    super(message)
    this.isBetweenSlices = isBetweenSlices
  }
}

export interface PartitionGroup {
  readonly all: () => readonly Partition[]
  /** One of them; the numbers go round. */
  at(index: number): Partition
  /** The one whose states have this log; one of the others if it was split. */
  ofLog(log: number): Partition
  /**
   * Makes room for one more block in a partition, or splits them all.
   *
   * @param isBetweenSlices whether nothing is half done
   * @throws OutOfMemory
   */
  makeRoom(one: Partition, isBetweenSlices?: boolean): void
  /** States that were found: those in the tables, and those that each of them stands for. */
  readonly states: () => number
  /** States in the tables. */
  readonly stored: () => number
  readonly transitions: () => number
  /** A byte for each edge, then for each branch: 1 if it was taken. */
  taken(): Uint8Array
  /** These watches need no second finding. */
  settle(watches: readonly number[]): void
  /** Says from which bits of a state it follows which worker has it, before there are any states. */
  setOwnerMask(mask: Uint8Array): void
  save(out: PartWriter): void
  /** Gives its memory back: it can't be used any more. */
  release(): void
}

/** The options of the module for so many partitions of a shard. */
export const emitOptionsOf = (
  { workers, hashBits, fingerprint }: Pick<GroupOptions, 'workers' | 'hashBits' | 'fingerprint'>,
  partitions = 1,
): EmitOptions => ({ division: { workers, partitions }, ...definedFields({ hashBits, fingerprint }) })

/** Starts partitions, each with a log of its own. */
interface Starter {
  start(count: number): Partition[]
  /** Logs that were given away. */
  readonly logs: () => number
}

/** @param logs that were given away before */
function starter({ model, codeFor }: CodeSource, options: GroupOptions, logs: number): Starter {
  const { worker, workers } = options
  const start = (count: number): Partition[] => {
    const emitted = emitOptionsOf(options, count)
    const code = codeFor(emitted)
    const tableBytes = Math.min(options.startBytes, options.partitionBytes)
    return Array.from({ length: count }, (_, i) => {
      const log = worker + workers * logs++
      const one = reserved(() => partition(model, code, { ...emitted, log, tableBytes }))
      one.expander.route(worker, i)
      return one
    })
  }
  return { start, logs: () => logs }
}

/** The counts of partitions that are gone. */
interface FormerCounts {
  readonly represented: number
  readonly transitions: number
  readonly taken: Uint8Array<ArrayBuffer>
}

/** A group as it was saved, but for what its partitions hold. */
interface SavedGroup {
  readonly count: number
  /** Logs that were given away before those of its partitions. */
  readonly logs: number
  readonly former: FormerCounts
  readonly settled: readonly number[]
}

function savedGroup(from: PartReader, takenBytes: number): SavedGroup {
  const [count = 0, logs = 0, represented = 0, transitions = 0] = readNumbers(from, 'group')
  const former = { represented, transitions, taken: take(from.open('taken'), takenBytes) }
  return { count, logs: logs - count, former, settled: readNumbers(from, 'settled') }
}

/** @throws UsageError HMM276 if there is not enough memory */
function restore(partitions: readonly Partition[], saved: PartReader): void {
  try {
    partitions.forEach((one, n) => {
      one.restore(prefixedReader(saved, `partition ${n}`))
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UsageError('HMM276', `the tables of the checkpoint do not fit into memory: ${error.message}`, {
      at: `${partitions.length} of its tables`,
      cause: 'there is less memory than where the checkpoint was written',
      remedy: 'end other programs, or resume it on a machine with more memory',
    })
  }
}

/** @param saved what a group of the same options has written: it becomes that one */
export function partitionGroup(source: CodeSource, options: GroupOptions, saved?: PartReader): PartitionGroup {
  const { workers } = options
  const { edges, arms, symmetry } = source.model
  const takenBytes = edges.length + arms.length
  const before: SavedGroup =
    saved === undefined
      ? {
          count: 1,
          logs: 0,
          former: { represented: 0, transitions: 0, taken: new Uint8Array(takenBytes) },
          settled: [],
        }
      : savedGroup(saved, takenBytes)
  const { start, logs } = starter(source, options, before.logs)
  const settled = new Set(before.settled)
  let partitions = start(before.count)
  if (saved !== undefined) restore(partitions, saved)
  let { former } = before
  /** The number of states while partitions are half moved, when they no longer tell. */
  let frozen: number | undefined
  const stored = (): number => frozen ?? partitions.reduce((sum, p) => sum + p.visited.size(), 0)
  const represented = (): number =>
    former.represented + partitions.reduce((sum, p) => sum + Number(p.expander.represented()), 0)
  const states = (): number => (symmetry.permutations > 1 ? represented() : stored())
  const transitions = (): number =>
    former.transitions + partitions.reduce((sum, p) => sum + Number(p.expander.transitions()), 0)
  const taken = (): Uint8Array<ArrayBuffer> => {
    const all = former.taken.slice()
    for (const { expander } of partitions)
      expander.taken().forEach((t, i) => {
        if (t !== 0) all[i] = 1
      })
    return all
  }
  /** False if only a split can help. */
  const growTo = ({ visited }: Partition, isBetweenSlices = false): boolean => {
    while (visited.isFull()) {
      const waiting = options.waiting === undefined ? undefined : options.waiting() / partitions.length
      if (visited.grow(options.partitionBytes, options.spareBytes?.(), waiting)) continue
      if (!visited.canGrow(options.partitionBytes)) return false
      throw new OutOfMemory('the process may take no more memory', isBetweenSlices)
    }
    return true
  }
  const at = (index: number): Partition => {
    const one = partitions[index % partitions.length]
    if (one === undefined) throw new Error('no partition')
    return one
  }
  /** Puts states of a former partition into a new one, and those that belong elsewhere into the others. */
  const place = (to: Partition, run: StateRun): void => {
    if (!growTo(to)) throw new OutOfMemory('a partition is too small to be split')
    for (const batch of to.expander.insertAll(run))
      for (const part of runsOf(batch, to.sizes)) place(at(batch.to - workers), part)
  }
  /** Twice as many partitions; one old one after the other is emptied into them. */
  const split = (): void => {
    const old = partitions
    const count = old.length * 2
    if (count * workers > mostPartitions) throw new OutOfMemory('no more partitions')
    frozen = stored()
    former = { represented: represented(), transitions: transitions(), taken: taken() }
    partitions = start(count)
    const ownerMask = old[0]?.expander.ownerMask()
    for (const { oracle, expander } of partitions) {
      oracle.watches.settle([...settled])
      if (ownerMask !== undefined) expander.setOwnerMask(ownerMask)
    }
    partitions.slice(0, old.length).forEach((to, i) => {
      const from = old[i]
      if (from === undefined) return
      const { keyBytes } = from.sizes
      if (from.visited.holdsZero()) place(to, { states: new Uint8Array(keyBytes), count: 1 })
      from.visited.drain((run) => {
        place(to, run)
      })
      old[i] = to // the old one may go now
    })
    frozen = undefined
  }
  return {
    all: () => partitions,
    at,
    ofLog: (log) => partitions.find(({ expander }) => expander.log === log) ?? at(0),
    makeRoom(one, isBetweenSlices) {
      if (!growTo(one, isBetweenSlices)) split()
    },
    states,
    stored,
    transitions,
    taken,
    settle(watches) {
      for (const watch of watches) settled.add(watch)
      for (const { oracle } of partitions) oracle.watches.settle(watches)
    },
    setOwnerMask(mask) {
      for (const { expander } of partitions) expander.setOwnerMask(mask)
    },
    save(out) {
      writeNumbers(out, 'group', [partitions.length, logs(), former.represented, former.transitions])
      out.write('taken', [former.taken])
      writeNumbers(out, 'settled', settled)
      partitions.forEach((one, n) => {
        one.save(prefixedWriter(out, `partition ${n}`))
      })
    },
    release() {
      for (const one of partitions) one.release()
    },
  }
}

/** The keys of a batch without their parents, as many at once as a partition takes in. */
function runsOf(batch: Batch, { keyBytes, recordBytes, insertStates }: PartitionSizes): readonly StateRun[] {
  return Array.from({ length: Math.ceil(batch.count / insertStates) }, (_, part) => {
    const first = part * insertStates
    const count = Math.min(insertStates, batch.count - first)
    const states = new Uint8Array(count * keyBytes)
    for (let i = 0; i < count; i++) {
      const record = (first + i) * recordBytes
      states.set(batch.records.subarray(record, record + keyBytes), i * keyBytes)
    }
    return { states, count }
  })
}

/** Memory that the machine does not have is memory out of our reach as well. */
function reserved<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof RangeError ? new OutOfMemory(error.message) : error
  }
}
