/** Carries out a `check`: each target in turn, what is printed of it, what is saved, and the exit code. */
import { ofOneTrace } from '../report/formats/format.ts'
import type { Format } from '../report/formats/format.ts'
import { distinct } from '../analysis/warning.ts'
import { configure } from '../language/configure.ts'
import { selectProperties } from '../language/select.ts'
import type { Measure } from '../explorer/result.ts'
import { headline } from '../report/text.ts'
import { warningLines } from '../report/warnings.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, VIOLATED } from './codes.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import { carryOut, limitsOf } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import { repeatOf } from './repeat.ts'
import type { Target } from './targets.ts'

/** The options of `check`, as commander gives them. */
export interface CheckCommand {
  readonly scenario?: string
  readonly config?: Readonly<Record<string, number>>
  readonly property?: readonly string[]
  readonly large?: true
  readonly workers?: number
  readonly maxStates?: number
  readonly maxMemory?: number
  readonly timeout?: number
  readonly stopAtFirst?: true
  readonly minimize?: Measure
  readonly keepDeadLocals?: true
  readonly failOn?: 'never-taken'
  readonly strict?: true
  readonly dryRun?: true
  /** As `format` is `json`. */
  readonly json?: true
  readonly format?: Format
  readonly ascii?: true
  readonly out?: string
  readonly catalogue?: readonly string[]
}

/** More files than these are counted, not named. */
const FEW_FILES = 12

/** @param named whether the user named the one target */
export async function runCheck(context: Context, targets: readonly Target[], named: boolean, options: CheckCommand): Promise<number> {
  if (options.dryRun === true) return dryRun(context, targets, options)
  const { stdout, onInterrupt } = context.environment
  const interrupt = new AbortController()
  const release = onInterrupt(() => { interrupt.abort() })
  const finished: Outcome[] = []
  const started = new Date().toISOString()
  try {
    for await (const outcome of outcomes(context, targets, named, options, interrupt.signal)) {
      finished.push(outcome)
      print(stdout, outcome.lines)
    }
    await report(context, finished, options, named, started)
  } finally {
    release()
  }
  return interrupt.signal.aborted ? INTERRUPTED : exitCode(finished, named, options)
}

/** One after the other, as far as the user lets it come; or several at once, where nothing is said that they would have to share. */
async function* outcomes({ environment }: Context, targets: readonly Target[], named: boolean, options: CheckCommand, signal: AbortSignal): AsyncGenerator<Outcome> {
  if (environment.runners !== undefined && targets.length > 1 && options.workers === undefined && options.maxMemory === undefined) {
    const { outcomesOfThreads } = await import('./runners.ts')
    yield* outcomesOfThreads(environment, environment.runners, targets, options, signal)
    return
  }
  for (const target of targets) {
    if (signal.aborted) return
    yield await carryOut(environment, target, options, named, signal)
  }
}

/** What comes after the last run: the document, the files. */
async function report({ environment, argv }: Context, finished: readonly Outcome[], options: CheckCommand, named: boolean, started: string): Promise<void> {
  const { stdout, stderr, cwd, program, version, variables } = environment
  const { format = 'text' } = options
  if (options.out !== undefined) {
    const { saveSchedules } = await import('./save.ts')
    const files = saveSchedules(finished.flatMap(({ schedules }) => schedules), options.out, cwd, !named)
    const note = files.length === 0 ? `nothing to save in ${options.out}: no schedule was found`
      : files.length > FEW_FILES ? `saved: ${files.length} schedules in ${options.out}` : `saved: ${files.join(', ')}`
    print(format === 'text' ? stdout : stderr, [note])
  }
  if (format === 'json') {
    const runs = finished.flatMap(({ document }) => document === undefined ? [] : [document])
    const [only] = finished
    const command = named && only !== undefined ? only.command : repeatOf(program, argv)
    stdout.write(`${JSON.stringify({ schema: 1, version: await version(), command, runs }, undefined, 2)}\n`)
  } else if (format !== 'text') {
    const { reportText } = await import('./formats.ts')
    const [trace] = finished.flatMap((one) => one.trace ?? [])
    if (trace !== undefined) stdout.write(trace)
    else if (ofOneTrace(format)) print(stderr, [`HMM262: nothing is violated, so there is no schedule to write as ${format}; a witness of what is possible is asked for by --property`])
    else stdout.write(await reportText(format, { version: await version(), started, runs: finished.flatMap(({ reported }) => reported ?? []) }))
  } else if (!named) {
    // What several runs of one model warn of is told once.
    const warned = warningLines(distinct(finished.flatMap(({ warnings }) => warnings)), widthOf(stdout), paintOf(stdout, variables))
    print(stdout, [...(warned.length === 0 ? [] : ['', ...warned]), '', catalogueLine(finished)])
  }
}

function catalogueLine(runs: readonly Outcome[]): string {
  const count = (wanted: Outcome['judgement']): number => runs.filter(({ judgement }) => judgement === wanted).length
  return `${runs.length} checked: ${count('expected')} as expected, ${count('unexpected')} not, ${count('open')} incomplete`
}

/** The code of a named model tells its verdict, whatever was expected; that of the catalogue, whether all is as expected. */
function exitCode(runs: readonly Outcome[], named: boolean, { failOn, strict }: CheckCommand): number {
  const warned = strict === true && runs.some(({ warnings }) => warnings.length > 0)
  const untaken = failOn === 'never-taken' && runs.some(({ neverTaken }) => neverTaken > 0)
  const verdicts = runs.map(({ verdict, judgement }) => named
    ? { holds: HOLDS, violated: VIOLATED, incomplete: INCOMPLETE }[verdict]
    : { expected: HOLDS, unexpected: VIOLATED, open: INCOMPLETE }[judgement])
  if (untaken || warned || verdicts.includes(VIOLATED)) return VIOLATED
  return verdicts.includes(INCOMPLETE) ? INCOMPLETE : HOLDS
}

async function dryRun({ environment: { engine, stdout, variables } }: Context, targets: readonly Target[], options: CheckCommand): Promise<number> {
  const { dryLines } = await import('../report/dry.ts')
  const paint = paintOf(stdout, variables)
  for (const { setting, properties } of targets) {
    const model = selectProperties(configure(setting.protocol.model, setting.configuration), properties)
    print(stdout, [...headline(setting, widthOf(stdout), paint), '', ...dryLines(model, await engine.describeLayout(model, limitsOf(options)), paint), ''])
  }
  return HOLDS
}
