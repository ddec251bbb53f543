/**
 * Checks a model: passes, compilation, search, and a replay of every schedule by the reference interpreter before
 * anything is said.
 */
import { withFamily } from '../analysis/family.ts'
import { memoryOf } from '../analysis/memory.ts'
import { openOf } from '../analysis/open.ts'
import { staticWarnings } from '../analysis/statics.ts'
import { vacuousWarnings } from '../analysis/premises.ts'
import { restWarnings } from '../analysis/rests.ts'
import { untakenWarnings } from '../analysis/untaken.ts'
import type { Warning } from '../analysis/warning.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { isSameClaim, type Claim } from '../language/claims.ts'
import { wholeOf } from '../language/configure.ts'
import type { Compiled } from '../compiler/compile.ts'
import { selectProperties } from '../language/select.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { begunBy } from '../semantics/machine.ts'
import type { GiveUp } from './ask.ts'
import { residentBytes } from './host.ts'
import { neverTaken, waysOf } from './never-taken.ts'
import { prepare, type Prepared } from './prepare.ts'
import { levels } from './levels.ts'
import { profileLimit, profileOf } from './profile.ts'
import { defaultRecoveryLimit, recovery, recoveryLimit } from './recovery.ts'
import type { CheckOptions, CheckResult, PropertyResult } from './result.ts'
import { pause, searchHere, type Found, type Search, type SearchOptions } from './search.ts'
import { keptLimit, smallest } from './smallest.ts'
import { tooLong } from '../compiler/stack.ts'
import { isCut, shownIn, unsureDeadlock, verdictsOf } from './verdicts.ts'

/**
 * Bytes of table that one partition may take if nothing else is said: what fits into a memory of 4 GiB beside the
 * rest.
 */
export const defaultPartitionBytes: number = 3.5 * 2 ** 30
/**
 * Threads of one search. Each compiles the model and has a table of its own, and a state's way leads to one of 250
 * tables at most.
 */
export const mostWorkers = 64
const defaultStartBytes = 2 ** 23

/**
 * Explores every reachable state of the model and judges its properties.
 *
 * @throws ModelError if the model cannot be run: an `initially` without outcome, a state too large
 */
export async function check(model: ConfiguredModel, options: CheckOptions = {}): Promise<CheckResult> {
  try {
    return await explored(model, options)
  } catch (error) {
    throw tooLong(model, error) ?? error
  }
}

async function explored(model: ConfiguredModel, options: CheckOptions): Promise<CheckResult> {
  const started = performance.now()
  const residentBefore = residentBytes()
  const workers = Math.min(options.workers ?? 1, mostWorkers)
  const selected = options.properties === undefined ? model : selectProperties(model, options.properties)
  const prepared = prepare(selected, { ...options, warnings: true })
  const { model: ready, compiled, initial } = prepared

  // A level of a few states takes less time than to ask how much memory there is.
  let resident = residentBefore,
    memory = residentBefore,
    weighed = -Infinity,
    reported = started
  const stop: SearchOptions['stop'] = (totals, depth) => {
    const now = performance.now()
    if (now - weighed > 50) {
      weighed = now
      memory = residentBytes()
      resident = Math.max(resident, memory)
    }
    if (now - reported > 500) {
      reported = now
      options.onProgress?.({
        states: totals.states,
        transitions: totals.transitions,
        depth,
        queue: totals.queue,
        memory,
        seconds: (now - started) / 1000,
      })
    }
    if (options.signal?.aborted === true) return 'interrupted'
    if (options.maxStates !== undefined && totals.states >= options.maxStates) return 'max-states'
    if (options.maxMemory !== undefined && memory >= options.maxMemory) return 'max-memory'
    if (options.timeout !== undefined && now - started >= options.timeout * 1000) return 'timeout'
    return undefined
  }
  let breathed = started
  const giveUp: GiveUp = async () => {
    const now = performance.now()
    if (now - breathed > 100) {
      await pause()
      breathed = now
    }
    return (
      options.signal?.aborted === true || (options.timeout !== undefined && now - started >= options.timeout * 1000)
    )
  }
  const isWitness = (f: Found): boolean => {
    const w = compiled.watched[f.watch]
    return (
      w?.by === 'covers' ||
      w?.by === 'premise' ||
      w?.by === 'rest' ||
      (w !== undefined && kinds[w.claim.kind].outcome === 'witnessed')
    )
  }
  const searchOptions: SearchOptions = {
    workers,
    stop,
    partitionBytes: options.partitionBytes ?? defaultPartitionBytes,
    startBytes: Math.min(defaultStartBytes, options.partitionBytes ?? defaultStartBytes),
    enough: (found) => options.stopAtFirst === true && found.some((f) => !isWitness(f)),
    ...(options.hashBits === undefined ? {} : { hashBits: options.hashBits }),
  }
  const searching = performance.now()
  const recoverable = ready.properties.find(({ kind }) => kinds[kind].judgedOn === 'end')
  const recovers = recoverable !== undefined
  const limit = recoverable?.byDefault === true ? defaultRecoveryLimit : recoveryLimit
  const kept = levels(recovers ? Math.max(limit, keptLimit) : keptLimit)
  const here = workers > 1 ? undefined : await searchHere(compiled, initial, { ...searchOptions, levels: kept })
  const search: Search = here ?? (await (await import('./threads/pool.ts')).searchThreads(prepared, searchOptions))
  const searchSeconds = (performance.now() - searching) / 1000
  try {
    // Threads have their states in several partitions: they are found once more in one.
    const whole =
      here ??
      (!recovers || search.incomplete !== undefined || search.states > limit
        ? undefined
        : await searchHere(compiled, initial, {
            ...searchOptions,
            levels: kept,
            workers: 1,
            partitionBytes: Math.max(searchOptions.partitionBytes, 2 ** 30),
            enough: () => false,
          }))
    const lost =
      !recovers || whole === undefined || whole.states > limit
        ? undefined
        : recovery(whole, kept, ready.instances.length)
    const shown = shownIn(compiled, search, lost?.lost, prepared.whole)
    const schedules = await smallest(
      prepared,
      shown,
      { search, whole, kept, searchOptions, isLost: (state) => lost?.lost?.isLost(state) === true, giveUp },
      options,
    )
    const open = search.incomplete !== undefined ? 'incomplete' : isCut(compiled, search) ? 'undecided' : undefined
    const judged = verdictsOf(compiled, schedules, shown, open, lost !== undefined)
    const unsure = prepared.whole ? undefined : unsureDeadlock(compiled, search)
    const written = unsure === undefined ? undefined : await deadlockAsWritten(model, unsure, options, started)
    const properties = judged.map((one) => (written !== undefined && isSameClaim(one, written) ? written : one))
    resident = Math.max(resident, residentBytes())
    const violated = properties.some((p) => p.verdict === 'violated')
    const memory = memoryOf(model)
    const seconds = (performance.now() - started) / 1000
    const isAtLimit = search.incomplete === 'max-states' || search.incomplete === 'max-memory'
    const isProfiled = options.profile === 'always' || (options.profile === 'at a limit' && isAtLimit)
    const profile = isProfiled ? await profileOf(prepared, Math.min(profileLimit, search.states)) : undefined
    return {
      verdict: violated
        ? 'violated'
        : search.incomplete !== undefined || properties.some((p) => p.verdict === 'incomplete')
          ? 'incomplete'
          : 'holds',
      ...(search.incomplete === undefined ? {} : { incomplete: search.incomplete }),
      states: search.states,
      transitions: search.transitions,
      depth: search.depth,
      seconds,
      searchSeconds,
      bytesPerState: search.states === 0 ? 0 : Math.max(0, resident - residentBefore) / search.states,
      stateBits: compiled.layout.bits,
      workers,
      deadLocalReset: options.keepDeadLocals !== true,
      minimize: options.minimize ?? 'steps',
      droppedGhosts: prepared.dropped,
      neverTaken: search.incomplete === undefined ? neverTaken(compiled, search.taken) : [],
      ...(memory === undefined ? {} : { memory }),
      warnings: withFamily(wholeOf(model), options.family ?? (() => []), (elsewhere) => [
        ...staticWarnings(model, elsewhere),
        ...(search.incomplete === undefined ? completeWarnings(model, prepared, search, elsewhere) : []),
        ...restWarnings(ready, prepared.besides.rests, seenIn(compiled, search, 'rest')),
      ]),
      properties,
      ...(profile === undefined ? {} : { profile }),
    }
  } finally {
    search.close()
  }
}

/**
 * Whether a step changes a state is a question about all of the state. A search that leaves out what nothing reads
 * finds every deadlock, but may take a step that changes only what was left out for one that changes nothing. Where
 * it has met such a state, the model is searched for the deadlock as it is written.
 */
async function deadlockAsWritten(
  model: ConfiguredModel,
  { name }: Claim,
  options: CheckOptions,
  started: number,
): Promise<PropertyResult | undefined> {
  const { timeout, profile: _, ...others } = options
  const left = timeout === undefined ? {} : { timeout: Math.max(0.001, timeout - (performance.now() - started) / 1000) }
  const { properties } = await check(model, {
    ...others,
    ...left,
    properties: [name],
    asWritten: true,
    stopAtFirst: true,
  })
  return properties.find((one) => one.kind === 'deadlock')
}

/** What was looked for besides the properties: whether it was found, by its number among its like. */
function seenIn({ watched }: Compiled, { found }: Search, by: 'premise' | 'rest'): (number: number) => boolean {
  const first = watched.findIndex((one) => one.by === by)
  const seen = new Set(found.map(({ watch }) => watch - first))
  return (number) => seen.has(number)
}

/** What only a complete run has to warn of: that something was not seen. */
function completeWarnings(
  model: ConfiguredModel,
  { model: ready, compiled, besides, reference }: Prepared,
  search: Search,
  elsewhere: readonly string[],
): readonly Warning[] {
  const whole = wholeOf(model),
    open = openOf(model, whole, elsewhere)
  return [
    ...untakenWarnings(ready, waysOf(compiled, search.taken, begunBy(reference)), open),
    ...vacuousWarnings(ready, whole, besides.premises, seenIn(compiled, search, 'premise'), open),
  ]
}
