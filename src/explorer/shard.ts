/**
 * The share of the search of one worker: a part of the states, in one partition or, where that would grow beyond its
 * size, in several. A level is expanded slice by slice; states of other workers go out as batches, and come in as
 * batches.
 */
import type { CodeSource } from '../engine/code.ts'
import type { Batch, Chunk, Expanded } from '../engine/expander.ts'
import type { Finding } from '../engine/findings.ts'
import { logOriginOf, type Origin, type Segment, type StateId } from '../engine/log.ts'
import type { Partition } from '../engine/partition.ts'
import {
  readNumbers,
  rowsOf,
  take as takeBytes,
  writeNumbers,
  type PartReader,
  type PartWriter,
} from '../engine/parts.ts'
import { frontierOf } from './frontier.ts'
import { partitionGroup, type GroupOptions } from './partition-group.ts'

export interface ShardOptions extends GroupOptions {
  /** Whether chunks are still looked at when they have been expanded. */
  readonly keepsChunks?: () => boolean
}

export interface Totals {
  readonly states: number
  /** Of them, those that are kept: one of each orbit. */
  readonly stored: number
  readonly transitions: number
  readonly queue: number
}

export interface Shard {
  /**
   * Initial states; those of other workers go out.
   *
   * @param ownerMask the bits of a state from which it follows which worker has it, the same in all shards; all bits if
   *   absent
   */
  seed(states: readonly (readonly bigint[])[], ownerMask?: Uint8Array): readonly Batch[]
  /**
   * Expands some more of this level: batches for other workers (`to` is the worker), and what was found. Undefined
   * when the level is done.
   */
  work(): { readonly batches: readonly Batch[]; readonly findings: readonly Finding[] } | undefined
  receive(batch: Batch): void
  /** Turns to the next level: how many states it has here. */
  advance(): number
  /** The states of this level that are not expanded yet. */
  frontier(): readonly Chunk[]
  totals(): Totals
  /** States found for the next level. */
  waiting(): number
  /** The origin of a state of this shard; the initial states come from log -1, by their number. */
  origin(id: StateId): Origin
  taken(): Uint8Array
  /** Watches that need no second finding. */
  settle(watches: readonly number[]): void
  /** A partition, for questions about single states. */
  any(): Partition
  readonly partitions: () => number
  /** Writes all that it has, between two calls: it has then passed on all that belongs to other workers. */
  save(out: PartWriter): void
  /** Gives its memory back: it can't be used any more. */
  release(): void
}

/** @param saved what a shard of the same options has written: it becomes that one */
export function shard(source: CodeSource, options: ShardOptions, saved?: PartReader): Shard {
  const { workers } = options
  const group = partitionGroup(source, { ...options, waiting: () => frontier.size() }, saved)
  const frontier = frontierOf(group.at(0).sizes, () => options.keepsChunks?.() === true)
  const logs = saved === undefined ? new Map<number, Segment[]>() : readLogs(saved)
  if (saved !== undefined) frontier.restore(saved)
  /** Keeps what came of some work, and passes on what belongs elsewhere. */
  const take = ({ segment, chunk, batches, findings }: Expanded, log: number, out: Batch[]): void => {
    if (segment !== undefined) {
      const segments = logs.get(log) ?? []
      logs.set(log, segments)
      segments.push(segment)
    }
    if (chunk !== undefined) frontier.add(chunk)
    if (findings.length > 0) group.settle(findings.map(({ watch }) => watch))
    for (const batch of batches) {
      if (batch.to < workers) out.push(batch)
      else absorb(batch.to - workers, batch, out)
    }
  }
  const absorb = (index: number, batch: Batch, out: Batch[]): void => {
    for (let from = 0; from < batch.count; ) {
      const one = group.at(index)
      group.makeRoom(one)
      if (!group.all().includes(one)) continue // they were split: another one takes it
      const { next, expanded } = one.expander.receive(batch, from)
      from = next
      take(expanded, one.expander.log, out)
    }
  }
  return {
    seed(states, ownerMask) {
      if (ownerMask !== undefined) group.setOwnerMask(ownerMask)
      const out: Batch[] = []
      const { insertStates } = group.at(0).sizes
      for (let from = 0; from < states.length; from += insertStates) {
        group.makeRoom(group.at(0))
        const { expander } = group.at(0)
        take(expander.seed(states.slice(from, from + insertStates), from), expander.log, out)
      }
      return out
    },
    work() {
      const position = frontier.current()
      if (position === undefined) return undefined
      const { chunk, from } = position
      group.makeRoom(group.ofLog(chunk.log), true)
      const { expander } = group.ofLog(chunk.log)
      const { next, expanded } = expander.expand(chunk, from)
      const batches: Batch[] = []
      take(expanded, expander.log, batches)
      frontier.moveTo(next)
      return { batches, findings: expanded.findings }
    },
    receive(batch) {
      const out: Batch[] = []
      absorb(0, batch, out)
      if (out.length > 0) throw new Error('a batch came to the wrong worker')
    },
    advance: () => frontier.advance(),
    frontier: () => frontier.chunks(),
    waiting: () => frontier.waiting(),
    totals: () => ({
      states: group.states(),
      stored: group.stored(),
      transitions: group.transitions(),
      queue: frontier.size(),
    }),
    origin(id) {
      const segments = logs.get(id.log)
      if (segments === undefined) throw new Error(`no log ${id.log} here`)
      return logOriginOf(segments, id)
    },
    taken: () => group.taken(),
    settle(watches) {
      group.settle(watches)
    },
    any: () => group.at(0),
    partitions: () => group.all().length,
    save(out) {
      group.save(out)
      frontier.save(out)
      writeLogs(out, logs)
    },
    release() {
      group.release()
    },
  }
}

/** The logs of a shard, each in segments. */
type Logs = ReadonlyMap<number, readonly Segment[]>

function writeLogs(out: PartWriter, logs: Logs): void {
  const segments = [...logs].flatMap(([log, all]) => all.map((segment) => ({ log, segment })))
  const rows = segments.map(({ log, segment: { first, count, parents, bytes } }) => [
    log,
    first,
    count,
    parents.log,
    parents.index,
    bytes.length,
  ])
  writeNumbers(out, 'segments', rows.flat())
  out.write(
    'log',
    segments.map(({ segment }) => segment.bytes),
  )
}

function readLogs(from: PartReader): Map<number, Segment[]> {
  const logs = new Map<number, Segment[]>()
  const source = from.open('log')
  for (const [log = 0, first = 0, count = 0, parentLog = 0, index = 0, length = 0] of rowsOf(
    readNumbers(from, 'segments'),
    6,
  )) {
    const segments = logs.get(log) ?? []
    logs.set(log, segments)
    segments.push({ first, count, parents: { log: parentLog, index }, bytes: takeBytes(source, length) })
  }
  return logs
}
