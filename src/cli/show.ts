/** `hmmcheck show`: draws a schedule, one column a thread. */
import { Command } from 'commander'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import { collect } from './options.ts'

/** The subcommand. */
export function showCommand(context: Context): Command {
  return new Command('show')
    .summary('draw a schedule, one column a thread')
    .description('Draws a schedule: one column a thread, what it does in the words of the kernel, the locks it holds, what changed in the state.')
    .argument('<FILE>', 'a schedule, as check --out writes it')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (file: string, { catalogue = [] }: { readonly catalogue?: readonly string[] }) => {
      const [{ conclude, playFile, titleOf }, { outcomeOf }, { drawRun }] = await Promise.all([
        import('./schedule-file.ts'), import('../report/replay.ts'), import('../report/drawing.ts'),
      ])
      const { stdout, variables } = context.environment
      const paint = paintOf(stdout, variables)
      const played = await playFile(context, file, catalogue)
      const { schedule, replay } = played
      const property = replay.kind === 'confirmed' ? { property: schedule.property } : {}
      const drawing = replay.run === undefined ? [] : ['', ...drawRun(replay.machine, replay.run, { width: widthOf(stdout), paint, ...property })]
      print(stdout, [paint('bold', titleOf(schedule)), replay.kind === 'confirmed' ? outcomeOf(schedule) : `recorded because ${outcomeOf(schedule)}`, ...drawing])
      context.exit(conclude(context, file, played))
    })
}
