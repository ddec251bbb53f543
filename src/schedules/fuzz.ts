/** Many random runs of a model: the compiled successors walk, the reference interpreter judges what they saw, and the schedules are reduced. */
import { confirm } from '../explorer/walks/confirm.ts'
import { walks, type Sighting, type Walks } from '../explorer/walks/walk.ts'
import { neverTaken } from '../explorer/never-taken.ts'
import { prepare, type Prepared } from '../explorer/prepare.ts'
import type { NeverTaken } from '../explorer/result.ts'
import { pause } from '../explorer/search.ts'
import type { ConfiguredModel, PropertyKind } from '../language/ast.ts'
import { selectProperties } from '../language/select.ts'
import { UsageError } from '../language/usage.ts'
import type { Run } from '../semantics/machine.ts'
import { adopt } from './adopt.ts'
import { isBeyondRuns } from './judge.ts'
import { machineFor } from './machines.ts'
import { chance } from './random.ts'
import { reduce } from './reduce.ts'
import type { ScheduleProperty } from './schedule.ts'
import type { Strategy } from './strategies/strategy.ts'

export interface FuzzOptions {
  /** Names of the properties to judge; all of the model's if absent. `domain` and lock misuse are always on. */
  readonly properties?: readonly string[]
  readonly runs: number
  /** Any whole number from 0 on: the same gives the same runs on every machine. */
  readonly seed: number
  readonly strategy: Strategy
  /** Transitions of a run at most. */
  readonly maxSteps: number
  /** Ends with the first run that sees a violation. */
  readonly stopAtFirst?: boolean
  readonly signal?: AbortSignal
  /** Called about twice a second. */
  readonly onProgress?: (progress: FuzzProgress) => void
}

export interface FuzzProgress { readonly runs: number; readonly steps: number; readonly states: number; readonly seconds: number }

/** `beyond`: no run can decide it, see `isBeyondRuns`. */
export type Seen = 'violated' | 'witnessed' | 'unseen' | 'beyond'

export interface FuzzedProperty {
  readonly name: string
  /** `domain` and `misuse` are the implicit ones; they appear only if violated. */
  readonly kind: ScheduleProperty['kind']
  readonly seen: Seen
  /** The first run that saw it, from 1, and after how many steps. */
  readonly first?: { readonly run: number; readonly steps: number }
  /** What is left of that run, of the whole model, as played by the reference interpreter; small, not minimal. */
  readonly run?: Run
}

export interface FuzzResult {
  /** `incomplete`: no violation was seen, which proves nothing. */
  readonly verdict: 'violated' | 'incomplete'
  /** What was walked. */
  readonly runs: number
  readonly steps: number
  /** Distinct ones that were walked; lower bounds if `atLeast`. */
  readonly states: number
  readonly transitions: number
  readonly atLeast: boolean
  /** Of walking. */
  readonly seconds: number
  readonly interrupted: boolean
  /** Steps of the model that no run took. */
  readonly neverTaken: readonly NeverTaken[]
  readonly properties: readonly FuzzedProperty[]
}

/** The run that saw something first, and how. */
export interface First { readonly run: number; readonly sighting: Sighting }

/**
 * Walks, and judges what was seen.
 *
 * Every state on the way is judged, and every transition that is possible there, taken or not.
 *
 * @throws UsageError HMM241 if no run can decide any of the properties
 */
export async function fuzz(model: ConfiguredModel, options: FuzzOptions): Promise<FuzzResult> {
  const asked = model.properties.filter(({ name }) => options.properties?.includes(name) ?? true)
  const judged = asked.filter(({ kind }) => !isBeyondRuns(kind) && kind !== 'pair').map(({ name }) => name)
  if (judged.length === 0 && asked.length > 0) {
    throw new UsageError('HMM241', `no run by itself can show ${asked.map(({ name }) => name).join(', ')} violated: recoverable and collected properties speak of all schedules at once; use: check`)
  }
  const prepared = prepare(selectProperties(model, judged), {})
  const { compiled } = prepared
  const walker = walks(prepared)
  const kindOf = (name: string): PropertyKind | undefined => asked.find((one) => one.name === name)?.kind
  const { firsts, ...walked } = await walkRuns(prepared, walker, {
    ...options,
    enough: (names) => options.stopAtFirst === true && [...names.keys()].some((name) => kindOf(name) !== 'sometimes'),
    onProgress: (progress) => options.onProgress?.({ ...progress, states: walker.coverage().states }),
  })
  const { taken, ...covered } = walker.coverage()
  const shown = (name: string, kind: FuzzedProperty['kind'], outcome: 'violated' | 'witnessed'): FuzzedProperty => {
    const first = firsts.get(name)
    if (first === undefined) return { name, kind, seen: 'unseen' }
    const run = confirm(prepared, first.sighting)
    const property = { name, kind, outcome }
    const graph = machineFor(model, property)
    return { name, kind, seen: outcome, first: { run: first.run, steps: run.steps.length }, run: reduce(graph, adopt(graph, run), property) }
  }
  const claimed = asked.filter(({ kind }) => kind !== 'pair').map(({ name, kind }) =>
    isBeyondRuns(kind) ? { name, kind, seen: 'beyond' } as const : shown(name, kind, kind === 'sometimes' ? 'witnessed' : 'violated'))
  const implicit = [...firsts.keys()].filter((name) => !judged.includes(name)).map((name) => shown(name, name === 'domain' ? 'domain' : 'misuse', 'violated'))
  const properties: readonly FuzzedProperty[] = [...claimed, ...implicit]
  return { verdict: properties.some(({ seen }) => seen === 'violated') ? 'violated' : 'incomplete', ...walked, ...covered, neverTaken: neverTaken(compiled, taken), properties }
}

/** How runs are walked: each by the strategy, with a chance of its own. */
export interface WalkOptions extends Pick<FuzzOptions, 'runs' | 'seed' | 'strategy' | 'maxSteps' | 'signal'> {
  /** Asked after a run that saw something new: is that enough? By the name of what was seen. */
  readonly enough: (firsts: ReadonlyMap<string, First>) => boolean
  readonly onProgress?: (progress: Pick<FuzzProgress, 'runs' | 'steps' | 'seconds'>) => void
}

export interface Walking extends Pick<FuzzResult, 'runs' | 'steps' | 'seconds' | 'interrupted'> { readonly firsts: ReadonlyMap<string, First> }

/** Walks, one run after the other, and says for all that was seen which run was the first to see it. The interpreter has judged none of it yet. */
export async function walkRuns({ compiled, model, initial }: Prepared, walker: Walks, { runs, seed, strategy, maxSteps, signal, enough, onProgress }: WalkOptions): Promise<Walking> {
  const firsts = new Map<string, First>()
  const extent = { threads: model.instances.length, maxSteps }
  const started = performance.now()
  const done = (): Pick<Walking, 'runs' | 'steps' | 'seconds'> => ({ runs: run, steps, seconds: (performance.now() - started) / 1000 })
  let [run, steps, asked, reported] = [0, 0, started, started]
  while (run < runs && signal?.aborted !== true) {
    const draw = chance(seed, ++run)
    const start = draw(initial.length)
    const walked = walker.walk(strategy.start(draw, extent), start, maxSteps)
    steps += walked.steps
    for (const sighting of walked.sightings) {
      const { name = '', covers } = compiled.watched[sighting.watch] ?? {}
      const shown = covers?.name ?? name
      if (!firsts.has(shown)) firsts.set(shown, { run, sighting })
    }
    if (walked.sightings.length > 0 && enough(firsts)) break
    const now = performance.now()
    if (now - asked < 50) continue
    asked = now
    await pause()
    if (now - reported < 500) continue
    reported = now
    onProgress?.(done())
  }
  return { firsts, ...done(), interrupted: signal?.aborted === true }
}
