/** Breadth-first search, level by level: the loop, and the search over one shard in this thread. */
import type { Compiled } from '../compiler/compile.ts'
import type { Levels } from './levels.ts'
import type { Fingerprint } from '../engine/fingerprint.ts'
import { sourceOf } from '../engine/code.ts'
import type { Finding } from '../engine/findings.ts'
import type { Origin, StateId } from '../engine/log.ts'
import type { Oracle } from '../engine/oracle.ts'
import { prefixedReader, prefixedWriter, type PartReader, type PartWriter } from '../engine/parts.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { PartEntry } from './checkpoint/file.ts'
import type { Incomplete } from './result.ts'
import { OutOfMemory } from './partition-group.ts'
import { shard, type Shard } from './shard.ts'
import type { Totals } from './shard.ts'

/** A violation or witness, and the level at which its state stands (1: the initial states). */
export interface FoundAt extends Finding {
  readonly level: number
}

export interface SearchOptions {
  readonly workers: number
  readonly partitionBytes: number
  readonly startBytes: number
  readonly hashBits?: number
  readonly fingerprint?: Fingerprint
  /** Bytes that the process may still take. */
  readonly spareBytes?: () => number
  /**
   * Asked many times a second: a reason to stop, or nothing.
   *
   * @param again whether all states are known, and these are visited again to find schedules; default: no
   */
  readonly stop: (totals: Totals, depth: number, again?: boolean) => Incomplete | undefined
  /** Asked after each level: is what was found enough? */
  readonly enough: (found: readonly FoundAt[], depth: number) => boolean
  /** Keeps the states that are found. */
  readonly levels?: Pick<Levels, 'keep' | 'keeping'>
}

/** How far a search has come: the level that is being expanded, and what was found. */
export interface SearchProgress {
  readonly depth: number
  readonly found: readonly FoundAt[]
}

/** The parts of a checkpoint that is being written. */
export interface CheckpointDraft {
  readonly file: string
  /** Writes parts from this thread. */
  append(write: (out: PartWriter) => void): void
  /** Adds parts that another thread has written. */
  add(parts: readonly PartEntry[]): void
}

/** Writes checkpoints of a search. */
export interface Checkpoints {
  /** Whether it is time for the next one. */
  readonly isDue: () => boolean
  /** Writes one. A file that can't be written leaves the one before as it is. */
  write(progress: SearchProgress, append: (draft: CheckpointDraft) => Promise<void>): Promise<void>
}

/** A search as a checkpoint has it. */
export interface ResumedSearch extends SearchProgress {
  readonly workers: number
  readonly file: string
  readonly parts: readonly PartEntry[]
  readonly reader: PartReader
}

/** What a search keeps, and what was kept of it. */
export interface SearchKeeping {
  readonly checkpoints?: Checkpoints
  readonly resumed?: ResumedSearch
  /** The states by level, which are a part of a checkpoint. */
  readonly kept?: Pick<Levels, 'save' | 'restore'>
}

/** The name before the parts of a worker. */
export const workerParts = (worker: number): string => `worker ${worker}`

export interface Search {
  readonly states: number
  /** States that are kept: one of each orbit. */
  readonly stored: number
  readonly transitions: number
  readonly depth: number
  /** States to be expanded in each level, from the first; a level that a search was resumed in is not among them. */
  readonly levelSizes: readonly number[]
  readonly incomplete?: Incomplete
  readonly found: readonly FoundAt[]
  /** 1 for each kind of transition that was taken. */
  readonly taken: Uint8Array
  /** The origin of a state; the initial states come from log -1. */
  origin(id: StateId): Promise<Origin>
  /** To be asked about single states. */
  oracle(): Oracle
  /** Ends what still runs. */
  close(): void
  /** Why a property that was not found has no verdict, by its watch, if the counts do not tell. */
  readonly unjudged?: (watch: number) => string | undefined
}

/** Whether a limit or a signal has ended the search, which could find more. */
export const wasStopped = ({ incomplete }: Pick<Search, 'incomplete'>): boolean =>
  incomplete !== undefined && incomplete !== 'first-violation'

/** Milliseconds between two questions whether to stop, and between two pauses. */
const [askAfter, pauseAfter] = [20, 100] as const

/** Lets messages and signals come in. */
export const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0)
  })

/** Expands the levels of a search: a shard in this thread, or several in threads of their own. */
export interface LevelExpander {
  /** Takes the initial states in. Like `expand`, it says why it ended early, if it did. */
  seed(): Promise<Incomplete | undefined>
  /** Turns to the next level, and expands it to its end unless there is a reason to stop. */
  expand(depth: number): Promise<Incomplete | undefined>
  /** Expands the rest of a level, which was begun before the search was resumed. */
  expandRest(depth: number): Promise<Incomplete | undefined>
  /** Writes a checkpoint, if any are written and nothing is half done. */
  save(depth: number): Promise<void>
  /** States that were found for the next level. */
  waiting(): number
  totals(): Totals
}

/**
 * The loop over the levels of a breadth-first search. A level is expanded to its end before the next one begins, so
 * lengths and counts do not depend on the expander.
 *
 * A reason to stop that comes when nothing is left to expand comes too late.
 */
export async function searchLevels(
  crew: LevelExpander,
  found: readonly FoundAt[],
  { stop, enough }: Pick<SearchOptions, 'stop' | 'enough'>,
  resumed?: SearchProgress,
): Promise<Pick<Search, 'depth' | 'incomplete' | 'levelSizes'>> {
  let depth = resumed?.depth ?? 0
  const levelSizes: number[] = []
  const atEndOfLevel = (): Incomplete | undefined =>
    crew.waiting() === 0
      ? undefined
      : (stop(crew.totals(), depth) ?? (enough(found, depth) ? 'first-violation' : undefined))
  let incomplete = resumed === undefined ? await crew.seed() : ((await crew.expandRest(depth)) ?? atEndOfLevel())
  while (incomplete === undefined && crew.waiting() > 0) {
    depth++
    levelSizes.push(crew.waiting())
    incomplete = (await crew.expand(depth)) ?? atEndOfLevel()
  }
  const ended = { depth, levelSizes, ...definedFields({ incomplete }) }
  if (wasStopped(ended) && depth > 0) await crew.save(depth)
  return ended
}

/** A search in this thread. */
export interface SingleThreadSearch extends Search {
  readonly shard: Shard
}

export async function searchInThisThread(
  compiled: Compiled,
  initial: readonly (readonly bigint[])[],
  options: SearchOptions,
  keeping: SearchKeeping = {},
): Promise<SingleThreadSearch> {
  const { partitionBytes, startBytes, hashBits, fingerprint, spareBytes, levels } = options
  const { resumed, kept } = keeping
  const here = shard(
    sourceOf(compiled),
    {
      worker: 0,
      workers: 1,
      partitionBytes,
      startBytes,
      ...definedFields({ keepsChunks: levels?.keeping, hashBits, fingerprint, spareBytes }),
    },
    resumed && prefixedReader(resumed.reader, workerParts(0)),
  )
  if (resumed !== undefined) kept?.restore(resumed.reader)
  const found: FoundAt[] = [...(resumed?.found ?? [])]
  const crew = crewOf(here, initial, found, options, keeping)
  const { depth, levelSizes, incomplete } = await searchLevels(crew, found, options, resumed)
  const { states, stored, transitions } = here.totals()
  return {
    states,
    stored,
    transitions,
    depth,
    levelSizes,
    found,
    taken: here.taken(),
    shard: here,
    ...definedFields({ incomplete }),
    origin: (id) => Promise.resolve(here.origin(id)),
    oracle: () => here.any().oracle,
    close() {
      here.release()
    },
  }
}

/** A level expander with one shard, which has all partitions. */
function crewOf(
  here: Shard,
  initial: readonly (readonly bigint[])[],
  found: FoundAt[],
  { levels, stop }: SearchOptions,
  { checkpoints, kept }: SearchKeeping,
): LevelExpander {
  let [asked, paused] = [performance.now(), performance.now()]
  /** Whether memory ran out while something was half done. */
  let isBroken = false
  const withinMemory = async (work: () => Promise<Incomplete | undefined>): Promise<Incomplete | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof OutOfMemory)) throw error
      isBroken = !error.isBetweenSlices
      return 'max-memory'
    }
  }
  const save = async (depth: number): Promise<void> => {
    if (isBroken) return
    await checkpoints?.write({ depth, found }, (draft) => {
      draft.append((out) => {
        here.save(prefixedWriter(out, workerParts(0)))
        kept?.save(out)
      })
      return Promise.resolve()
    })
  }
  const expandRest = (depth: number): Promise<Incomplete | undefined> =>
    withinMemory(async () => {
      for (let done = here.work(); done !== undefined; done = here.work()) {
        for (const f of done.findings) found.push({ ...f, level: depth })
        if (checkpoints?.isDue() === true) await save(depth)
        if (performance.now() - asked < askAfter) continue
        if (performance.now() - paused > pauseAfter) {
          await pause()
          paused = performance.now()
        }
        asked = performance.now()
        const reason = stop(here.totals(), depth)
        if (reason !== undefined && here.totals().queue > 0) return reason
      }
      return undefined
    })
  return {
    seed: () =>
      withinMemory(() => {
        here.seed(initial)
        return Promise.resolve(undefined)
      }),
    expand(depth) {
      here.advance()
      if (levels?.keeping() === true) for (const chunk of here.frontier()) levels.keep(chunk, depth)
      return expandRest(depth)
    },
    expandRest,
    save,
    waiting: () => here.waiting(),
    totals: () => here.totals(),
  }
}
