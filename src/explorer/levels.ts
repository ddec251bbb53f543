/** The states of a search by the level at which they were found, kept as far as there is room for them. */
import type { Chunk } from '../engine/expander.ts'

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
  return {
    keep(chunk, level) {
      states += chunk.count
      if (states > limit) kept.length = byLevel.length = 0
      else {
        kept.push({ chunk, level })
        ;(byLevel[level] ??= []).push(chunk)
      }
    },
    keeping: () => states <= limit,
    all: () => (states > limit ? undefined : kept),
    of: (level) => byLevel[level] ?? [],
  }
}
