/** `hmmcheck minimize`: makes a schedule as small as it gets, whoever wrote it. */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { plural } from '../report/numbers.ts'
import type { Misfit } from '../schedules/fit.ts'
import type { Found, MinimizeOptions, Minimized } from '../schedules/minimize.ts'
import type { ScheduleProperty } from '../schedules/schedule.ts'
import { allCatalogues, protocolNamed } from './catalogues.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, VIOLATED } from './codes.ts'
import { canvasOf, paintOf, print } from './context.ts'
import type { Context } from './context.ts'
import { readText } from './files.ts'
import { collect, parseCount, parseSeconds } from './options.ts'
import { progressLine } from './progress.ts'
import { repeatOf } from './repeat.ts'

interface MinimizeCommand extends Pick<MinimizeOptions, 'minimize' | 'timeout'> {
  readonly maxStates: number
  readonly out?: string
  readonly ascii?: true
  readonly catalogue?: readonly string[]
}

/** Of each search, if nothing else is said: seconds, and less than a gigabyte. */
export const MAX_STATES = 10_000_000

/** The subcommand. */
export function minimizeCommand(context: Context): Command {
  return new Command('minimize')
    .summary('make a schedule as small as it gets')
    .description(
      "Reduces any schedule, then searches for a shorter one, then for one in a smaller scenario: fewer CPUs, devices, pages, addresses. Of a model that has changed, what still fits is kept. Ends with 0 if the property is shown, 1 if it can't be.",
    )
    .argument('<FILE>', 'a schedule, of whatever length and origin')
    .option('--out <FILE>', 'save the smallest schedule')
    .addOption(
      new Option(
        '--minimize <MEASURE>',
        'what is made smallest first: steps, then switches; switches, preemptions or threads, then steps',
      ).choices(['steps', 'switches', 'preemptions', 'threads']),
    )
    .option('--max-states <N>', 'stop each search after N states', parseCount('--max-states'), MAX_STATES)
    .option('--timeout <S>', 'stop searching after S seconds', parseSeconds('--timeout'))
    .option('--ascii', 'draw in plain ASCII')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (file: string, options: MinimizeCommand) => {
      const [{ readSchedule }, { minimize }] = await Promise.all([
        import('../schedules/read.ts'),
        import('../schedules/minimize.ts'),
      ])
      const { engine, stderr, cwd, onInterrupt } = context.environment
      const schedule = readSchedule(readText(resolve(cwd, file)), file)
      const protocol = protocolNamed(
        await allCatalogues(context.catalogue, options.catalogue ?? [], cwd),
        schedule.model,
      )
      const interrupt = new AbortController()
      const release = onInterrupt(() => {
        interrupt.abort()
      })
      const progress = progressLine(stderr, `${schedule.model}@${schedule.variant}`)
      const { signal } = interrupt
      const { onProgress } = progress
      const minimized = await minimize(protocol, schedule, engine.check, { ...options, signal, onProgress }).finally(
        () => {
          progress.done()
          release()
        },
      )
      const code = await tell(context, file, minimized, options)
      context.exit(signal.aborted ? INTERRUPTED : code)
    })
}

/** Prints, draws and saves what came of it. */
async function tell(
  context: Context,
  file: string,
  minimized: Minimized,
  { out, ascii }: MinimizeCommand,
): Promise<number> {
  const { environment, argv } = context
  const { stdout, stderr, variables, cwd, program } = environment
  const [{ stageLines, showSize }, { drawRun }, { machineFor }, { originOf }, { claimsOf, titleOf }, { locator }] =
    await Promise.all([
      import('../report/minimized.ts'),
      import('../report/drawing.ts'),
      import('../schedules/machines.ts'),
      import('../schedules/record.ts'),
      import('./schedule-file.ts'),
      import('./places.ts'),
    ])
  const paint = paintOf(stdout, variables)
  const {
    property,
    result,
    setting,
    fit: { misfits },
  } = minimized
  const saved = result === undefined || out === undefined ? undefined : await save(context, result, property, out)
  print(stdout, [paint('bold', titleOf(originOf(setting))), '', ...stageLines(minimized)])
  if (misfits.length > 0) print(stderr, [`HMM231: ${file} does not fit the model any more: ${misfitText(misfits)}`])
  if (result === undefined) {
    const tried =
      minimized.search.kind === 'never'
        ? 'no state of the model shows it'
        : 'neither what fits of the schedule nor a search shows it; allow more with --max-states or --timeout'
    print(stderr, [`HMM230: ${property.name} is not ${property.outcome} any more: ${tried}`])
    return VIOLATED
  }
  print(stdout, [
    '',
    paint(
      'bold',
      `${property.name} is ${property.outcome} in ${plural(result.run.steps.length, 'step')}, ${titleOf(originOf(result.setting))}:`,
    ),
    '',
    ...drawRun(machineFor(result.model, property), result.run, {
      ...canvasOf(environment, ascii),
      property,
      claims: claimsOf(result.setting),
      locate: locator(cwd),
    }),
    '',
    `${paint('bold', result.minimal === 'proven' ? 'minimal' : 'reduced')}: ${showSize(result.size, minimized.minimize)}`,
    ...(saved === undefined ? [] : [saved.line]),
    `repeat with: ${repeatOf(program, argv)}`,
  ])
  if (saved?.complaint !== undefined) print(stderr, [saved.complaint])
  return saved?.code ?? HOLDS
}

/** What came of writing it. */
interface Saved {
  readonly line: string
  readonly code: number
  readonly complaint?: string
}

/** Writes the schedule; onto a lock, as that lock, if the corrected variant can't do it. */
async function save(
  { environment: { cwd } }: Context,
  { setting, model, run }: Found,
  property: ScheduleProperty,
  out: string,
): Promise<Saved> {
  const [{ machineFor }, { originOf, record }, { lockAt, writeReadable }] = await Promise.all([
    import('../schedules/machines.ts'),
    import('../schedules/record.ts'),
    import('./save.ts'),
  ])
  const path = resolve(cwd, out)
  const schedule = record(originOf(setting), model, property, run)
  const known = lockAt(path, out, schedule)
  if (known === undefined) {
    writeReadable(path, out, schedule)
    return { line: `saved: ${out}`, code: HOLDS }
  }
  const [{ lockedAs }, { renewedNote }, { reachOf }] = await Promise.all([
    import('./locking.ts'),
    import('../report/shows.ts'),
    import('../report/projection.ts'),
  ])
  const machine = machineFor(model, property)
  const { lock, compared } = lockedAs({
    setting,
    schedule,
    machine,
    run,
    note: renewedNote(known.lock, known, schedule),
  })
  if (compared.projected.kind === 'reached') {
    const complaint = `HMM253: ${out} is left as it is: ${reachOf(compared)}`
    return { line: `not saved: ${out}`, code: VIOLATED, complaint }
  }
  writeReadable(path, out, lock)
  const line = `saved: ${out}, a lock as before`
  if (compared.projected.kind === 'forbidden') return { line, code: HOLDS }
  const complaint = `HMM257: ${out} is saved, but not every way of ${lock.lock.corrected} was looked at`
  return { line, code: INCOMPLETE, complaint }
}

function misfitText(misfits: readonly Misfit[]): string {
  const [start, steps] = [misfits.find(({ step }) => step === 0), misfits.filter(({ step }) => step > 0)]
  const [first] = steps
  return [
    ...(start === undefined ? [] : [`there is no initial state with ${start.wanted}`]),
    ...(first === undefined
      ? []
      : [`${plural(steps.length, 'step')} left out, first step ${first.step}, ${first.wanted}`]),
  ].join('; ')
}
