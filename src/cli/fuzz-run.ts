/** Carries out a `fuzz`: what is printed of it, what is saved, and the exit code. */
import { configure } from '../language/configure.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import type { Canvas } from '../report/drawing.ts'
import { drawTrace } from '../report/drawing.ts'
import {
  drawingLines,
  fuzzedLines,
  fuzzProgressText,
  fuzzSummaryLines,
  reducedText,
  type Drawing,
} from '../report/fuzz.ts'
import { headline, showSizes } from '../report/text.ts'
import { claimKey, type ClaimKey } from '../language/claims.ts'
import { fuzz, type FuzzProgress, type FuzzResult } from '../schedules/fuzz.ts'
import { originOf, record } from '../schedules/record.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { DEPTH, strategyOf } from '../schedules/strategies/index.ts'
import type { Run } from '../semantics/machine.ts'
import type { PropertyResult } from '../explorer/result.ts'
import { INCOMPLETE, INTERRUPTED, VIOLATED } from './codes.ts'
import { canvasOf, inCharacters, print } from './context.ts'
import type { Context } from './context.ts'
import type { Environment } from './environment.ts'
import type { FuzzCommand } from './fuzz.ts'
import { progressLineOf } from './progress.ts'
import { repeatOf } from './repeat.ts'
import type { Target } from './targets.ts'
import { tracesOf } from './traces.ts'

export async function runFuzz(context: Context, target: Target, options: FuzzCommand): Promise<number> {
  const {
    environment: { stdout, stderr, cwd, program, version, onInterrupt },
  } = context
  const { setting, properties } = target
  const model = configure(setting.protocol.model, setting.configuration)
  const strategy = strategyOf(options.strategy, { depth: options.depth })
  const { runs, seed, maxSteps } = options
  const guarantee = strategy.guarantee?.({ threads: model.instances.length, maxSteps })
  const drawing: Drawing = {
    strategy: options.strategy === 'pct' ? `pct of depth ${options.depth ?? DEPTH}` : strategy.name,
    runs,
    seed,
    maxSteps,
    ...(guarantee === undefined ? {} : { guarantee }),
  }
  const command = commandOf(program, target, options)
  const interrupt = new AbortController()
  const release = onInterrupt(() => {
    interrupt.abort()
  })
  const progress = progressLineOf<FuzzProgress>(
    stderr,
    `${setting.protocol.name}@${setting.variant.name}`,
    fuzzProgressText,
  )
  const result = await fuzz(model, {
    properties,
    runs,
    seed,
    strategy,
    maxSteps,
    stopAtFirst: options.stopAtFirst === true,
    signal: interrupt.signal,
    onProgress: progress.onProgress,
  }).finally(() => {
    progress.done()
    release()
  })
  if (options.json !== true) {
    const canvas = canvasOf(context.environment, options.ascii)
    const lines = [
      ...headline(setting, canvas.width, canvas.paint),
      ...drawingLines(drawing, canvas.width),
      '',
      ...fuzzedLines(result, canvas.paint),
      ...(await drawings(context.environment, model, target, shownIn(result, target.chosen), canvas)),
      '',
      ...fuzzSummaryLines(result, command, canvas.paint),
    ]
    print(stdout, inCharacters(lines, canvas))
  }
  if (options.out !== undefined) {
    const { saveSchedules } = await import('./save.ts')
    const files = saveSchedules(
      [...schedulesOf(model, target, result, target.chosen).values()],
      options.out,
      cwd,
      false,
    )
    print(options.json === true ? stderr : stdout, [
      files.length === 0 ? `nothing to save in ${options.out}: no schedule was found` : `saved: ${files.join(', ')}`,
    ])
  }
  if (options.json === true) {
    const { fuzzDocument } = await import('../report/fuzz-json.ts')
    const document = fuzzDocument(setting, drawing, result, schedulesOf(model, target, result, true), {
      version: await version(),
      command,
    })
    stdout.write(`${JSON.stringify(document, undefined, 2)}\n`)
  }
  return result.interrupted ? INTERRUPTED : result.verdict === 'violated' ? VIOLATED : INCOMPLETE
}

interface Shown {
  readonly name: string
  readonly kind: Schedule['property']['kind']
  readonly outcome: 'violated' | 'witnessed'
  readonly run: Run
}

/** What has a schedule; witnesses only if they are asked for. */
function shownIn({ properties }: FuzzResult, witnesses: boolean): readonly Shown[] {
  return properties.flatMap(({ name, kind, seen, run }) =>
    run !== undefined && (seen === 'violated' || (seen === 'witnessed' && witnesses))
      ? [{ name, kind, outcome: seen, run }]
      : [],
  )
}

async function drawings(
  environment: Environment,
  model: ConfiguredModel,
  target: Target,
  shown: readonly Shown[],
  canvas: Canvas,
): Promise<readonly string[]> {
  const results = shown.map(
    ({ name, kind, outcome, run }): PropertyResult => ({
      name,
      kind,
      verdict: outcome === 'violated' ? 'violated' : 'holds',
      steps: run.steps.length,
      run,
    }),
  )
  return (await tracesOf(environment, model, target, results)).flatMap(({ name, outcome, run, trace }) => [
    '',
    `${canvas.paint('bold', `${name} is ${outcome}, ${reducedText(run)}`)}:`,
    '',
    ...drawTrace(trace, canvas),
  ])
}

function schedulesOf(
  model: ConfiguredModel,
  { setting }: Target,
  result: FuzzResult,
  witnesses: boolean,
): ReadonlyMap<ClaimKey, Schedule> {
  return new Map(
    shownIn(result, witnesses).map(({ run, ...property }) => [
      claimKey(property),
      record(originOf(setting), model, property, run),
    ]),
  )
}

/** With everything by name that could be left to a default. */
function commandOf(
  program: string,
  { setting: { protocol, variant, scenario, sizes }, properties, chosen }: Target,
  options: FuzzCommand,
): string {
  const size = showSizes(sizes)
  return repeatOf(program, [
    'fuzz',
    `${protocol.name}@${variant.name}`,
    '--scenario',
    scenario.name,
    ...(size === '' ? [] : ['--config', size]),
    ...(chosen ? properties.flatMap((name) => ['--property', name]) : []),
    '--runs',
    String(options.runs),
    '--seed',
    String(options.seed),
    '--strategy',
    options.strategy,
    ...(options.strategy === 'pct' ? ['--depth', String(options.depth ?? DEPTH)] : []),
    '--max-steps',
    String(options.maxSteps),
    ...(options.stopAtFirst === true ? ['--stop-at-first'] : []),
    ...(options.catalogue ?? []).flatMap((file) => ['--catalogue', file]),
  ])
}
