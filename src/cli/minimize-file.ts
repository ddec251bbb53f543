/** Carries out a `minimize`: the search, the report, the saved schedule, and the exit code. */
import { resolve } from 'node:path'
import { errorText } from '../language/error-text.ts'
import { drawRun } from '../report/drawing.ts'
import { showRunSize, stageLines } from '../report/minimized.ts'
import { plural } from '../report/numbers.ts'
import { reachOf } from '../report/projection.ts'
import { renewedNote } from '../report/shows.ts'
import { scheduleTitle } from '../report/title.ts'
import type { Mismatch } from '../schedules/fit.ts'
import { minimize, type FoundRun, type Minimized } from '../schedules/minimize.ts'
import { readSchedule } from '../schedules/read.ts'
import { originOf, record } from '../schedules/record.ts'
import type { Catalogue } from '../catalogue/protocol.ts'
import { correctedBy } from '../schedules/corrected.ts'
import { allCatalogues, protocolNamed } from './catalogues.ts'
import { repeatOf } from './command-text.ts'
import { canvasOf, paintOf, print } from './context.ts'
import type { Context } from './context.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, VIOLATED } from './exit-codes.ts'
import { readText } from './files.ts'
import { lockedAs } from './locking.ts'
import type { MinimizeFlags } from './options/minimize.ts'
import { locator } from './places.ts'
import { progressText } from './progress.ts'
import { lockAt, writeReadable } from './save.ts'
import { claimsOf } from './schedule-file.ts'
import { session } from './session.ts'

/** @returns the exit code */
export async function minimizeFile(context: Context, file: string, flags: MinimizeFlags): Promise<number> {
  const { environment } = context
  const { engine, cwd } = environment
  const schedule = readSchedule(readText(resolve(cwd, file)), file)
  const catalogue = await allCatalogues(context.catalogue, flags.catalogue ?? [], cwd)
  const protocol = protocolNamed(catalogue, schedule.model)
  const text = { name: `${schedule.model}@${schedule.variant}`, show: progressText }
  const { minimized, isInterrupted } = await session(environment, text, async ({ signal, onProgress }) => {
    const found = await minimize(protocol, schedule, engine.check, { ...flags, signal, onProgress })
    return { minimized: found, isInterrupted: signal.aborted }
  })
  const code = tell(context, catalogue, file, minimized, flags)
  return isInterrupted ? INTERRUPTED : code
}

/** Prints, draws and saves what came of it. */
function tell(
  context: Context,
  catalogue: Catalogue,
  file: string,
  minimized: Minimized,
  { out, ascii }: MinimizeFlags,
): number {
  const { environment, argv } = context
  const { stdout, stderr, variables, cwd, program } = environment
  const paint = paintOf(stdout, variables)
  const {
    property,
    result,
    setting,
    fit: { mismatches },
  } = minimized
  const saved = result === undefined || out === undefined ? undefined : save(context, catalogue, result, out)
  print(stdout, [paint('bold', scheduleTitle(originOf(setting))), '', ...stageLines(minimized)])
  if (mismatches.length > 0) print(stderr, [`HMM231: ${file} no longer fits the model: ${mismatchText(mismatches)}`])
  if (result === undefined) {
    const tried =
      minimized.search.kind === 'never'
        ? { why: 'no state of the model shows it', remedy: undefined }
        : {
            why: 'neither the steps that still fit nor a search shows it',
            remedy: 'allow more with --max-states or --timeout',
          }
    const what = `${property.name} is no longer ${property.outcome}: ${tried.why}`
    print(stderr, [errorText({ code: 'HMM230', what, remedy: tried.remedy })])
    return VIOLATED
  }
  print(stdout, [
    '',
    paint(
      'bold',
      `${property.name} is ${property.outcome} in ${plural(result.run.steps.length, 'step')}, ${scheduleTitle(originOf(result.setting))}:`,
    ),
    '',
    ...drawRun(result.machine, result.run, {
      ...canvasOf(environment, ascii),
      property,
      claims: claimsOf(result.setting),
      locate: locator(cwd),
    }),
    '',
    `${paint('bold', result.minimal === 'proven' ? 'minimal' : 'reduced')}: ${showRunSize(result.size, minimized.minimize)}`,
    ...(saved === undefined ? [] : [saved.line]),
    `repeat with: ${repeatOf(program, argv)}`,
  ])
  if (saved?.complaint !== undefined) print(stderr, [saved.complaint])
  return saved?.code ?? HOLDS
}

/** The result of writing the schedule. */
interface Saved {
  readonly line: string
  readonly code: number
  readonly complaint?: string
}

/** Writes the schedule; onto a lock, as that lock, if the corrected variant can't do it. */
function save({ environment: { cwd } }: Context, catalogue: Catalogue, found: FoundRun, out: string): Saved {
  const path = resolve(cwd, out)
  const { setting, machine, run } = found
  const schedule = record(originOf(setting), found)
  const known = lockAt(path, out, schedule)
  if (known === undefined) {
    writeReadable(path, out, schedule)
    return { line: `saved: ${out}`, code: HOLDS }
  }
  const { lock, compared } = lockedAs({
    setting,
    schedule,
    machine,
    run,
    note: renewedNote(known.lock, known, schedule),
    corrected: correctedBy(setting.protocol, schedule, known.lock.corrected, (model) =>
      protocolNamed(catalogue, model),
    ),
  })
  if (compared.projected.kind === 'reached') {
    const complaint = `HMM253: ${out} is not changed: ${reachOf(compared)}`
    return { line: `not saved: ${out}`, code: VIOLATED, complaint }
  }
  writeReadable(path, out, lock)
  const line = `saved: ${out}, a lock as before`
  if (compared.projected.kind === 'forbidden') return { line, code: HOLDS }
  const complaint = `HMM257: ${out} is saved, but not every path of ${lock.lock.corrected} was explored`
  return { line, code: INCOMPLETE, complaint }
}

function mismatchText(mismatches: readonly Mismatch[]): string {
  const [start, steps] = [mismatches.find(({ step }) => step === 0), mismatches.filter(({ step }) => step > 0)]
  const [first] = steps
  return [
    ...(start === undefined ? [] : [`there is no initial state with ${start.wanted}`]),
    ...(first === undefined
      ? []
      : [`${plural(steps.length, 'step')} left out, first step ${first.step}, ${first.wanted}`]),
  ].join('; ')
}
