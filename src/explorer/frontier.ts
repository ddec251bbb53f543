/**
 * The states of a shard that are still to be expanded: those of this level, and those that are gathered for the next.
 */
import type { Chunk } from '../engine/expander.ts'
import type { PartitionSizes } from '../engine/partition.ts'
import type { PartReader, PartWriter } from '../engine/parts.ts'
import { readChunks, writeChunks } from './checkpoint/chunks.ts'

/** A chunk of this level, and the first of its states that is not expanded yet. */
export interface FrontierPosition {
  readonly chunk: Chunk
  readonly from: number
}

export interface Frontier {
  /** Copies new states to the next level. */
  add(chunk: Chunk): void
  /** The position where expanding goes on; undefined when the level is done. */
  current(): FrontierPosition | undefined
  /** The states of the current chunk before this one are expanded. */
  moveTo(state: number): void
  /** Turns to the next level: how many states it has. */
  advance(): number
  /** The chunks of this level that are not done. */
  chunks(): readonly Chunk[]
  /** States in the next level, and in both together. */
  readonly waiting: () => number
  readonly size: () => number
  save(out: PartWriter): void
  /** Becomes the frontier that was saved: of this level, what is not expanded yet. */
  restore(from: PartReader): void
}

const statesIn = (chunks: readonly (Chunk | undefined)[]): number => chunks.reduce((n, c) => n + (c?.count ?? 0), 0)

/** @param keepsChunks whether chunks are looked at again after they have been expanded */
export function frontierOf({ stateBytes, chunkStates }: PartitionSizes, keepsChunks: () => boolean): Frontier {
  const room = stateBytes * chunkStates
  let level: (Chunk | undefined)[] = []
  let [current, from] = [0, 0]
  let next: Chunk[] = []
  /** The last chunk of each log in the next level. It is filled first, so that chunks are large. */
  const open = new Map<number, Chunk>()
  /** The states of chunks that are done: new memory costs more than filling old memory. */
  const spare: Uint8Array[] = []
  const openAt = (log: number, first: number): Chunk => {
    const last = open.get(log)
    if (last !== undefined && last.count < chunkStates && last.first + last.count === first) return last
    const chunk = { log, first, count: 0, states: spare.pop() ?? new Uint8Array(room) }
    open.set(log, chunk)
    next.push(chunk)
    return chunk
  }
  /** A chunk that is kept has no more room than its states need: a deep and narrow graph has many small ones. */
  const fitted = (chunk: Chunk): Chunk => {
    if (chunk.count === chunkStates) return chunk
    spare.push(chunk.states)
    return { ...chunk, states: chunk.states.slice(0, chunk.count * stateBytes) }
  }
  /** The states of a chunk from one on. */
  const after = ({ log, first, count, states }: Chunk, done: number): Chunk => ({
    log,
    first: first + done,
    count: count - done,
    states: states.subarray(done * stateBytes, count * stateBytes),
  })
  return {
    add({ log, first, count, states }) {
      for (let done = 0; done < count; ) {
        const chunk = openAt(log, first + done)
        const n = Math.min(count - done, chunkStates - chunk.count)
        chunk.states.set(states.subarray(done * stateBytes, (done + n) * stateBytes), chunk.count * stateBytes)
        chunk.count += n
        done += n
      }
    },
    current() {
      const chunk = level[current]
      return chunk === undefined ? undefined : { chunk, from }
    },
    moveTo(state) {
      const chunk = level[current]
      from = state
      if (chunk === undefined || state < chunk.count) return
      level[current] = undefined
      if (!keepsChunks() && chunk.states.length === room) spare.push(chunk.states)
      current++
      from = 0
    },
    advance() {
      level = keepsChunks() ? next.map(fitted) : next
      next = []
      open.clear()
      current = from = 0
      return statesIn(level)
    },
    chunks: () => level.filter((chunk) => chunk !== undefined),
    waiting: () => statesIn(next),
    size: () => statesIn(next) + statesIn(level.slice(current)) - from,
    save(out) {
      const left = level
        .slice(current)
        .flatMap((chunk, n) => (chunk === undefined ? [] : [after(chunk, n === 0 ? from : 0)]))
      const [now, later] = [left, next.map((chunk) => after(chunk, 0))]
      for (const [name, chunks] of [['level', now] as const, ['next level', later] as const])
        writeChunks(
          out,
          name,
          chunks.map((chunk) => ({ chunk, number: 0 })),
        )
    },
    restore(saved) {
      level = readChunks(saved, 'level').map(({ chunk }) => chunk)
      ;[current, from] = [0, 0]
      next = readChunks(saved, 'next level').map(({ chunk }) => {
        const states = new Uint8Array(room)
        states.set(chunk.states)
        return { ...chunk, states }
      })
      for (const chunk of next) open.set(chunk.log, chunk)
    },
  }
}
