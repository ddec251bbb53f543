/**
 * The machine that a check runs on, as far as machines differ: Node.js has threads and files, and knows its memory; a
 * worker of a browser has none of these. A check asks its host, and imports neither.
 */
import type { Prepared } from './prepare.ts'
import type { CheckpointOutcome, CheckSettings } from './result.ts'
import type { Search, SearchKeeping, SearchOptions } from './search.ts'

/** What a check keeps in a file, and goes on from. */
export interface Keeping {
  readonly keeping: SearchKeeping
  /** The file, and how often it was written; undefined if nothing was to be written. */
  readonly checkpoint: () => CheckpointOutcome | undefined
  /** Threads that explore: of a check that goes on, as many as before. */
  readonly workers: number
}

export interface Host {
  /** The resident set of the process in bytes; 0 where that cannot be known. */
  residentBytes(): number
  /** The name of the program that searches in place of the engine. */
  readonly engine?: string
  /** Searches by a program of its own, in place of the engine, without symmetry; absent where there is none. */
  readonly searchElsewhere?: (prepared: Prepared, options: SearchOptions) => Promise<Search>
  /** Searches in several threads; absent where a check has one. */
  readonly searchThreads?: (prepared: Prepared, options: SearchOptions, keeping: SearchKeeping) => Promise<Search>
  /**
   * Opens the files that `checkpoint` and `resume` name; absent where there are no files.
   *
   * @param workers that are asked for
   */
  readonly keepingFor?: (prepared: Prepared, settings: CheckSettings, workers: number) => Promise<Keeping>
}
