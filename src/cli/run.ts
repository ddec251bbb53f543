/** Carries out a `check`: the runs, the report, the saved schedules, and the exit code. */
import type { Setting } from '../catalogue/setting.ts'
import { configure } from '../language/configure.ts'
import { selectProperties } from '../language/select.ts'
import { atomicityTable } from '../report/atomicity.ts'
import { dryLines } from '../report/dry.ts'
import { byExpectation, byVerdict } from '../report/judged.ts'
import { headline } from '../report/text.ts'
import { repeatOf } from './command-text.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import type { Environment } from './environment.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, VIOLATED } from './exit-codes.ts'
import { limitsOf, profileWanted, touchingsOf, type RunOptions } from './judged-run.ts'
import type { CheckPlan } from './options/check.ts'
import { carryOut } from './outcome.ts'
import { silent } from './output.ts'
import { isPattern } from './patterns.ts'
import { withReporter } from './reporters/index.ts'
import type { RunReport, Reporter } from './reporters/reporter.ts'
import { outcomesOfThreads, type Finished } from './runners.ts'
import { inTurn, runsProgress, threadsFor } from './runs-progress.ts'
import { interruptible } from './session.ts'
import { isLargeTarget, parseModel } from './targets.ts'
import type { RunTarget } from './targets.ts'

/** More files than these are counted, not named. */
const FEW_FILES = 12

/** The runs that are wanted. */
export interface Selected {
  /** The models as they were typed. */
  readonly words: readonly string[]
  readonly targets: readonly RunTarget[]
  /** Whether one run is named: then the report has it in full, and the exit code is its verdict. */
  readonly isOne: boolean
  /** Prints what must stand before the first part of the report. */
  readonly before?: () => Promise<unknown>
}

/** Options of all runs. */
type Manner = Omit<RunOptions, 'witnesses'>

/** @returns the exit code */
export async function runCheck(context: Context, selected: Selected, plan: CheckPlan): Promise<number> {
  const { environment } = context
  const { isOne } = selected
  const judge = isOne ? byVerdict : byExpectation
  const profile = profileWanted(plan, isOne)
  return interruptible(environment, async (signal) => {
    const extent = isOne ? 'one' : selected.words.length === 0 ? 'catalogue' : 'several'
    const code = await withReporter(environment, plan, extent, (reporter) =>
      reportRuns(context, selected, { plan, judge, profile, signal }, reporter),
    )
    return signal.aborted ? INTERRUPTED : code
  })
}

/** Carries out the runs, and reports each as soon as it is over and, unless the reporter does not mind, those before it are. */
async function reportRuns<Part>(
  { environment, argv }: Context,
  selected: Selected,
  manner: Manner,
  reporter: Reporter<Part>,
): Promise<number> {
  const { targets, isOne } = selected
  const started = new Date().toISOString()
  const progress = runsProgress(environment, targets, isOne)
  let head: Promise<void> | undefined
  const begun = (setting: Setting): void => {
    head = begin(selected, setting, reporter)
  }
  reporter.expect?.(targets)
  const shown = inTurn<Part>(reporter.asTheyEnd === true ? undefined : turnsOf(targets, manner.plan), (report) => {
    progress.hide()
    reporter.print?.(report)
  })
  const quiet = progress.isDrawn ? { ...environment, stderr: silent(environment.stderr) } : environment
  try {
    for await (const { target, outcome } of outcomesOf(quiet, selected, { ...manner, begun }, reporter)) {
      await (head ?? selected.before?.())
      shown.over(target, outcome)
      progress.over(target, outcome.seconds)
    }
  } finally {
    progress.end()
  }
  const outcomes = shown.inOrder()
  if (manner.plan.out !== undefined) {
    print(environment[reporter.remarks], await saved(environment, selected.words, manner.plan.out, outcomes))
  }
  const [only] = outcomes
  const command = isOne && only !== undefined ? only.command : repeatOf(environment.program, argv)
  reporter.end({ outcomes, targets, version: await environment.version(), command, started })
  return exitCode(outcomes, manner.plan)
}

/** Writes the head of the report while the run goes on, as soon as what must stand before it is there. */
async function begin<Part>(selected: Selected, setting: Setting, reporter: Reporter<Part>): Promise<void> {
  await selected.before?.()
  if (selected.isOne) reporter.begin?.(setting)
}

/** Whether a run has all workers for itself. */
const isForWorkers = (target: RunTarget, { workers }: CheckPlan, count: number): boolean =>
  workers !== undefined && (count === 1 || isLargeTarget(target))

/** The numbers of the targets, in the order in which they begin. */
function turnsOf(targets: readonly RunTarget[], plan: CheckPlan): readonly number[] {
  const alone = targets.map((target) => isForWorkers(target, plan, targets.length))
  const numbers = targets.map((_, n) => n)
  return [...numbers.filter((n) => alone[n] === false), ...numbers.filter((n) => alone[n] === true)]
}

/**
 * Workers make a large search faster and a small one slower: of several runs, those of seconds go side by side, in as
 * many threads, and those of minutes after them, one by one, with all of the workers. Without `--workers` all go side
 * by side; with a limit of memory, which is of the whole process, none do.
 */
async function* outcomesOf<Part>(
  environment: Environment,
  { words, targets }: Selected,
  manner: Manner,
  reporter: Reporter<Part>,
): AsyncGenerator<Finished<Part>> {
  const { workers: _, ...single } = manner.plan
  const { runners } = environment
  const isAlone = (n: number): boolean => {
    const target = targets[n]
    return target !== undefined && isForWorkers(target, manner.plan, targets.length)
  }
  const turns = turnsOf(targets, manner.plan)
  const small = turns.filter((n) => !isAlone(n))
  const threads = threadsFor(environment, manner.plan, small.length)
  if (runners !== undefined && threads > 1) {
    const share = { words, targets, numbers: small }
    yield* outcomesOfThreads(environment, { ...runners, count: threads }, share, { ...manner, plan: single }, reporter)
  }
  for (const n of turns.filter((one) => isAlone(one) || threads === 1)) {
    const target = targets[n]
    if (manner.signal.aborted || target === undefined) return
    const plan = isAlone(n) ? manner.plan : single
    yield { target: n, outcome: await carryOut(environment, target, { ...manner, plan }, reporter) }
  }
}

/** Saves the schedules, and says where. */
async function saved(
  { cwd }: Environment,
  words: readonly string[],
  out: string,
  outcomes: readonly RunReport<unknown>[],
): Promise<readonly string[]> {
  // Few checks save anything, and what is written must be read again: the schema of a schedule takes 50 ms to load.
  const { saveSchedules } = await import('./save.ts')
  const manyModels = words.length !== 1 || words.some((word) => isPattern(parseModel(word).model))
  const files = saveSchedules(
    outcomes.flatMap(({ schedules }) => schedules),
    out,
    cwd,
    manyModels,
  )
  if (files.length === 0) return [`nothing to save in ${out}: no schedule was found`]
  const pages = outcomes.flatMap((one) => one.pages)
  const beside = pages.length === 0 ? [] : (await import('./pages.ts')).savePages(pages, files, cwd)
  return [
    files.length > FEW_FILES ? `saved: ${files.length} schedules in ${out}` : `saved: ${files.join(', ')}`,
    ...beside,
  ]
}

function exitCode(outcomes: readonly RunReport<unknown>[], { failOn, strict }: CheckPlan): number {
  const warned = strict === true && outcomes.some(({ warnings }) => warnings.length > 0)
  const untaken = failOn === 'never-taken' && outcomes.some(({ neverTaken }) => neverTaken > 0)
  const has = (judgement: RunReport<unknown>['judgement']): boolean =>
    outcomes.some((one) => one.judgement === judgement)
  if (untaken || warned || has('failed')) return VIOLATED
  return has('open') ? INCOMPLETE : HOLDS
}

/** `--dry-run`: describes the models, and explores nothing. */
export async function dryRun(
  { environment: { engine, stdout, variables, cwd } }: Context,
  targets: readonly RunTarget[],
  plan: CheckPlan,
): Promise<number> {
  const paint = paintOf(stdout, variables)
  for (const { setting, properties } of targets) {
    const model = selectProperties(configure(setting.protocol.model, setting.configuration), properties)
    print(stdout, [
      ...headline(setting, widthOf(stdout), paint),
      '',
      ...dryLines(model, await engine.describeLayout(model, limitsOf(plan)), paint),
      ...atomicityTable(touchingsOf(model, cwd)),
      '',
    ])
  }
  return HOLDS
}
