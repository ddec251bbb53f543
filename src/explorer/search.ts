/** Breadth-first search, level by level: the loop, and the search over one shard in this thread. */
import type { Compiled } from '../compiler/compile.ts'
import type { Levels } from './levels.ts'
import type { Finding } from '../engine/findings.ts'
import type { Origin, StateId } from '../engine/log.ts'
import type { Oracle } from '../engine/oracle.ts'
import { definedFields } from '../language/defined-fields.ts'
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
  /** Asked about ten times a second: a reason to stop, or nothing. */
  readonly stop: (totals: Totals, depth: number) => Incomplete | undefined
  /** Asked after each level: is what was found enough? */
  readonly enough: (found: readonly FoundAt[], depth: number) => boolean
  /** Keeps the states that are found. */
  readonly levels?: Levels
}

export interface Search {
  readonly states: number
  /** States that are kept: one of each orbit. */
  readonly stored: number
  readonly transitions: number
  readonly depth: number
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
}

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
): Promise<Pick<Search, 'depth' | 'incomplete'>> {
  let depth = 0
  let incomplete = await crew.seed()
  while (incomplete === undefined && crew.waiting() > 0) {
    depth++
    incomplete = await crew.expand(depth)
    if (incomplete === undefined && crew.waiting() > 0)
      incomplete = stop(crew.totals(), depth) ?? (enough(found, depth) ? 'first-violation' : undefined)
  }
  return { depth, ...definedFields({ incomplete }) }
}

/** A search in this thread. */
export interface SingleThreadSearch extends Search {
  readonly shard: Shard
}

export async function searchInThisThread(
  compiled: Compiled,
  initial: readonly (readonly bigint[])[],
  options: SearchOptions,
): Promise<SingleThreadSearch> {
  const { partitionBytes, startBytes, hashBits, levels } = options
  const here = shard(compiled, {
    worker: 0,
    workers: 1,
    partitionBytes,
    startBytes,
    ...definedFields({ keepsChunks: levels?.keeping, hashBits }),
  })
  const found: FoundAt[] = []
  const crew = crewOf(here, initial, found, options)
  const { depth, incomplete } = await searchLevels(crew, found, options)
  const { states, stored, transitions } = here.totals()
  return {
    states,
    stored,
    transitions,
    depth,
    found,
    taken: here.taken(),
    shard: here,
    ...definedFields({ incomplete }),
    origin: (id) => Promise.resolve(here.origin(id)),
    oracle: () => here.any().oracle,
    close: () => undefined,
  }
}

/** A level expander with one shard, which has all partitions. */
function crewOf(
  here: Shard,
  initial: readonly (readonly bigint[])[],
  found: FoundAt[],
  { levels, stop }: SearchOptions,
): LevelExpander {
  let asked = performance.now()
  return {
    seed: () =>
      withinMemory(() => {
        here.seed(initial)
        return Promise.resolve(undefined)
      }),
    expand: (depth) =>
      withinMemory(async () => {
        here.advance()
        if (levels?.keeping() === true) for (const chunk of here.frontier()) levels.keep(chunk, depth)
        for (let done = here.work(); done !== undefined; done = here.work()) {
          for (const f of done.findings) found.push({ ...f, level: depth })
          if (performance.now() - asked < 100) continue
          await pause()
          asked = performance.now()
          const reason = stop(here.totals(), depth)
          if (reason !== undefined && here.totals().queue > 0) return reason
        }
        return undefined
      }),
    waiting: () => here.waiting(),
    totals: () => here.totals(),
  }
}

async function withinMemory(work: () => Promise<Incomplete | undefined>): Promise<Incomplete | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof OutOfMemory)) throw error
    return 'max-memory'
  }
}
