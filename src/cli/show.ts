/** `hmmcheck show`: draws a schedule, one column per thread, or writes it for another program. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withShowOptions, type ShowFlags } from './options/show.ts'

/** The subcommand. */
export function showCommand(context: Context): Command {
  const command = new Command('show')
    .summary('draw a schedule, one column per thread')
    .description(
      'Draws a schedule, one column per thread: its steps in the words of the kernel, the locks it holds and waits for, the changes of the state. Or writes the schedule in another format.',
    )
    .argument('<FILE>', 'a schedule, as check --out writes it')
  return withShowOptions(command).action(async (file: string, flags: ShowFlags) => {
    const { show } = await import('./show-file.ts')
    context.exit(await show(context, file, flags))
  })
}
