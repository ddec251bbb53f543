/** The search of one check: every state, here or in threads, and the whole graph where `recoverable` asks for it. */
import { definedFields } from '../language/defined-fields.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { fingerprintOf } from './fingerprinting.ts'
import type { Host, Keeping } from './host.ts'
import { levels, type Levels } from './levels.ts'
import type { Limits } from './limits.ts'
import type { Prepared } from './prepare.ts'
import { defaultRecoveryLimit, recovery, recoveryLimit, type Unrecoverable } from './recovery.ts'
import type { CheckpointOutcome, CheckSettings } from './result.ts'
import { searchInThisThread } from './search.ts'
import type { FoundAt, SingleThreadSearch, Search, SearchKeeping, SearchOptions } from './search.ts'
import { keptLimit } from './smallest.ts'
import { isCut } from './verdicts.ts'

/**
 * Default for the bytes of one partition's table: as much as a memory of 4 GiB has room for.
 */
const defaultPartitionBytes = 3.5 * 2 ** 30
const defaultStartBytes = 2 ** 20
/**
 * Threads of one search. Each compiles the model and has a table of its own, and each state goes to one of 250
 * tables at most.
 */
const mostWorkers = 64

/** The states that a search has visited, and its findings. The caller closes `search`. */
export interface Explored {
  readonly search: Search
  /** The same states in one partition, if they were searched so: by one worker, or once more for `recoverable`. */
  readonly graph: SingleThreadSearch | undefined
  /** The states of `graph`, as far as they were kept. */
  readonly levels: Levels
  /** The options of the search, for a search of a part of it. */
  readonly options: SearchOptions
  readonly workers: number
  /** Seconds of the search alone. */
  readonly seconds: number
  /** Whether the search for paths back has covered every state. */
  readonly recovered: boolean
  /** The first states without one. */
  readonly unrecoverable: Unrecoverable | undefined
  /** The file of its checkpoints, if any were to be written. */
  readonly checkpoint: CheckpointOutcome | undefined
}

/** Visits every reachable state, up to the limits. */
export async function explore(
  host: Host,
  prepared: Prepared,
  settings: CheckSettings,
  limits: Limits,
): Promise<Explored> {
  const { model } = prepared
  const { keeping, checkpoint, workers } = await keepingOf(host, prepared, settings)
  const options = optionsOf(prepared, { ...settings, workers }, limits)
  const recoverable = model.properties.find(({ kind }) => kinds[kind].judgedOn === 'end')
  // a graph of fingerprints may lack states, and so the ways back from others
  const limit =
    recoverable === undefined || options.fingerprint !== undefined
      ? 0
      : recoverable.byDefault === true
        ? defaultRecoveryLimit
        : recoveryLimit
  const kept = levels(Math.max(limit, keptLimit))
  const began = performance.now()
  const { search, here } = await searchOn(host, prepared, options, keeping, kept)
  const seconds = (performance.now() - began) / 1000
  // where nobody has asked, the answer does not depend on symmetry; where the model asks, memory is the limit
  const counted = recoverable?.byDefault === true ? search.states : search.stored
  const isWhole = limit > 0 && host.searchElsewhere === undefined && search.incomplete === undefined && counted <= limit
  // Threads have their states in several partitions: they are found once more in one.
  const graph = here ?? (isWhole ? await searchOnce(prepared, options, kept) : undefined)
  const judged = isWhole && graph !== undefined ? recovery(graph, kept, model.instances.length) : undefined
  return {
    search,
    graph,
    levels: kept,
    options,
    workers,
    seconds,
    recovered: judged !== undefined,
    unrecoverable: judged?.unrecoverable,
    checkpoint: checkpoint(),
  }
}

/** What the search keeps, and goes on from; a search that does neither loads nothing for it. */
async function keepingOf(host: Host, prepared: Prepared, settings: CheckSettings): Promise<Keeping> {
  const workers = workersOn(host, settings)
  if (settings.checkpoint === undefined && settings.resume === undefined)
    return { keeping: {}, checkpoint: () => undefined, workers }
  if (host.keepingFor === undefined) throw new Error('there are no files to keep a search in')
  return host.keepingFor(prepared, settings, workers)
}

const workersOn = ({ searchThreads, searchElsewhere }: Host, { workers = 1 }: CheckSettings): number =>
  searchElsewhere !== undefined ? workers : searchThreads === undefined ? 1 : Math.min(workers, mostWorkers)

/** The search, in threads where several are wanted; `here` if it is in this one. */
async function searchOn(
  { searchThreads, searchElsewhere }: Host,
  prepared: Prepared,
  options: SearchOptions,
  keeping: SearchKeeping,
  kept: Levels,
): Promise<{ readonly search: Search; readonly here?: SingleThreadSearch }> {
  if (searchElsewhere !== undefined) return { search: await searchElsewhere(prepared, options) }
  if (options.workers > 1 && searchThreads !== undefined)
    return { search: await searchThreads(prepared, options, keeping) }
  const here = await searchInThisThread(
    prepared.compiled,
    prepared.initial,
    { ...options, levels: kept },
    { ...keeping, kept },
  )
  return { search: here, here }
}

const searchOnce = (
  { compiled, initial }: Prepared,
  { partitionBytes, ...options }: SearchOptions,
  kept: Levels,
): Promise<SingleThreadSearch> =>
  searchInThisThread(compiled, initial, {
    ...options,
    levels: kept,
    workers: 1,
    partitionBytes: Math.max(partitionBytes, 2 ** 30),
    enough: () => false,
  })

function optionsOf(
  { compiled, symmetry }: Prepared,
  settings: CheckSettings & { readonly workers: number },
  { stop, spareBytes }: Limits,
): SearchOptions {
  const { workers, partitionBytes = defaultPartitionBytes, hashBits, stopAtFirst = false } = settings
  const isViolation = ({ watch }: FoundAt): boolean => {
    const one = compiled.watched[watch]
    return (
      one !== undefined && ['itself', 'standstill'].includes(one.by) && kinds[one.claim.kind].outcome === 'violated'
    )
  }
  return {
    workers,
    stop,
    partitionBytes,
    startBytes: Math.min(defaultStartBytes, partitionBytes),
    enough: (found) =>
      (stopAtFirst && found.some(isViolation)) || (symmetry.isProvisional === true && isCut(compiled, { found })),
    ...definedFields({ hashBits, fingerprint: fingerprintOf(settings), spareBytes }),
  }
}
