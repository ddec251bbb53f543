/** `hmmcheck show`: draws a schedule, one column a thread, or writes it for another program. */
import { Command } from 'commander'
import type { Format } from '../report/formats/format.ts'
import type { ReportedProperty } from '../report/formats/reported.ts'
import { plural } from '../report/numbers.ts'
import type { Trace } from '../report/trace.ts'
import { canvasOf, inCharacters, print } from './context.ts'
import type { Context } from './context.ts'
import { formatOption } from './formats.ts'
import { collect } from './options.ts'
import { repeatOf } from './repeat.ts'
import type { Played } from './schedule-file.ts'

interface ShowCommand {
  readonly format?: Format
  readonly ascii?: true
  readonly catalogue?: readonly string[]
}

/** The subcommand. */
export function showCommand(context: Context): Command {
  return new Command('show')
    .summary('draw a schedule, one column a thread')
    .description(
      'Draws a schedule: one column a thread, what it does in the words of the kernel, the locks it holds and waits for, what changed in the state; or writes it in another format.',
    )
    .argument('<FILE>', 'a schedule, as check --out writes it')
    .addOption(formatOption())
    .option('--ascii', 'draw in plain ASCII')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (file: string, options: ShowCommand) => {
      const { format = 'text', catalogue = [] } = options
      const [{ conclude, playFile }, { traceOf }, { locator }] = await Promise.all([
        import('./schedule-file.ts'),
        import('../report/trace.ts'),
        import('./places.ts'),
      ])
      const { stdout, cwd } = context.environment
      const played = await playFile(context, file, catalogue)
      const { schedule, replay, claims } = played
      const property = replay.kind === 'confirmed' ? schedule.property : undefined
      const trace = replay.run && traceOf(replay.machine, replay.run, { property, claims, locate: locator(cwd) })
      if (format === 'text') print(stdout, await drawn(context, played, trace, options))
      else stdout.write(await written(context, played, trace, format, options))
      context.exit(conclude(context, file, played))
    })
}

async function drawn(
  { environment }: Context,
  { schedule, replay }: Played,
  trace: Trace | undefined,
  { ascii }: ShowCommand,
): Promise<readonly string[]> {
  const [{ drawTrace }, { outcomeOf }, { titleOf }] = await Promise.all([
    import('../report/drawing.ts'),
    import('../report/replay.ts'),
    import('./schedule-file.ts'),
  ])
  const canvas = canvasOf(environment, ascii)
  const drawing = trace === undefined ? [] : ['', ...drawTrace(trace, canvas)]
  return inCharacters(
    [
      canvas.paint('bold', titleOf(schedule)),
      replay.kind === 'confirmed' ? outcomeOf(schedule) : `recorded because ${outcomeOf(schedule)}`,
      ...drawing,
    ],
    canvas,
  )
}

async function written(
  { environment, argv }: Context,
  played: Played,
  trace: Trace | undefined,
  format: Exclude<Format, 'text'>,
  options: ShowCommand,
): Promise<string> {
  const { schedule, replay } = played
  const version = await environment.version()
  if (format === 'json')
    return `${JSON.stringify({ schema: 1, version, schedule, outcome: replay.kind, trace: trace ?? null }, undefined, 2)}\n`
  const [{ reportText, traceText }, { titleOf }, { showSizes }] = await Promise.all([
    import('./formats.ts'),
    import('../report/formats/reported.ts'),
    import('../report/text.ts'),
  ])
  const {
    model,
    variant,
    configuration: { scenario, sizes },
  } = schedule
  const about = { model, variant, scenario, sizes: showSizes(sizes) }
  if (format === 'itf' || format === 'mermaid') {
    return trace === undefined || replay.run === undefined
      ? ''
      : traceText(format, { machine: replay.machine, run: replay.run, trace }, titleOf(about))
  }
  const properties = [await reportedProperty(environment, played, trace, options)]
  return reportText(format, {
    version,
    started: new Date().toISOString(),
    runs: [
      { ...about, seconds: 0, command: repeatOf(environment.program, argv), properties, warnings: [], strict: false },
    ],
  })
}

async function reportedProperty(
  environment: Context['environment'],
  { schedule, replay, claims }: Played,
  trace: Trace | undefined,
  { ascii }: ShowCommand,
): Promise<ReportedProperty> {
  const [{ drawingOf }, { refusalOf }] = await Promise.all([import('./formats.ts'), import('../report/replay.ts')])
  const { name, kind, outcome } = schedule.property
  const traces = trace === undefined ? [] : [trace]
  const claim = claims.properties.find((one) => one.name === name)?.claim
  const confirmed = replay.kind === 'confirmed'
  return {
    name,
    kind,
    traces,
    drawing: await drawingOf(environment, traces, ascii),
    judgement: !confirmed ? 'open' : outcome === 'violated' ? 'failed' : 'passed',
    reason: confirmed ? `${outcome} after ${plural(schedule.steps.length, 'step')}` : (refusalOf(replay) ?? ''),
    ...(claim === undefined ? {} : { claim }),
  }
}
