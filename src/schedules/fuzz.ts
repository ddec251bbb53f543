/**
 * Many random runs of a model: the compiled successors walk, the reference interpreter judges what they saw, and the
 * schedules are reduced.
 */
import { confirm } from '../explorer/walks/confirm.ts'
import type { Walks } from '../explorer/walks/walk.ts'
import { neverTaken } from '../explorer/never-taken.ts'
import { prepare, type Prepared } from '../explorer/prepare.ts'
import type { NeverTaken } from '../explorer/result.ts'
import { replayOnWhole } from '../explorer/whole.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { claimKey, isAlwaysJudged, type Claim } from '../language/claims.ts'
import { selectProperties } from '../language/select.ts'
import { UsageError } from '../catalogue/usage.ts'
import { asExample, type Example } from '../semantics/counterexample.ts'
import { isBeyondRuns, kinds } from '../semantics/kinds/index.ts'
import { reduce } from './reduce.ts'
import type { Strategy } from './strategies/strategy.ts'
import { crewOf } from './threads/crew.ts'
import type { Runs } from './walk-hands.ts'
import { walkInThreads, type Walking, type FuzzProgress } from './walk-runs.ts'

export interface FuzzOptions extends Runs {
  /** Names of the properties to judge; all of the model's if absent. `domain` and lock misuse are always on. */
  readonly properties?: readonly string[]
  readonly strategy: Strategy
  /** Threads that walk; one if nothing is said. The result is the same for any number. */
  readonly workers?: number
  /** Ends with the first run that sees a violation. */
  readonly stopAtFirst?: boolean
  readonly signal?: AbortSignal
  /** Called about twice a second. */
  readonly onProgress?: (progress: FuzzProgress) => void
}

/** `beyond`: no run can decide it, see `isBeyondRuns`. */
export type Seen = 'violated' | 'witnessed' | 'unseen' | 'beyond'

/** Result for a property, or for a claim judged of every model: `domain` and `misuse` appear only if violated. */
export interface FuzzedProperty extends Claim, Example {
  readonly seen: Seen
  /** The first run that saw it, from 1, and after how many steps. */
  readonly first?: { readonly run: number; readonly steps: number }
}

export interface FuzzResult {
  /** `incomplete`: no violation was seen; that proves nothing. */
  readonly verdict: 'violated' | 'incomplete'
  /** Number of runs walked. */
  readonly runs: number
  readonly steps: number
  /** Distinct ones that were walked; lower bounds if `atLeast`. */
  readonly states: number
  readonly transitions: number
  readonly atLeast: boolean
  /** Seconds of walking. */
  readonly seconds: number
  readonly interrupted: boolean
  /** Steps of the model that no run took. */
  readonly neverTaken: readonly NeverTaken[]
  readonly properties: readonly FuzzedProperty[]
}

/**
 * Walks, and judges every state that it meets, with every enabled transition there, taken or not.
 *
 * @throws UsageError HMM241 if no run can decide any of the properties
 */
export async function fuzz(model: ConfiguredModel, options: FuzzOptions): Promise<FuzzResult> {
  const asked = model.properties.filter(({ name }) => options.properties?.includes(name) ?? true)
  const judged = asked
    .filter(({ kind }) => !isBeyondRuns(kind) && kinds[kind].listed === 'always')
    .map(({ name }) => name)
  if (judged.length === 0 && asked.length > 0) {
    throw new UsageError(
      'HMM241',
      `no single run can violate ${asked.map(({ name }) => name).join(', ')}: recoverable and collected properties are about all schedules at once`,
      'use check',
    )
  }
  const selected = selectProperties(model, judged)
  const { prepared, walker, firsts, unsure, runs, steps, seconds, interrupted } = await walkAll(selected, options)
  const written =
    unsure === undefined ? undefined : await walkAll(selectProperties(model, [unsure.name]), options, true)
  const { compiled } = prepared
  const { taken, ...covered } = walker.coverage()
  const whole = replayOnWhole(
    model,
    selectProperties(
      model,
      asked.map(({ name }) => name),
    ),
  )
  const shown = ({ kind, name }: Claim): FuzzedProperty => {
    const { outcome } = kinds[kind]
    const one = written !== undefined && kind === 'deadlock' ? written : { prepared, firsts }
    const first = one.firsts.get(claimKey({ kind, name }))
    if (first === undefined) return { name, kind, seen: 'unseen' }
    const run = confirm(one.prepared, first.finding)
    const example = whole({ name, kind, outcome }, run)
    return {
      name,
      kind,
      seen: outcome,
      first: { run: first.run, steps: run.steps.length },
      ...asExample({ ...example, run: reduce(example.machine, example.run, example.property) }),
    }
  }
  const claimed = asked
    .filter(({ kind }) => kinds[kind].listed === 'always')
    .map(({ name, kind }) => (isBeyondRuns(kind) ? ({ name, kind, seen: 'beyond' } as const) : shown({ kind, name })))
  const implicit = [...firsts.values()]
    .filter(({ claim }) => isAlwaysJudged(claim.kind))
    .map(({ claim }) => shown(claim))
  const properties: readonly FuzzedProperty[] = [...claimed, ...implicit]
  return {
    verdict: properties.some(({ seen }) => seen === 'violated') ? 'violated' : 'incomplete',
    ...{ runs, steps, seconds, interrupted },
    ...covered,
    neverTaken: neverTaken(compiled, taken),
    properties,
  }
}

/**
 * All the runs. If the engine keeps too little of a state to know whether a step changes it, the runs are walked once
 * more for the deadlock, on the model as it is written.
 */
async function walkAll(
  model: ConfiguredModel,
  options: FuzzOptions,
  asWritten = false,
): Promise<Walking & { readonly prepared: Prepared; readonly walker: Walks }> {
  const prepared = prepare(model, { asWritten })
  const isEnough = ({ kind }: Claim): boolean => options.stopAtFirst === true && kinds[kind].outcome === 'violated'
  const walking = await walkInThreads(prepared, { ...options, isEnough }, crewOf)
  return { ...walking, prepared }
}
