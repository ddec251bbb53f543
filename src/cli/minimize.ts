/** `hmmcheck minimize`: makes a schedule as small as it gets, whoever wrote it. */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { plural } from '../report/numbers.ts'
import type { Misfit } from '../schedules/fit.ts'
import type { MinimizeOptions, Minimized } from '../schedules/minimize.ts'
import { allCatalogues, protocolNamed } from './catalogues.ts'
import { HOLDS, INTERRUPTED, VIOLATED } from './codes.ts'
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
const MAX_STATES = 10_000_000

/** The subcommand. */
export function minimizeCommand(context: Context): Command {
  return new Command('minimize')
    .summary('make a schedule as small as it gets')
    .description('Reduces any schedule, then searches for a shorter one, then for one in a smaller scenario: fewer CPUs, devices, pages, addresses. Of a model that has changed, what still fits is kept. Ends with 0 if the property is shown, 1 if it can\'t be.')
    .argument('<FILE>', 'a schedule, of whatever length and origin')
    .option('--out <FILE>', 'save the smallest schedule')
    .addOption(new Option('--minimize <MEASURE>', 'what is made smallest first: steps, then switches; switches, preemptions or threads, then steps').choices(['steps', 'switches', 'preemptions', 'threads']))
    .option('--max-states <N>', 'stop each search after N states', parseCount('--max-states'), MAX_STATES)
    .option('--timeout <S>', 'stop searching after S seconds', parseSeconds('--timeout'))
    .option('--ascii', 'draw in plain ASCII')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (file: string, options: MinimizeCommand) => {
      const [{ readSchedule }, { minimize }] = await Promise.all([import('../schedules/read.ts'), import('../schedules/minimize.ts')])
      const { engine, stderr, cwd, onInterrupt } = context.environment
      const schedule = readSchedule(readText(resolve(cwd, file)), file)
      const protocol = protocolNamed(await allCatalogues(context.catalogue, options.catalogue ?? [], cwd), schedule.model)
      const interrupt = new AbortController()
      const release = onInterrupt(() => { interrupt.abort() })
      const progress = progressLine(stderr, `${schedule.model}@${schedule.variant}`)
      const { signal } = interrupt
      const { onProgress } = progress
      const minimized = await minimize(protocol, schedule, engine.check, { ...options, signal, onProgress }).finally(() => {
        progress.done()
        release()
      })
      const code = await tell(context, file, minimized, options)
      context.exit(signal.aborted ? INTERRUPTED : code)
    })
}

/** Prints, draws and saves what came of it. */
async function tell({ environment, argv }: Context, file: string, minimized: Minimized, { out, ascii }: MinimizeCommand): Promise<number> {
  const { stdout, stderr, variables, cwd, program } = environment
  const [{ stageLines, showSize }, { drawRun }, { machineFor }, { originOf, record }, { writeReadable }, { claimsOf, titleOf }, { locator }] = await Promise.all([
    import('../report/minimized.ts'), import('../report/drawing.ts'), import('../schedules/machines.ts'), import('../schedules/record.ts'),
    import('./save.ts'), import('./schedule-file.ts'), import('./places.ts'),
  ])
  const paint = paintOf(stdout, variables)
  const { property, result, setting, fit: { misfits } } = minimized
  if (result !== undefined && out !== undefined) writeReadable(resolve(cwd, out), out, record(originOf(result.setting), result.model, property, result.run))
  print(stdout, [paint('bold', titleOf(originOf(setting))), '', ...stageLines(minimized)])
  if (misfits.length > 0) print(stderr, [`HMM231: ${file} does not fit the model any more: ${misfitText(misfits)}`])
  if (result === undefined) {
    const tried = minimized.search.kind === 'never' ? 'no state of the model shows it' : 'neither what fits of the schedule nor a search shows it; allow more with --max-states or --timeout'
    print(stderr, [`HMM230: ${property.name} is not ${property.outcome} any more: ${tried}`])
    return VIOLATED
  }
  print(stdout, [
    '', paint('bold', `${property.name} is ${property.outcome} in ${plural(result.run.steps.length, 'step')}, ${titleOf(originOf(result.setting))}:`),
    '', ...drawRun(machineFor(result.model, property), result.run, { ...canvasOf(environment, ascii), property, claims: claimsOf(result.setting), locate: locator(cwd) }),
    '', `${paint('bold', result.minimal === 'proven' ? 'minimal' : 'reduced')}: ${showSize(result.size, minimized.minimize)}`, ...(out === undefined ? [] : [`saved: ${out}`]), `repeat with: ${repeatOf(program, argv)}`,
  ])
  return HOLDS
}

function misfitText(misfits: readonly Misfit[]): string {
  const [start, steps] = [misfits.find(({ step }) => step === 0), misfits.filter(({ step }) => step > 0)]
  const [first] = steps
  return [
    ...(start === undefined ? [] : [`there is no initial state with ${start.wanted}`]),
    ...(first === undefined ? [] : [`${plural(steps.length, 'step')} left out, first step ${first.step}, ${first.wanted}`]),
  ].join('; ')
}
