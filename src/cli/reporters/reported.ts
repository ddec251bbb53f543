/** Formats of whole runs, for build servers and code hosts: both are written from the same value. */
import { isSameClaim } from '../../language/claims.ts'
import { definedFields } from '../../language/defined-fields.ts'
import type { Reported, ReportedProperty, ReportedRun } from '../../report/formats/reported.ts'
import { drawTrace } from '../../report/drawing.ts'
import type { JudgedProperty } from '../../report/judged.ts'
import { plural } from '../../report/numbers.ts'
import { plainPaint } from '../../report/paint.ts'
import { refusalOf } from '../../report/replay.ts'
import { showSizes } from '../../report/text.ts'
import type { Trace } from '../../report/trace.ts'
import { canvasOf } from '../context.ts'
import type { Environment } from '../environment.ts'
import type { JudgedRun } from '../judged-run.ts'
import { tracesOf } from '../traces.ts'
import type { Reporter, ShownSchedule } from './reporter.ts'

/** The options that it heeds. */
interface Style {
  readonly ascii: true | undefined
  /** Whether a build should fail over a warning. */
  readonly strict: boolean
}

/** @param write the document: `junit`, `sarif` */
export function reportedRuns(
  environment: Environment,
  style: Style,
  write: (reported: Reported) => string,
): Reporter<ReportedRun> {
  return {
    witnesses: false,
    remarks: 'stderr',
    run: (judged) => reportedRun(environment, style, judged),
    end({ outcomes, version, started }) {
      environment.stdout.write(write({ version, started, runs: outcomes.map(({ part }) => part) }))
    },
  }
}

function reportedRun(environment: Environment, { ascii, strict }: Style, judged: JudgedRun): ReportedRun {
  const { setting, result, command } = judged.checked
  const { memory, incomplete } = result
  return {
    model: setting.protocol.name,
    variant: setting.variant.name,
    scenario: setting.scenario.name,
    sizes: showSizes(setting.sizes),
    seconds: result.seconds,
    command,
    properties: judged.properties.map((property) => reportedProperty(environment, ascii, judged, property)),
    warnings: result.warnings,
    strict,
    ...definedFields({ memory, incomplete }),
  }
}

function reportedProperty(
  environment: Environment,
  ascii: true | undefined,
  judged: JudgedRun,
  { name, kind, judgement, reason, result }: JudgedProperty,
): ReportedProperty {
  const traces = result?.verdict === 'violated' ? tracesOf([result], environment.cwd).map(({ trace }) => trace) : []
  const claim = judged.model.properties.find((one) => isSameClaim(one, { kind, name }))?.claim
  const drawing = judgement === 'failed' ? drawingOf(environment, traces, ascii) : []
  return { name, kind, judgement, reason, traces, drawing, ...definedFields({ claim }) }
}

/** The schedules as `show` draws them, without colours. */
function drawingOf(environment: Environment, traces: readonly Trace[], ascii: true | undefined): readonly string[] {
  const canvas = { ...canvasOf(environment, ascii), paint: plainPaint }
  return traces.flatMap((trace, n) => (n === 0 ? drawTrace(trace, canvas) : ['', ...drawTrace(trace, canvas)]))
}

/** One schedule, as a run of its property alone. */
export function reportOfSchedule(shown: ShownSchedule, write: (reported: Reported) => string): string {
  const { schedule, version, command } = shown
  const { model, variant, configuration } = schedule
  const run: ReportedRun = {
    model,
    variant,
    scenario: configuration.scenario,
    sizes: showSizes(configuration.sizes),
    seconds: 0,
    command,
    properties: [shownProperty(shown)],
    warnings: [],
    strict: false,
  }
  return write({ version, started: new Date().toISOString(), runs: [run] })
}

function shownProperty({ environment, ascii, schedule, replay, trace, claims }: ShownSchedule): ReportedProperty {
  const { name, kind, outcome } = schedule.property
  const traces = trace === undefined ? [] : [trace]
  const claim = claims.properties.find((one) => one.name === name)?.claim
  const confirmed = replay.kind === 'confirmed'
  return {
    name,
    kind,
    traces,
    drawing: drawingOf(environment, traces, ascii),
    judgement: !confirmed ? 'open' : outcome === 'violated' ? 'failed' : 'passed',
    reason: confirmed ? `${outcome} after ${plural(schedule.steps.length, 'step')}` : (refusalOf(replay) ?? ''),
    ...definedFields({ claim }),
  }
}
