/** Carries out a `check`: every run, what is printed of it, what is saved, and the exit code. */
import { ofOneTrace } from '../report/formats/format.ts'
import type { Format } from '../report/formats/format.ts'
import { distinctTouchings } from '../analysis/atomicity.ts'
import { distinct } from '../analysis/warning.ts'
import { configure } from '../language/configure.ts'
import { selectProperties } from '../language/select.ts'
import type { Measure } from '../explorer/result.ts'
import { atomicityLines } from '../report/atomicity.ts'
import { headline } from '../report/text.ts'
import { warningLines } from '../report/warnings.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, VIOLATED } from './codes.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import { carryOut, limitsOf, touchingsOf } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import { isPattern } from './patterns.ts'
import { repeatOf } from './repeat.ts'
import { isLargeTarget, parseModel } from './targets.ts'
import type { Target, Wanted } from './targets.ts'
import { wrap } from '../report/wrap.ts'

/** The options of `check`, as commander gives them. */
export interface CheckCommand extends Wanted {
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
  /** Also without a limit that was met. */
  readonly profile?: true
  /** False: the type checker is not asked. */
  readonly typecheck?: boolean
  /** As `format` is `json`. */
  readonly json?: true
  readonly format?: Format
  readonly ascii?: true
  readonly out?: string
  readonly catalogue?: readonly string[]
}

/** More files than these are counted, not named. */
const FEW_FILES = 12

/** What is to be checked. */
export interface Selected {
  /** The models as they were typed. */
  readonly words: readonly string[]
  readonly targets: readonly Target[]
  /** Whether one run is named outright. */
  readonly isOne: boolean
  /** What is to be printed before anything else is waited for here. */
  readonly before?: () => Promise<unknown>
}

export async function runCheck(context: Context, selected: Selected, options: CheckCommand): Promise<number> {
  if (options.dryRun === true) return dryRun(context, selected.targets, options)
  const { stdout, onInterrupt } = context.environment
  const interrupt = new AbortController()
  const release = onInterrupt(() => {
    interrupt.abort()
  })
  const finished: Outcome[] = []
  const started = new Date().toISOString()
  try {
    for await (const outcome of outcomes(context, selected, options, interrupt.signal)) {
      finished.push(outcome)
      await selected.before?.()
      print(stdout, outcome.lines)
    }
    await report(context, selected, finished, options, started)
  } finally {
    release()
  }
  return interrupt.signal.aborted ? INTERRUPTED : exitCode(finished, selected.isOne, options)
}

/**
 * Workers make a large search faster and a small one slower: of several runs, those of seconds go side by side, in as
 * many threads, and those of minutes after them, one by one, with all of the workers. Without a word of workers all
 * go side by side; with a limit of memory, which is of the whole process, none do.
 */
async function* outcomes(
  { environment }: Context,
  { words, targets, isOne }: Selected,
  options: CheckCommand,
  signal: AbortSignal,
): AsyncGenerator<Outcome> {
  const { workers, ...single } = options
  const { runners } = environment
  const isForWorkers = (target: Target): boolean =>
    workers !== undefined && (targets.length === 1 || isLargeTarget(target))
  const small = targets.flatMap((target, n) => (isForWorkers(target) ? [] : [n]))
  const threads =
    runners === undefined || options.maxMemory !== undefined
      ? 1
      : Math.min(workers ?? runners.count, runners.count, small.length)
  if (runners !== undefined && threads > 1) {
    const { outcomesOfThreads } = await import('./runners.ts')
    yield* outcomesOfThreads(
      environment,
      { ...runners, count: threads },
      { words, targets, numbers: small },
      single,
      signal,
    )
  }
  const here = targets.filter((target) => !isForWorkers(target) && threads === 1)
  for (const target of [...here, ...targets.filter(isForWorkers)]) {
    if (signal.aborted) return
    yield await carryOut(environment, target, isForWorkers(target) ? options : single, isOne, signal)
  }
}

/** What comes after the last run: the document, the files. */
async function report(
  { environment, argv }: Context,
  { words, targets, isOne }: Selected,
  finished: readonly Outcome[],
  options: CheckCommand,
  started: string,
): Promise<void> {
  const { stdout, stderr, cwd, program, version, variables } = environment
  const { format = 'text' } = options
  if (options.out !== undefined) {
    const { saveSchedules } = await import('./save.ts')
    const files = saveSchedules(
      finished.flatMap(({ schedules }) => schedules),
      options.out,
      cwd,
      words.length !== 1 || words.some((word) => isPattern(parseModel(word).model)),
    )
    const note =
      files.length === 0
        ? `nothing to save in ${options.out}: no schedule was found`
        : files.length > FEW_FILES
          ? `saved: ${files.length} schedules in ${options.out}`
          : `saved: ${files.join(', ')}`
    print(format === 'text' ? stdout : stderr, [note])
  }
  if (format === 'json') {
    const runs = finished.flatMap(({ document }) => (document === undefined ? [] : [document]))
    const [only] = finished
    const command = isOne && only !== undefined ? only.command : repeatOf(program, argv)
    stdout.write(`${JSON.stringify({ schema: 1, version: await version(), command, runs }, undefined, 2)}\n`)
  } else if (format !== 'text') {
    const { reportText } = await import('./formats.ts')
    const [trace] = finished.flatMap((one) => one.trace ?? [])
    if (trace !== undefined) stdout.write(trace)
    else if (ofOneTrace(format))
      print(stderr, [
        `HMM262: nothing is violated, so there is no schedule to write as ${format}; a witness of what is possible is asked for by --property`,
      ])
    else
      stdout.write(
        await reportText(format, {
          version: await version(),
          started,
          runs: finished.flatMap(({ reported }) => reported ?? []),
        }),
      )
  } else if (!isOne) {
    // What several runs of one model warn of is told once.
    const warned = warningLines(
      distinct(finished.flatMap(({ warnings }) => warnings)),
      widthOf(stdout),
      paintOf(stdout, variables),
    )
    const atomicity = atomicityLines(distinctTouchings(finished.flatMap((one) => one.atomicity)), widthOf(stdout))
    print(stdout, [
      ...(warned.length === 0 ? [] : ['', ...warned]),
      ...(atomicity.length === 0 ? [] : ['', ...atomicity]),
      '',
      catalogueLine(finished),
      ...notCheckedLines(targets, finished, widthOf(stdout)),
    ])
  }
}

/** Scenarios that no run was of, by model: an interrupt leaves out some that were asked for. */
function notCheckedLines(targets: readonly Target[], finished: readonly Outcome[], width: number): readonly string[] {
  const protocols = new Map(targets.map(({ setting: { protocol } }) => [protocol.name, protocol]))
  const left = [...protocols.values()].flatMap(({ name, scenarios }) => {
    const checked = finished.filter(({ model }) => model === name).map(({ scenario }) => scenario)
    const others = scenarios
      .filter((scenario) => !checked.includes(scenario.name))
      .map((scenario) => `${scenario.name}${scenario.large === true ? ' (large)' : ''}`)
    return others.length === 0 ? [] : [`${name} in ${others.join(', ')}`]
  })
  return left.length === 0 ? [] : wrap(`not checked: ${left.join('; ')}`, width)
}

function catalogueLine(runs: readonly Outcome[]): string {
  const count = (wanted: Outcome['judgement']): number => runs.filter(({ judgement }) => judgement === wanted).length
  return `${runs.length} checked: ${count('expected')} as expected, ${count('unexpected')} not, ${count('open')} incomplete`
}

/**
 * The code of a run that is named tells its verdict, whatever was expected; that of several, whether all is as
 * expected.
 */
function exitCode(runs: readonly Outcome[], isOne: boolean, { failOn, strict }: CheckCommand): number {
  const warned = strict === true && runs.some(({ warnings }) => warnings.length > 0)
  const untaken = failOn === 'never-taken' && runs.some(({ neverTaken }) => neverTaken > 0)
  const verdicts = runs.map(({ verdict, judgement }) =>
    isOne
      ? { holds: HOLDS, violated: VIOLATED, incomplete: INCOMPLETE }[verdict]
      : { expected: HOLDS, unexpected: VIOLATED, open: INCOMPLETE }[judgement],
  )
  if (untaken || warned || verdicts.includes(VIOLATED)) return VIOLATED
  return verdicts.includes(INCOMPLETE) ? INCOMPLETE : HOLDS
}

async function dryRun(
  { environment: { engine, stdout, variables, cwd } }: Context,
  targets: readonly Target[],
  options: CheckCommand,
): Promise<number> {
  const { dryLines } = await import('../report/dry.ts')
  const { atomicityTable } = await import('../report/atomicity.ts')
  const paint = paintOf(stdout, variables)
  for (const { setting, properties } of targets) {
    const model = selectProperties(configure(setting.protocol.model, setting.configuration), properties)
    print(stdout, [
      ...headline(setting, widthOf(stdout), paint),
      '',
      ...dryLines(model, await engine.describeLayout(model, limitsOf(options)), paint),
      ...atomicityTable(touchingsOf(model, cwd)),
      '',
    ])
  }
  return HOLDS
}
