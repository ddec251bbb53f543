/** Expands states and takes states in; hands out what was new, how it was found, and what belongs elsewhere. */
import { routesOf } from './division.ts'
import type { Finding, Watches } from './findings.ts'
import type { EngineInstance } from './instance.ts'
import type { Segment, StateId } from './log.ts'
import { control } from './memory.ts'
import type { StateRun } from './visited-set.ts'

/** New states one behind the other, still to be expanded; `first` is the number of the first of them in its log. */
export interface Chunk {
  readonly log: number
  readonly first: number
  count: number
  readonly states: Uint8Array
}

/** States for another partition, all from parents of one chunk, each with its parent and ordinal. */
export interface Batch {
  /** The outbox. */
  readonly to: number
  readonly parents: StateId
  readonly count: number
  readonly records: Uint8Array
}

/** The outcome of some work. */
export interface Expanded {
  /**
   * The new states. `states` lies in the memory of the partition: it has to be copied before the partition is used
   * again.
   */
  readonly chunk: Chunk | undefined
  readonly segment: Segment | undefined
  readonly batches: readonly Batch[]
  readonly findings: readonly Finding[]
}

/** Work that may end before everything is done: `next` is where it has to go on. */
export interface ExpandProgress {
  readonly next: number
  readonly expanded: Expanded
}

export interface Expander {
  /** The log in which its states are numbered. */
  readonly log: number
  /** States that the log has. */
  readonly logged: () => number
  /** Goes on with a log of so many states. */
  continueLog(logged: number): void
  /** Takes initial states; the first has this number among all of them. */
  seed(states: readonly (readonly bigint[])[], number: number): Expanded
  /** Expands the states of a chunk from `from` on. */
  expand(chunk: Chunk, from: number): ExpandProgress
  /** Takes the records of a batch from `from` on. */
  receive(batch: Batch, from: number): ExpandProgress
  /**
   * Takes the keys of states of another table, none of them known, without a log; those that belong elsewhere come
   * back. There are at most as many as a block has successors.
   */
  insertAll(run: StateRun): readonly Batch[]
  /** Says which worker has this partition, and which of the partitions of that worker it is. */
  route(worker: number, partition: number): void
  /** The bits of a state, those that are 1, from which it follows which worker has it: all of them at first. */
  ownerMask(): Uint8Array
  /** Sets them, before there are any states. */
  setOwnerMask(mask: Uint8Array): void
  /** Transitions up to now, of every state that was expanded and of those it stands for. */
  readonly transitions: () => bigint
  /** States that were found, with those that each of them stands for. */
  readonly represented: () => bigint
  /** A byte for each edge, then for each branch: 1 if it was taken. */
  taken(): Uint8Array
}

export function expanderOf(instance: EngineInstance, watches: Watches, log: number): Expander {
  const { model, plan, engine, view, bytes } = instance
  const isPermuted = model.symmetry.permutations > 1
  const { stateBytes, keyBytes, record, input, successors } = plan
  const collect = collector(instance, watches, log)
  const recordAt = (n: number): number => successors.address + n * record.bytes
  bytes().fill(255, plan.ownerMask.address, plan.ownerMask.address + stateBytes)
  return {
    log,
    logged: collect.logged,
    continueLog: collect.continueLog,
    seed(states, number) {
      states.forEach((words, i) => {
        words.forEach((word, n) => {
          view().setBigUint64(recordAt(i) + 8 * n, word, true)
        })
        record.orbit?.write(view(), recordAt(i), engine.canonical(recordAt(i)))
        record.parent.write(view(), recordAt(i), 0)
        record.ordinal.write(view(), recordAt(i), number + i)
      })
      engine.receive(states.length)
      return collect.all({ log: -1, index: 0 })
    },
    expand(chunk, from) {
      const count = Math.min(chunk.count - from, input.count)
      bytes().set(chunk.states.subarray(from * stateBytes, (from + count) * stateBytes), input.address)
      const done = engine.expand(0, count)
      return { next: from + done, expanded: collect.all({ log: chunk.log, index: chunk.first + from }) }
    },
    receive(batch, from) {
      const count = Math.min(batch.count - from, plan.blockSuccessors)
      bytes().set(batch.records.subarray(from * record.bytes, (from + count) * record.bytes), successors.address)
      engine.receive(count)
      return { next: from + count, expanded: collect.all(batch.parents) }
    },
    insertAll({ states, count }) {
      for (let i = 0; i < count; i++) bytes().set(states.subarray(i * keyBytes, (i + 1) * keyBytes), recordAt(i))
      const counted = control.represented.read(view())
      engine.receiveKeys(count)
      control.represented.write(view(), counted)
      return collect.batchesAlone()
    },
    route(worker, partition) {
      bytes().set(routesOf(plan.division, worker), plan.routes.address)
      control.me.write(view(), plan.division.workers + partition)
    },
    ownerMask: () => instance.copyOut(plan.ownerMask.address, stateBytes),
    setOwnerMask(mask) {
      bytes().set(mask, plan.ownerMask.address)
    },
    transitions: () => control.transitions.read(view()),
    represented: () => (isPermuted ? control.represented.read(view()) : BigInt(control.count.read(view()))),
    taken: () => instance.copyOut(plan.edges.address, model.edges.length + model.arms.length),
  }
}

/** Empties output, log and outboxes. */
function collector(
  instance: EngineInstance,
  watches: Watches,
  log: number,
): Pick<Expander, 'logged' | 'continueLog'> & {
  all(parents: StateId): Expanded
  batchesAlone(): readonly Batch[]
} {
  const { plan, view, bytes } = instance
  const { output, outboxCounts, outboxRecords, outboxed, record } = plan
  let logged = 0
  const batches = (parents: StateId): readonly Batch[] =>
    Array.from({ length: plan.outboxes }, (_, to) => {
      const count = outboxCounts.read(view(), to)
      outboxCounts.write(view(), to, 0)
      const records = instance.copyOut(outboxed.addressOf(to * outboxRecords), count * record.bytes)
      return { to, parents, count, records }
    }).filter(({ count }) => count > 0)
  const clear = (): void => {
    control.output.write(view(), 0)
    control.log.write(view(), 0)
    control.lastParent.write(view(), 0)
  }
  return {
    logged: () => logged,
    continueLog(count) {
      logged = count
    },
    all(parents) {
      const count = control.output.read(view())
      const first = logged
      const states = bytes().subarray(output.address, output.addressOf(count))
      const isNew = count > 0
      const segment = { first, count, parents, bytes: instance.copyOut(plan.log.address, control.log.read(view())) }
      logged += count
      clear()
      return {
        chunk: isNew ? { log, first, count, states } : undefined,
        segment: isNew ? segment : undefined,
        batches: batches(parents),
        findings: watches.take(parents),
      }
    },
    batchesAlone() {
      clear()
      return batches({ log: -1, index: 0 })
    },
  }
}
