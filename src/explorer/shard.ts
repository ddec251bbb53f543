/**
 * What one worker searches: a share of the states, in one partition or, where that would grow beyond its size, in
 * several.
 * A level is expanded slice by slice; states of other workers go out as batches, and come in as batches.
 */
import type { Compiled } from '../compiler/compile.ts'
import { codeOf } from '../engine/code.ts'
import type { Batch, Chunk, Expanded } from '../engine/expander.ts'
import type { Finding } from '../engine/findings.ts'
import { originOf, type Origin, type Segment, type StateId } from '../engine/log.ts'
import { bucketBits, mostOutboxes } from '../engine/memory.ts'
import { partition, type Partition, type PartitionSizes } from '../engine/partition.ts'

export interface ShardOptions {
  readonly worker: number
  readonly workers: number
  /** Bytes that the table of one partition may take. */
  readonly partitionBytes: number
  /** Bytes it starts with. */
  readonly startBytes: number
  readonly hashBits?: number
  /** Whether chunks are still looked at when they have been expanded. */
  readonly keepsChunks?: () => boolean
}

export interface Totals {
  readonly states: number
  readonly transitions: number
  readonly queue: number
}

/** Why a shard cannot go on. */
export class OutOfMemory extends Error {}

export interface Shard {
  /** Initial states; those of other workers go out. */
  seed(states: readonly (readonly bigint[])[]): readonly Batch[]
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
  /** How a state of this shard was found: from log -1 come the initial states, by their number. */
  origin(id: StateId): Origin
  taken(): Uint8Array
  /** Watches that need no second finding. */
  settle(watches: readonly number[]): void
  /** A partition, for questions about single states. */
  any(): Partition
  readonly partitions: () => number
}

const buckets = 1 << bucketBits
/** Bytes of a chunk while it is filled. */
const roomOf = ({ chunkStates, stateBytes }: PartitionSizes): number => chunkStates * stateBytes

export function shard(compiled: Compiled, options: ShardOptions): Shard {
  const { worker, workers } = options
  const modules = new Map<number, WebAssembly.Module>()
  const wasm = (outboxes: number): WebAssembly.Module => {
    const known = modules.get(outboxes)
    if (known !== undefined) return known
    const hashed = options.hashBits === undefined ? {} : { hashBits: options.hashBits }
    const made = codeOf(compiled, { outboxes, ...hashed })
    modules.set(outboxes, made)
    return made
  }
  const logs = new Map<number, Segment[]>()
  const settled = new Set<number>()
  let nextLog = 0
  /** Outboxes: one for each worker, then one for each partition here. */
  const start = (count: number, startBytes: number): Partition[] => {
    const outboxes = count === 1 && workers === 1 ? 0 : workers + count
    return Array.from({ length: count }, (_, i) => {
      const log = worker + workers * nextLog++
      logs.set(log, [])
      const p = reserved(() => partition(compiled, wasm(outboxes), { log, outboxes, tableBytes: startBytes }))
      const table = new Uint8Array(buckets)
      for (let b = 0; b < buckets; b++)
        table[b] = b % workers === worker ? workers + (Math.floor(b / workers) % count) : b % workers
      p.expander.route(table, workers + i)
      p.oracle.watches.settle([...settled])
      return p
    })
  }
  /** What was counted when the room ran out: partitions that are half moved no longer tell. */
  let last: Totals | undefined
  let partitions = start(1, Math.min(options.startBytes, options.partitionBytes))
  let former = { transitions: 0, taken: new Uint8Array(compiled.edges.length + compiled.arms.length) }
  let level: (Chunk | undefined)[] = []
  let position = { chunk: 0, state: 0 }
  let next: Chunk[] = []
  /**
   * The last chunk of each log in the next level. Chunks are all of one size, or small results would be expanded one
   * by one.
   */
  const open = new Map<number, Chunk>()
  /** The states of chunks that are done: fresh memory costs more than filling it. */
  const spare: Uint8Array[] = []
  const keep = ({ log, first, count, states }: Chunk, sizes: PartitionSizes): void => {
    const { chunkStates, stateBytes } = sizes,
      room = roomOf(sizes)
    for (let done = 0; done < count; ) {
      let last = open.get(log)
      if (last === undefined || last.count === chunkStates || last.first + last.count !== first + done) {
        last = { log, first: first + done, count: 0, states: spare.pop() ?? new Uint8Array(room) }
        open.set(log, last)
        next.push(last)
      }
      const n = Math.min(count - done, chunkStates - last.count)
      last.states.set(states.subarray(done * stateBytes, (done + n) * stateBytes), last.count * stateBytes)
      last.count += n
      done += n
    }
  }

  /**
   * A chunk that is to be looked at again has no more room than its states need: of a graph that is deep and narrow,
   * each level keeps one.
   */
  const fitted = (chunk: Chunk): Chunk => {
    const { sizes } = expander(chunk)
    if (chunk.count === sizes.chunkStates) return chunk
    spare.push(chunk.states)
    return { ...chunk, states: chunk.states.slice(0, chunk.count * sizes.stateBytes) }
  }

  const take = (from: Partition, expanded: Expanded, out: Batch[], findings: Finding[]): void => {
    if (expanded.segment !== undefined) logs.get(from.expander.log)?.push(expanded.segment)
    if (expanded.chunk !== undefined) keep(expanded.chunk, from.sizes)
    findings.push(...expanded.findings)
    for (const f of expanded.findings) settled.add(f.watch)
    if (expanded.findings.length > 0 && partitions.length > 1)
      for (const p of partitions) p.oracle.watches.settle([...settled])
    for (const batch of expanded.batches) {
      if (batch.to < workers) out.push(batch)
      else absorb(batch.to - workers, batch, out)
    }
  }
  const taken = (): Uint8Array => {
    const all = former.taken.slice()
    for (const p of partitions)
      p.expander.taken().forEach((t, i) => {
        if (t !== 0) all[i] = 1
      })
    return all
  }
  const totals = (): Totals => {
    if (last !== undefined) return last
    let queue = next.reduce((n, c) => n + c.count, 0)
    for (let i = position.chunk; i < level.length; i++) queue += level[i]?.count ?? 0
    return {
      states: partitions.reduce((sum, p) => sum + p.visited.size(), 0),
      transitions: totalTransitions(),
      queue: queue - position.state,
    }
  }
  const totalTransitions = (): number =>
    former.transitions + partitions.reduce((sum, p) => sum + Number(p.expander.transitions()), 0)
  /** Twice as many partitions; one old one after the other is emptied into them. */
  const split = (): void => {
    const old = partitions
    const count = old.length * 2
    if (count * workers > Math.min(buckets, mostOutboxes)) throw new OutOfMemory('no more partitions')
    last = totals()
    former = { transitions: totalTransitions(), taken: taken() as Uint8Array<ArrayBuffer> }
    partitions = start(count, Math.min(options.startBytes, options.partitionBytes))
    const place = (to: Partition, states: Uint8Array, n: number): void => {
      makeRoom(to, false)
      for (const batch of to.expander.insertAll({ states, count: n })) adoptRecords(batch)
    }
    const adoptRecords = (batch: Batch): void => {
      const to = partitions[batch.to - workers]
      if (to === undefined) throw new Error('a state without a partition')
      const { stateBytes, recordBytes, insertStates } = to.sizes
      for (let from = 0; from < batch.count; from += insertStates) {
        const n = Math.min(insertStates, batch.count - from)
        const states = new Uint8Array(n * stateBytes)
        for (let i = 0; i < n; i++)
          states.set(
            batch.records.subarray((from + i) * recordBytes, (from + i) * recordBytes + stateBytes),
            i * stateBytes,
          )
        place(to, states, n)
      }
    }
    for (let i = 0; i < old.length; i++) {
      const p = old[i]
      const to = partitions[i]
      if (p === undefined || to === undefined) continue
      if (p.visited.holdsZero()) place(to, new Uint8Array(p.sizes.stateBytes), 1)
      p.visited.drain(({ states, count: n }) => {
        place(to, states, n)
      })
      old.splice(i, 1, to) // the old one may go now
    }
    last = undefined
  }
  const makeRoom = (p: Partition, maySplit = true): void => {
    while (p.visited.isFull()) {
      if (p.visited.grow(options.partitionBytes)) continue
      if (!maySplit) throw new OutOfMemory('a partition is too small to be split')
      split()
      return
    }
  }
  const absorb = (index: number, batch: Batch, out: Batch[]): void => {
    for (let from = 0; from < batch.count; ) {
      const p = partitions[index % partitions.length]
      if (p === undefined) throw new Error('no partition')
      makeRoom(p)
      if (!partitions.includes(p)) continue // it was split: ask again
      const { next: to, expanded } = p.expander.receive(batch, from)
      from = to
      take(p, expanded, out, [])
    }
  }
  /** Whoever holds least work expands; with one partition, that one. */
  const expander = (chunk: Chunk): Partition => {
    const p = partitions.find((q) => q.expander.log === chunk.log) ?? partitions[0]
    if (p === undefined) throw new Error('no partition')
    return p
  }

  return {
    seed(states) {
      const out: Batch[] = []
      const first = partitions[0]
      if (first === undefined) throw new Error('no partition')
      for (let from = 0; from < states.length; from += first.sizes.insertStates) {
        const p = partitions[0] ?? first
        makeRoom(p)
        const q = partitions[0] ?? first
        take(q, q.expander.seed(states.slice(from, from + q.sizes.insertStates), from), out, [])
      }
      return out
    },
    work() {
      const chunk = level[position.chunk]
      if (chunk === undefined) return undefined
      const batches: Batch[] = [],
        findings: Finding[] = []
      makeRoom(expander(chunk))
      const p = expander(chunk)
      const { next: to, expanded } = p.expander.expand(chunk, position.state)
      take(p, expanded, batches, findings)
      if (to === chunk.count) {
        level[position.chunk] = undefined
        if (options.keepsChunks?.() !== true && chunk.states.length === roomOf(p.sizes)) spare.push(chunk.states)
        position = { chunk: position.chunk + 1, state: 0 }
      } else position = { ...position, state: to }
      return { batches, findings }
    },
    receive(batch) {
      const out: Batch[] = []
      absorb(0, batch, out)
      if (out.length > 0) throw new Error('a batch came to the wrong worker')
    },
    advance() {
      level = options.keepsChunks?.() === true ? next.map(fitted) : next
      next = []
      open.clear()
      position = { chunk: 0, state: 0 }
      return level.reduce((n, c) => n + (c?.count ?? 0), 0)
    },
    frontier: () => level.filter((c) => c !== undefined),
    waiting: () => next.reduce((n, c) => n + c.count, 0),
    totals,
    origin(id) {
      const segments = logs.get(id.log)
      if (segments === undefined) throw new Error(`no log ${id.log} here`)
      return originOf(segments, id)
    },
    taken,
    settle(watches) {
      for (const w of watches) settled.add(w)
      for (const p of partitions) p.oracle.watches.settle(watches)
    },
    any: () =>
      partitions[0] ??
      start(1, options.startBytes)[0] ??
      (() => {
        throw new Error('no partition')
      })(),
    partitions: () => partitions.length,
  }
}

/** Memory that the machine does not have is memory out of our reach as well. */
function reserved<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof RangeError ? new OutOfMemory(error.message) : error
  }
}
