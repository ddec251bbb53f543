/** `hmmcheck show`: draws a schedule, one column a thread. */
import { Command } from 'commander'
import { canvasOf, print } from './context.ts'
import type { Context } from './context.ts'
import { collect } from './options.ts'

interface ShowCommand {
  readonly catalogue?: readonly string[]
  readonly ascii?: true
}

/** The subcommand. */
export function showCommand(context: Context): Command {
  return new Command('show')
    .summary('draw a schedule, one column a thread')
    .description('Draws a schedule: one column a thread, what it does in the words of the kernel, the locks it holds, what changed in the state.')
    .argument('<FILE>', 'a schedule, as check --out writes it')
    .option('--ascii', 'draw in plain ASCII')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (file: string, { catalogue = [], ascii }: ShowCommand) => {
      const [{ conclude, playFile, titleOf }, { outcomeOf }, { drawRun }, { locator }] = await Promise.all([
        import('./schedule-file.ts'), import('../report/replay.ts'), import('../report/drawing.ts'), import('./places.ts'),
      ])
      const { stdout, cwd } = context.environment
      const canvas = canvasOf(context.environment, ascii)
      const played = await playFile(context, file, catalogue)
      const { schedule, replay, claims } = played
      const property = replay.kind === 'confirmed' ? schedule.property : undefined
      const drawing = replay.run === undefined ? [] : ['', ...drawRun(replay.machine, replay.run, { ...canvas, property, claims, locate: locator(cwd) })]
      print(stdout, [canvas.paint('bold', titleOf(schedule)), replay.kind === 'confirmed' ? outcomeOf(schedule) : `recorded because ${outcomeOf(schedule)}`, ...drawing])
      context.exit(conclude(context, file, played))
    })
}
