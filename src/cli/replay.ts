/** `hmmcheck replay`: plays a schedule on the reference interpreter, a line a step. */
import { Command } from 'commander'
import { paintOf, print } from './context.ts'
import type { Context } from './context.ts'
import { collect } from './options.ts'

/** The subcommand. */
export function replayCommand(context: Context): Command {
  return new Command('replay')
    .summary('replay a schedule, step by step')
    .description(
      'Replays a schedule on the reference interpreter. Ends with 0 if it still shows what it was recorded for, 1 if not, 2 if a step is not enabled any more.',
    )
    .argument('<FILE>', 'a schedule, as check --out writes it')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (file: string, { catalogue = [] }: { readonly catalogue?: readonly string[] }) => {
      const [{ conclude, playFile, titleOf }, { outcomeOf, replayLines }] = await Promise.all([
        import('./schedule-file.ts'),
        import('../report/replay.ts'),
      ])
      const { stdout, variables } = context.environment
      const paint = paintOf(stdout, variables)
      const played = await playFile(context, file, catalogue)
      const { schedule, replay } = played
      print(stdout, [
        paint('bold', titleOf(schedule)),
        ...(replay.run === undefined ? [] : replayLines(replay.machine, replay.run, schedule, paint)),
      ])
      if (replay.kind === 'confirmed')
        print(stdout, [paint(schedule.property.outcome === 'violated' ? 'red' : 'green', outcomeOf(schedule))])
      context.exit(conclude(context, file, played))
    })
}
