/**
 * One run of a `check`, carried out: what is to be printed, saved and said of it, as plain data, so that another
 * thread can send it.
 */
import { atomicityOf, type Touching } from '../analysis/atomicity.ts'
import { distinct, type Warning } from '../analysis/warning.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { configure } from '../language/configure.ts'
import type { CheckOptions, CheckResult, PropertyResult } from '../explorer/result.ts'
import { judge, violatedOf } from '../report/checked.ts'
import type { Judgement } from '../report/checked.ts'
import type { RunDocument } from '../report/json.ts'
import { profileLines } from '../report/profile.ts'
import { headline, propertyLines, rowLine, sizeText, summaryLines } from '../report/text.ts'
import type { Locate } from '../report/sites.ts'
import { claimKey, type ClaimKey } from '../language/claims.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { repeatCommand } from './repeat.ts'
import { canvasOf, inCharacters, paintOf, widthOf } from './context.ts'
import type { Environment } from './environment.ts'
import { formatted } from './formats.ts'
import type { Finished, Formatted } from './formats.ts'
import { locator } from './places.ts'
import { progressLine } from './progress.ts'
import type { CheckCommand } from './run.ts'
import type { Target } from './targets.ts'
import { tracesOf } from './traces.ts'

export interface Outcome extends Formatted {
  readonly model: string
  readonly scenario: string
  /** What is printed of it. */
  readonly lines: readonly string[]
  readonly verdict: CheckResult['verdict']
  readonly judgement: Judgement
  /** How many steps were never taken. */
  readonly neverTaken: number
  /** With the lines as the user sees them. */
  readonly warnings: readonly Warning[]
  /** Of a user's model, what each transition touches of shared state. */
  readonly atomicity: readonly Touching[]
  /** What `--out` saves; empty without it. */
  readonly schedules: readonly Schedule[]
  /** With `--json`. */
  readonly document?: RunDocument
  /** That repeats it. */
  readonly command: string
}

/** @param named whether the user named the one target */
export async function carryOut(
  environment: Environment,
  target: Target,
  options: CheckCommand,
  named: boolean,
  signal: AbortSignal,
): Promise<Outcome> {
  const one = await explore(environment, target, { ...options, named }, signal)
  const { result, expectation, command } = one.checked
  // What was asked for by name; lock misuse, which is always on, is saved if nothing of that has a schedule.
  const asked = target.chosen
    ? result.properties.filter(
        ({ name, run, cycle }) => target.properties.includes(name) && (run ?? cycle) !== undefined,
      )
    : []
  const saved =
    options.out === undefined
      ? []
      : [
          ...(
            await schedulesOf(one, (property) =>
              asked.length > 0 ? asked.includes(property) : property.verdict === 'violated',
            )
          ).values(),
        ]
  return {
    model: target.setting.protocol.name,
    scenario: target.setting.scenario.name,
    lines:
      (options.format ?? 'text') === 'text'
        ? inCharacters(await textOf(environment, one, named, options), canvasOf(environment, options.ascii))
        : [],
    verdict: result.verdict,
    judgement: judge(result, expectation),
    neverTaken: result.neverTaken.length,
    warnings: result.warnings,
    atomicity: one.checked.atomicity ?? [],
    schedules: saved,
    ...(options.json === true
      ? { document: (await import('../report/json.ts')).runDocument(one.checked, await schedulesOf(one, () => true)) }
      : {}),
    ...(await formatted(environment, one, named, options)),
    command,
  }
}

async function explore(
  { engine, stderr, program, cwd }: Environment,
  target: Target,
  options: CheckCommand & { readonly named: boolean },
  signal: AbortSignal,
): Promise<Finished> {
  const { setting, properties, expectation } = target
  const { protocol, variant, configuration } = setting
  const model = configure(protocol.model, configuration)
  const shows = options.json === true || target.chosen
  const progress = progressLine(stderr, `${protocol.name}@${variant.name}`)
  const profile =
    options.profile === true ? { profile: 'always' as const } : options.named ? { profile: 'at a limit' as const } : {}
  const family = target.family === undefined ? {} : { family: target.family }
  const result = await engine
    .check(model, {
      ...limitsOf(options),
      ...profile,
      ...family,
      properties,
      ...(shows ? { witnesses: true } : {}),
      signal,
      onProgress: progress.onProgress,
    })
    .finally(progress.done)
  const warnings = distinct(
    [...result.warnings, ...(target.unrecorded?.() ?? [])].map((one) => placed(one, locator(cwd))),
  )
  return {
    target,
    model,
    checked: {
      setting,
      result: { ...result, warnings },
      notChecked: target.notChecked,
      ...(target.isUsers === true ? { atomicity: touchingsOf(model, cwd) } : {}),
      ...(expectation === undefined ? {} : { expectation }),
      command: repeatCommand(program, target, options),
    },
  }
}

/** The atomicity report of a model, with the lines as the user sees them. */
export function touchingsOf(model: ConfiguredModel, cwd: string): readonly Touching[] {
  const locate = locator(cwd)
  return atomicityOf(model).map((one) => {
    const place = locate([one.at])
    return place === undefined ? one : { ...one, at: `${place.file}:${place.line}` }
  })
}

/** A warning at the line that is the user's: where a procedure of a package is to blame, that of its call. */
function placed({ code, what, at, calls = [], remedy }: Warning, locate: Locate): Warning {
  const place = locate([at, ...calls])
  return { code, what, at: place === undefined ? at : `${place.file}:${place.line}`, remedy }
}

/** As the engine is told. */
export function limitsOf({
  workers,
  maxStates,
  maxMemory,
  timeout,
  stopAtFirst,
  keepDeadLocals,
  minimize,
}: CheckCommand): CheckOptions {
  return {
    ...(workers === undefined ? {} : { workers }),
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(stopAtFirst === undefined ? {} : { stopAtFirst }),
    ...(keepDeadLocals === undefined ? {} : { keepDeadLocals }),
    ...(minimize === undefined ? {} : { minimize }),
  }
}

/**
 * One named model in full, with the witnesses of what was asked for by name; of many, a line each, and in full the
 * violations nobody expected.
 */
async function textOf(
  environment: Environment,
  one: Finished,
  named: boolean,
  options: CheckCommand,
): Promise<readonly string[]> {
  const { stdout, variables } = environment
  const paint = paintOf(stdout, variables)
  const { checked } = one
  if (named)
    return [
      ...headline(checked.setting, widthOf(stdout), paint),
      '',
      ...propertyLines(checked.result, paint),
      ...(await drawings(
        environment,
        one,
        one.target.chosen ? checked.result.properties : violatedOf(checked.result),
        options,
      )),
      '',
      ...summaryLines(checked, widthOf(stdout), paint),
    ]
  const surprises =
    judge(checked.result, checked.expectation) === 'unexpected'
      ? violatedOf(checked.result).filter(({ name }) => checked.expectation?.violated?.includes(name) !== true)
      : []
  return [
    rowLine(checked, paint),
    ...profileLines(checked.result.profile, paint),
    ...(await drawings(environment, one, surprises, options)),
    ...(surprises.length > 0 ? ['', `repeat with: ${checked.command}`, ''] : []),
  ]
}

async function drawings(
  environment: Environment,
  {
    model,
    target,
    checked: {
      result: { minimize },
    },
  }: Finished,
  properties: readonly PropertyResult[],
  options: CheckCommand,
): Promise<readonly string[]> {
  if (properties.every(({ run, cycle }) => run === undefined && cycle === undefined)) return []
  const { drawEnd, drawTrace } = await import('../report/drawing.ts')
  const canvas = canvasOf(environment, options.ascii)
  const drawn = new Map<string, string>()
  return (await tracesOf(environment, model, target, properties)).flatMap(({ name, outcome, result, trace, key }) => {
    const head = canvas.paint(
      'bold',
      `${name} is ${outcome}${result.minimal === undefined ? '' : ','} ${sizeText(result, minimize)}`,
    )
    const same = drawn.get(key)
    if (same !== undefined) return ['', `${head}, by the schedule of ${same}:`, '', ...drawEnd(trace, canvas)]
    drawn.set(key, name)
    return ['', `${head}:`, '', ...drawTrace(trace, canvas)]
  })
}

/** The schedules of a run by the key of their property: counterexamples, and witnesses of what must be possible. */
async function schedulesOf(
  { target, model, checked }: Finished,
  wanted: (property: PropertyResult) => boolean,
): Promise<ReadonlyMap<ClaimKey, Schedule>> {
  const properties = checked.result.properties.filter(wanted).flatMap((property) => property.cycle ?? [property])
  if (properties.every(({ run }) => run === undefined)) return new Map()
  const { originOf, record } = await import('../schedules/record.ts')
  return new Map(
    properties.flatMap(({ name, kind, verdict, run }) => {
      const outcome = verdict === 'violated' ? 'violated' : 'witnessed'
      return run === undefined
        ? []
        : [[claimKey({ kind, name }), record(originOf(target.setting), model, { name, kind, outcome }, run)] as const]
    }),
  )
}
