/** The states of a search by the level at which they were found, kept as far as there is room for them. */
import type { Chunk } from '../engine/expander.ts'
import { readNumbers, writeNumbers, type PartReader, type PartWriter } from '../engine/parts.ts'
import { readChunks, writeChunks } from './checkpoint/chunks.ts'

export interface Levels {
  /**
   * To be shown every chunk of a search before it is expanded, and its level (1: the initial states), as long as they
   * are kept.
   */
  readonly keep: (chunk: Chunk, level: number) => void
  /** Whether chunks are still kept: a search may use their memory again if not. */
  readonly keeping: () => boolean
  /**
   * All chunks, in the order in which they were expanded; undefined if there were more states than there is room for.
   */
  readonly all: () => readonly LevelChunk[] | undefined
  /** The chunks of one level, as far as `all` is known. */
  of(level: number): readonly Chunk[]
  /** Writes what was kept. */
  save(out: PartWriter): void
  /** Keeps what was kept when it was saved. */
  restore(from: PartReader): void
}

export interface LevelChunk {
  readonly chunk: Chunk
  readonly level: number
}

/** @param limit states that are kept at most */
export function levels(limit: number): Levels {
  const kept: LevelChunk[] = []
  const byLevel: (Chunk[] | undefined)[] = []
  let states = 0
  const keep = (chunk: Chunk, level: number): void => {
    states += chunk.count
    if (states > limit) kept.length = byLevel.length = 0
    else {
      kept.push({ chunk, level })
      ;(byLevel[level] ??= []).push(chunk)
    }
  }
  return {
    keep,
    keeping: () => states <= limit,
    all: () => (states > limit ? undefined : kept),
    of: (level) => byLevel[level] ?? [],
    save(out) {
      writeNumbers(out, 'kept states', [states])
      writeChunks(
        out,
        'kept',
        kept.map(({ chunk, level }) => ({ chunk, number: level })),
      )
    },
    restore(from) {
      for (const { chunk, number } of readChunks(from, 'kept')) keep(chunk, number)
      const [saved = 0] = readNumbers(from, 'kept states')
      // of states of which some were not kept, all are never known, whatever the limit is now
      states = saved === states ? states : Infinity
    },
  }
}
