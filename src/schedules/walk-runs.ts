/** Many random runs: by one thread, or by several that put together what they saw and came by. */
import type { Prepared } from '../explorer/prepare.ts'
import { pause } from '../explorer/search.ts'
import { walkSetup } from '../explorer/walks/setup.ts'
import { walks, type Walks } from '../explorer/walks/walk.ts'
import { claimKey, type Claim, type ClaimKey } from '../language/claims.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { Crew, StartCrew } from './crew.ts'
import { dealer } from './dealing.ts'
import type { Strategy } from './strategies/strategy.ts'
import { handOf, walkHand, type HandOptions, type Runs, type Sighting } from './walk-hands.ts'

/** The run that saw something first, and how. */
export interface First extends Sighting {
  readonly claim: Claim
}

/** Options of the walking of runs: the strategy walks each, with random numbers of its own. */
export interface WalkOptions extends Runs {
  readonly strategy: Strategy
  /** Is it enough to have seen this? No run is walked after the first that sees it. */
  readonly isEnough: (claim: Claim) => boolean
  /** Threads; the result is the same for any number. One, if nothing is said. */
  readonly workers?: number
  readonly signal?: AbortSignal
  /** Called about twice a second. */
  readonly onProgress?: (progress: FuzzProgress) => void
}

export interface FuzzProgress {
  readonly runs: number
  readonly steps: number
  /** Distinct ones that the first of the threads came by. */
  readonly states: number
  readonly seconds: number
}

export interface Walking {
  /** Number of runs walked: the first ones. */
  readonly runs: number
  readonly steps: number
  /** Seconds of walking. */
  readonly seconds: number
  readonly interrupted: boolean
  /** By the key of what was seen. */
  readonly firsts: ReadonlyMap<ClaimKey, First>
  /** The deadlock, if a state was met that no step changes as far as it is kept. */
  readonly unsure: Claim | undefined
}

/** The fewest steps for which it pays to start a thread. */
const threadedSteps = 2 ** 20

/**
 * Walks, and says for all that was seen which run was the first to see it. The interpreter has judged none of it yet.
 *
 * @param walker counts what this thread walks
 */
export async function walkRuns(prepared: Prepared, walker: Walks, options: WalkOptions): Promise<Walking> {
  const { walking } = await walkTogether(prepared, walker, options)
  return walking
}

/**
 * The same in several threads, with the walks that have counted all that the runs came by.
 *
 * If a run ends all of them, others may have walked runs after it by then, and have counted these. The runs up to it
 * are then walked once more.
 */
export async function walkInThreads(
  prepared: Prepared,
  options: WalkOptions,
  start: StartCrew,
): Promise<Walking & { readonly walker: Walks }> {
  const { runs, maxSteps, workers = 1, strategy } = options
  const isLong = runs * maxSteps >= threadedSteps && strategy.compiled !== undefined
  const help = isLong && workers > 1 ? { start, count: workers - 1 } : undefined
  const walker = walks(walkSetup(prepared))
  const { walking, exact } = await walkTogether(prepared, walker, options, help)
  if (exact) return { ...walking, walker }
  const counter = walks(walkSetup(prepared))
  const again = { ...options, runs: walking.runs, isEnough: () => false }
  const { walking: counted } = await walkTogether(prepared, counter, again, help)
  const { steps, interrupted, seconds } = counted
  return { ...walking, steps, interrupted, seconds: walking.seconds + seconds, walker: counter }
}

/** Threads that help: how they are started, and how many. */
interface Help {
  readonly start: StartCrew
  readonly count: number
}

interface Together {
  readonly walking: Walking
  /** Is nothing counted of runs after the last? */
  readonly exact: boolean
}

async function walkTogether(prepared: Prepared, walker: Walks, options: WalkOptions, help?: Help): Promise<Together> {
  const { compiled, model, initial, whole } = prepared
  const { runs, seed, strategy, maxSteps, signal, isEnough } = options
  const started = performance.now()
  const dealt = dealer({ runs, hand: handOf(options) }, { threads: help?.count ?? 0 })
  const isUnsure = (watch: number): boolean => compiled.watched[watch]?.by === 'standstill' && !whole
  const stopAt = compiled.watched.flatMap(({ claim }, watch) => (isEnough(claim) && !isUnsure(watch) ? [watch] : []))
  const crew = help && helpCrew(help, prepared, dealt, options, stopAt)
  const hand: HandOptions = {
    ...{ runs, seed, maxSteps, strategy },
    threads: model.instances.length,
    starts: initial.length,
    stopAt: new Set(stopAt),
  }
  const seen: Sighting[] = []
  const seconds = (): number => (performance.now() - started) / 1000
  let [asked, reported] = [started, started]
  for (;;) {
    if (signal?.aborted === true) dealt.close()
    const taken = dealt.take()
    if (taken === undefined) break
    seen.push(...walkHand(walker, dealt, taken, hand))
    const now = performance.now()
    if (now - asked < 50) continue
    asked = now
    await pause()
    if (now - reported < 500) continue
    reported = now
    options.onProgress?.({ runs: dealt.runs(), steps: dealt.steps(), states: walker.states(), seconds: seconds() })
  }
  for (const report of (await crew?.finish()) ?? []) {
    seen.push(...report.seen)
    walker.add(report.met)
  }
  const last = dealt.end() - 1
  const { firsts, unsure } = firstsOf(prepared, seen, last)
  const walked = { runs: last, steps: dealt.steps(), seconds: seconds(), interrupted: signal?.aborted === true }
  return { walking: { ...walked, firsts, unsure }, exact: dealt.runs() === last }
}

/** Starts the threads, unless they cannot have the strategy. */
function helpCrew(
  { start, count }: Help,
  prepared: Prepared,
  dealt: ReturnType<typeof dealer>,
  { runs, seed, maxSteps, strategy: { compiled } }: WalkOptions,
  stopAt: readonly number[],
): Crew | undefined {
  if (compiled === undefined) return undefined
  const { name, depth } = compiled
  const strategy = { name, ...definedFields({ depth }) }
  return start(count, dealt, { setup: walkSetup(prepared), runs, seed, maxSteps, strategy, stopAt })
}

/** Of all that was seen up to the last run: what was seen first of each claim. */
export function firstsOf(
  { compiled, whole }: Prepared,
  seen: readonly Sighting[],
  last: number,
): Pick<Walking, 'firsts' | 'unsure'> {
  const firsts = new Map<ClaimKey, First>()
  let unsure: Claim | undefined
  for (const { run, finding } of seen.toSorted((one, other) => one.run - other.run)) {
    const watch = compiled.watched[finding.watch]
    if (watch === undefined || run > last) continue
    const { claim, by } = watch
    if (by === 'standstill' && !whole) unsure ??= claim
    else if (!firsts.has(claimKey(claim))) firsts.set(claimKey(claim), { claim, run, finding })
  }
  return { firsts, unsure }
}
