/** Carries out one run of `check`, in whatever thread, and makes plain data of it. */
import type { PropertyResult } from '../explorer/result.ts'
import { exampleOf } from '../semantics/counterexample.ts'
import type { Environment } from './environment.ts'
import type { PageDocument } from '../page/document.ts'
import type { RecordedRun } from '../page/record.ts'
import { isDirectory, outPlace } from './files.ts'
import { judgedRun, judgedSchedules, type JudgedRun, type JudgedSchedule, type RunOptions } from './judged-run.ts'
import type { RunReport, Reporter } from './reporters/reporter.ts'
import type { RunTarget } from './targets.ts'

/** Explores a target, judges the result and renders it. */
export async function carryOut<Part>(
  environment: Environment,
  target: RunTarget,
  options: Omit<RunOptions, 'witnesses'>,
  reporter: Reporter<Part>,
): Promise<RunReport<Part>> {
  const judged = await judgedRun(environment, target, { ...options, witnesses: reporter.witnesses })
  const { checked, judgement } = judged
  const { setting, result, atomicity = [], command } = checked
  const { out } = options.plan
  const saved = out === undefined ? [] : judgedSchedules(judged, savedOf(judged))
  return {
    part: reporter.run(judged),
    model: setting.protocol.name,
    scenario: setting.scenario.name,
    judgement,
    seconds: result.seconds,
    neverTaken: result.neverTaken.length,
    warnings: result.warnings,
    atomicity,
    schedules: saved.map(({ schedule }) => schedule),
    pages: await pagesOf(environment, saved, out, { command, view: setting.protocol.view }),
    command,
  }
}

/** The pages that stand beside schedules in a directory. */
async function pagesOf(
  { cwd }: Environment,
  saved: readonly JudgedSchedule[],
  out: string | undefined,
  about: Pick<RecordedRun, 'command' | 'view'>,
): Promise<readonly PageDocument[]> {
  if (out === undefined || saved.length === 0 || !isDirectory(outPlace(out, cwd))) return []
  const { pageOf } = await import('./pages.ts')
  return saved.map(({ example, schedule }) => pageOf(example, schedule, cwd, about))
}

/**
 * The properties whose schedule `--out` saves: those that were asked for by name; if none of these has a schedule,
 * those that are violated, since lock misuse is always judged.
 */
function savedOf({ target, checked }: JudgedRun): (property: PropertyResult) => boolean {
  const asked = target.chosen
    ? checked.result.properties.filter(
        (one) => target.properties.includes(one.name) && (exampleOf(one) ?? one.cycle) !== undefined,
      )
    : []
  return (property) => (asked.length > 0 ? asked.includes(property) : property.verdict === 'violated')
}
