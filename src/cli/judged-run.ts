/** A run of `check` that is over and judged. It is made once, and every reporter prints this value. */
import { atomicityOf, type Touching } from '../analysis/atomicity.ts'
import { distinct, type Warning } from '../analysis/warning.ts'
import { resolve } from 'node:path'
import type { CheckOptions, PropertyResult } from '../explorer/result.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import type { Setting } from '../catalogue/setting.ts'
import { claimKey, type ClaimKey } from '../language/claims.ts'
import { configure } from '../language/configure.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { Checked } from '../report/checked.ts'
import type { Judge, JudgedProperty } from '../report/judged.ts'
import type { Locate } from '../report/sites.ts'
import { originOf, record } from '../schedules/record.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { exampleOf, type Counterexample } from '../semantics/counterexample.ts'
import type { Environment } from './environment.ts'
import type { CheckPlan } from './options/check.ts'
import { memoryNeeds } from './needs.ts'
import { locator } from './places.ts'
import { progressText } from './progress.ts'
import { drawCommand, repeatCommand, resumeCommand } from './repeat.ts'
import { sameAs } from './same-model.ts'
import { withProgress } from './session.ts'
import type { RunTarget } from './targets.ts'

export interface JudgedRun {
  readonly target: RunTarget
  readonly model: ConfiguredModel
  readonly checked: Checked
  readonly judgement: ReturnType<Judge['run']>
  readonly properties: readonly JudgedProperty[]
  /** The command that draws the schedule of a property in full. */
  readonly drawCommand: (property: string) => string
}

/** Options of the exploration and judgement of a run. */
export interface RunOptions {
  readonly plan: CheckPlan
  readonly judge: Judge
  /** Whether witnesses are made minimal that were not asked for by name. */
  readonly witnesses: boolean
  /** When a profile of the states is made. */
  readonly profile: CheckOptions['profile'] | undefined
  readonly signal: AbortSignal
  /** Called when the model is there, before it is explored. */
  readonly begun?: (setting: Setting) => void
}

/** Explores a target, and judges what was found. */
export async function judgedRun(environment: Environment, target: RunTarget, options: RunOptions): Promise<JudgedRun> {
  const { engine, stderr, program, cwd } = environment
  const { plan, judge, witnesses, profile, signal, begun } = options
  const { setting, properties, expectation, family, notChecked } = target
  const { protocol, variant, configuration } = setting
  const model = configure(protocol.model, configuration)
  begun?.(setting)
  const text = { name: `${protocol.name}@${variant.name}`, show: progressText }
  const limits = definedFields({ profile, family, witnesses: witnesses || target.chosen ? true : undefined })
  const result = await withProgress(stderr, text, (onProgress) =>
    engine.check(model, {
      ...limitsOf(plan),
      ...keptBy(plan, cwd),
      ...limits,
      names: { variant: variant.name, scenario: setting.scenario.name },
      properties,
      signal,
      onProgress,
    }),
  )
  const locate = locator(cwd)
  const unrecorded = (await target.unrecorded?.()) ?? []
  const warnings = distinct([...result.warnings, ...unrecorded].map((one) => placed(one, locate)))
  const checked: Checked = {
    setting,
    result: { ...result, warnings },
    notChecked,
    command: repeatCommand(program, target, plan),
    ...definedFields({
      expectation,
      sameAs: result.verdict === 'holds' ? sameAs(setting, model) : undefined,
      atomicity: target.isUsers === true ? touchingsOf(model, cwd) : undefined,
      resume: resumeCommand(program, target, plan, result),
      needs: memoryNeeds(program, target, plan, result),
    }),
  }
  return {
    target,
    model,
    checked,
    judgement: judge.run(checked),
    properties: judge.properties(checked),
    drawCommand: (property) => drawCommand(program, target, property, plan),
  }
}

/** A profile of the states is made if it is asked for, and for a run that is printed in full also at a limit. */
export function profileWanted({ profile }: CheckPlan, isOne: boolean): RunOptions['profile'] {
  return profile === true ? 'always' : isOne ? 'at a limit' : undefined
}

/** The file of the checkpoints: one that a check goes on from is kept up to date, unless another is named. */
function keptBy({ checkpoint, checkpointEvery, resume }: CheckPlan, cwd: string): CheckOptions {
  const file = checkpoint ?? resume
  return {
    ...definedFields({ resume: resume === undefined ? undefined : resolve(cwd, resume) }),
    ...(file === undefined
      ? {}
      : { checkpoint: { file: resolve(cwd, file), ...definedFields({ every: checkpointEvery }) } }),
  }
}

/** The limits of a search, as the engine takes them. */
export function limitsOf(plan: Partial<CheckPlan>): CheckOptions {
  const { workers, maxStates, maxMemory, timeout, stopAtFirst, keepDeadLocals, symmetry, minimize } = plan
  const { fingerprint, fingerprintSeed } = plan
  return definedFields({
    workers,
    maxStates,
    maxMemory,
    timeout,
    stopAtFirst,
    keepDeadLocals,
    symmetry,
    fingerprint,
    fingerprintSeed,
    minimize,
  })
}

/** The atomicity report of a model, with the lines as the user sees them. */
export function touchingsOf(model: ConfiguredModel, cwd: string): readonly Touching[] {
  const locate = locator(cwd)
  return atomicityOf(model).map((one) => {
    const place = locate([one.at])
    return place === undefined ? one : { ...one, at: `${place.file}:${place.line}` }
  })
}

/** A warning at the user's own line: where a procedure of a package is to blame, at the line that calls it. */
function placed({ code, what, at, calls = [], remedy }: Warning, locate: Locate): Warning {
  const place = locate([at, ...calls])
  return { code, what, at: place === undefined ? at : `${place.file}:${place.line}`, remedy }
}

/** A schedule of a run, and the run that it was recorded of. */
export interface JudgedSchedule {
  readonly key: ClaimKey
  readonly schedule: Schedule
  readonly example: Counterexample
}

/** The schedules of a run, one for each key of a property: counterexamples, and witnesses of what must be possible. */
export function judgedSchedules(
  { target, checked }: JudgedRun,
  wanted: (property: PropertyResult) => boolean,
): readonly JudgedSchedule[] {
  const origin = originOf(target.setting)
  const all = checked.result.properties
    .filter(wanted)
    .flatMap((property) => property.cycle ?? [property])
    .flatMap((property): readonly JudgedSchedule[] => {
      const example = exampleOf(property)
      return example === undefined ? [] : [{ key: claimKey(property), schedule: record(origin, example), example }]
    })
  return [...new Map(all.map((one) => [one.key, one])).values()]
}

/** The same, by the key of the property. */
export const schedulesOf = (
  judged: JudgedRun,
  wanted: (property: PropertyResult) => boolean,
): ReadonlyMap<ClaimKey, Schedule> =>
  new Map(judgedSchedules(judged, wanted).map(({ key, schedule }) => [key, schedule]))
