/** `--format`: the option, and which of what a check found goes into which format. */
import { Option } from 'commander'
import type { ConfiguredModel } from '../language/ast.ts'
import { isSameClaim } from '../language/claims.ts'
import { UsageError } from '../language/usage.ts'
import type { PropertyResult } from '../explorer/result.ts'
import { judge, violatedOf } from '../report/checked.ts'
import type { Checked } from '../report/checked.ts'
import { FORMATS, ofOneTrace } from '../report/formats/format.ts'
import type { Format } from '../report/formats/format.ts'
import { titleOf } from '../report/formats/reported.ts'
import type { Reported, ReportedProperty, ReportedRun } from '../report/formats/reported.ts'
import { incompleteText } from '../report/incomplete.ts'
import { plainPaint } from '../report/paint.ts'
import { showSizes, sizeText, whyUndecided } from '../report/text.ts'
import type { Trace } from '../report/trace.ts'
import { canvasOf } from './context.ts'
import type { Environment } from './environment.ts'
import type { CheckCommand } from './run.ts'
import type { Target } from './targets.ts'
import { tracesOf } from './traces.ts'

/** The option, for `check` and `show`. */
export function formatOption(): Option {
  return new Option(
    '--format <FORMAT>',
    "how to write it: for people, for programs, for Apalache's viewers, as a diagram, for build servers, for code hosts",
  ).choices(FORMATS)
}

/** What a run came to, in one of the formats that are not text; nothing else is printed then. */
export interface Formatted {
  /** Of one trace, whole. */
  readonly trace?: string
  /** Of a run. */
  readonly reported?: ReportedRun
}

/** A run that is over, and the model it was of. */
export interface Finished {
  readonly target: Target
  readonly model: ConfiguredModel
  readonly checked: Checked
}

/**
 * @param isOne whether one run is named outright
 * @throws UsageError HMM260, HMM261
 */
export function chosenFormat(
  { format, json }: { readonly format?: Format; readonly json?: true },
  isOne: boolean,
): Format {
  if (json === true && format !== undefined && format !== 'json')
    throw new UsageError(
      'HMM260',
      `--json is --format json, so it does not go with --format ${format}; leave one of them out`,
    )
  const chosen = json === true ? 'json' : (format ?? 'text')
  if (ofOneTrace(chosen) && !isOne)
    throw new UsageError(
      'HMM261',
      `--format ${chosen} is of one schedule; name one model and one scenario that it is to be of: check MODEL --format ${chosen}`,
    )
  return chosen
}

/** @param named whether the user named the one target: then a violation is a failure, whatever was expected */
export async function formatted(
  environment: Environment,
  one: Finished,
  named: boolean,
  options: CheckCommand,
): Promise<Formatted> {
  const { format = 'text' } = options
  if (format === 'text' || format === 'json') return {}
  if (!ofOneTrace(format)) return { reported: await reportedRun(environment, one, named, options) }
  const {
    target,
    model,
    checked: { result, setting },
  } = one
  const [first] = await tracesOf(
    environment,
    model,
    target,
    [
      ...violatedOf(result),
      ...(target.chosen ? result.properties.filter(({ verdict }) => verdict === 'holds') : []),
    ].slice(0, 1),
  )
  if (first === undefined) return {}
  const { protocol, variant, scenario, sizes } = setting
  const source = titleOf({
    model: protocol.name,
    variant: variant.name,
    scenario: scenario.name,
    sizes: showSizes(sizes),
  })
  return { trace: await traceText(format, first, source) }
}

/** One schedule in a format of one trace. */
export async function traceText(
  format: Format,
  { machine, run, trace }: Pick<Awaited<ReturnType<typeof tracesOf>>[number], 'machine' | 'run' | 'trace'>,
  source: string,
): Promise<string> {
  if (format === 'mermaid') return (await import('../report/formats/mermaid.ts')).mermaid(trace)
  return (await import('../report/formats/itf.ts')).itf(machine, run, trace, {
    source,
    description: trace.end?.text ?? 'a schedule',
  })
}

/** Runs in a format of whole runs. */
export async function reportText(format: Format, reported: Reported): Promise<string> {
  return format === 'junit'
    ? (await import('../report/formats/junit.ts')).junit(reported)
    : (await import('../report/formats/sarif.ts')).sarif(reported)
}

async function reportedRun(
  environment: Environment,
  { target, model, checked }: Finished,
  named: boolean,
  options: CheckCommand,
): Promise<ReportedRun> {
  const {
    setting: { protocol, variant, scenario, sizes },
    result,
    command,
  } = checked
  const properties: ReportedProperty[] = []
  for (const property of result.properties) {
    const { judgement, reason } = judgementOf(property, checked, named)
    const traces =
      property.verdict !== 'violated'
        ? []
        : (await tracesOf(environment, model, target, [property])).map(({ trace }) => trace)
    const claim = model.properties.find((one) => isSameClaim(one, property))?.claim
    properties.push({
      name: property.name,
      kind: property.kind,
      judgement,
      reason,
      traces,
      drawing: judgement === 'failed' ? await drawingOf(environment, traces, options.ascii) : [],
      ...(claim === undefined ? {} : { claim }),
    })
  }
  if (
    !named &&
    judge(result, checked.expectation) === 'unexpected' &&
    properties.every(({ judgement }) => judgement !== 'failed')
  ) {
    properties.push({
      name: 'as expected',
      kind: 'assertion',
      judgement: 'failed',
      reason: `not so: a violation is expected (${checked.expectation?.source ?? ''}), and there is none`,
      traces: [],
      drawing: [],
    })
  }
  return {
    model: protocol.name,
    variant: variant.name,
    scenario: scenario.name,
    sizes: showSizes(sizes),
    seconds: result.seconds,
    command,
    properties,
    warnings: result.warnings,
    strict: options.strict === true,
    ...(result.memory === undefined ? {} : { memory: result.memory }),
    ...(result.incomplete === undefined ? {} : { incomplete: result.incomplete }),
  }
}

/** The schedules as `show` draws them, without colours. */
export async function drawingOf(
  environment: Environment,
  traces: readonly Trace[],
  ascii: true | undefined,
): Promise<readonly string[]> {
  const { drawTrace } = await import('../report/drawing.ts')
  const canvas = { ...canvasOf(environment, ascii), paint: plainPaint }
  return traces.flatMap((trace, n) => (n === 0 ? drawTrace(trace, canvas) : ['', ...drawTrace(trace, canvas)]))
}

function judgementOf(
  property: PropertyResult,
  { result, expectation }: Checked,
  named: boolean,
): Pick<ReportedProperty, 'judgement' | 'reason'> {
  const { name, kind, verdict } = property
  if (verdict === 'incomplete')
    return {
      judgement: 'open',
      reason: `incomplete: ${result.incomplete === undefined ? 'not decided' : incompleteText[result.incomplete]}`,
    }
  if (verdict === 'undecided')
    return property.why === undefined
      ? { judgement: 'open', reason: whyUndecided(result) }
      : { judgement: 'passed', reason: property.why }
  const wanted = !named && expectation?.verdict === 'violated' ? expectation : undefined
  if (verdict === 'holds') {
    return wanted?.violated?.includes(name) === true
      ? { judgement: 'failed', reason: `not violated, although that is expected (${wanted.source})` }
      : { judgement: 'passed', reason: 'holds' }
  }
  const how =
    kind === 'sometimes'
      ? 'violated: it is not possible'
      : `violated${property.minimal === undefined ? '' : ','} ${sizeText(property, result.minimize)}`
  return wanted !== undefined && wanted.violated?.includes(name) !== false
    ? { judgement: 'expected', reason: `${how}, as expected (${wanted.source})` }
    : { judgement: 'failed', reason: how }
}
