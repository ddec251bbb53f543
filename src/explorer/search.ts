/** Breadth-first search, level by level, over one shard in this thread. */
import type { Compiled } from '../compiler/compile.ts'
import type { Levels } from './levels.ts'
import type { Finding } from '../engine/findings.ts'
import type { Origin, StateId } from '../engine/log.ts'
import type { Oracle } from '../engine/oracle.ts'
import type { Incomplete } from './result.ts'
import { OutOfMemory } from './partition-group.ts'
import { shard, type Shard } from './shard.ts'
import type { Totals } from './shard.ts'

/** A violation or witness, and the level at which its state stands (1: the initial states). */
export interface Found extends Finding {
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
  readonly enough: (found: readonly Found[], depth: number) => boolean
  /** Keeps the states that are found. */
  readonly levels?: Levels
}

export interface Search {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  readonly incomplete?: Incomplete
  readonly found: readonly Found[]
  /** 1 for each kind of transition that was taken. */
  readonly taken: Uint8Array
  /** How a state was found; from log -1 come the initial states. */
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

/** A search in this thread. */
export interface HereSearch extends Search {
  readonly shard: Shard
}

export async function searchHere(
  compiled: Compiled,
  initial: readonly (readonly bigint[])[],
  options: SearchOptions,
): Promise<HereSearch> {
  const { partitionBytes, startBytes, hashBits } = options
  const here = shard(compiled, {
    worker: 0,
    workers: 1,
    partitionBytes,
    startBytes,
    ...(options.levels === undefined ? {} : { keepsChunks: options.levels.keeping }),
    ...(hashBits === undefined ? {} : { hashBits }),
  })
  const found: Found[] = []
  let depth = 0
  let incomplete: Incomplete | undefined
  let asked = performance.now()
  let full = false
  try {
    here.seed(initial)
    while (incomplete === undefined && here.advance() > 0) {
      depth++
      if (options.levels?.keeping() === true) for (const chunk of here.frontier()) options.levels.keep(chunk, depth)
      for (let done = here.work(); done !== undefined; done = here.work()) {
        for (const f of done.findings) found.push({ ...f, level: depth })
        if (performance.now() - asked < 100) continue
        await pause()
        asked = performance.now()
        incomplete = options.stop(here.totals(), depth)
        if (incomplete !== undefined) break
      }
      incomplete ??= options.stop(here.totals(), depth)
      if (incomplete === undefined && options.enough(found, depth)) incomplete = 'first-violation'
    }
  } catch (error) {
    if (!(error instanceof OutOfMemory)) throw error
    full = true
    incomplete = 'max-memory'
  }
  const { states, transitions, queue } = here.totals()
  return {
    states,
    transitions,
    depth,
    found,
    taken: here.taken(),
    shard: here,
    // nothing was left to do: the reason came too late
    ...(incomplete === undefined || (queue === 0 && !full) ? {} : { incomplete }),
    origin: (id) => Promise.resolve(here.origin(id)),
    oracle: () => here.any().oracle,
    close: () => undefined,
  }
}
