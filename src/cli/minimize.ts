/** `hmmcheck minimize`: makes any schedule as small as possible. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withMinimizeOptions, type MinimizeFlags } from './options/minimize.ts'

/** The subcommand. */
export function minimizeCommand(context: Context): Command {
  const command = new Command('minimize')
    .summary('make a schedule as small as possible')
    .description(
      'Reduces any schedule, then searches for a shorter one, then for one in a smaller scenario: fewer CPUs, devices, pages, addresses. If the model has changed, keeps the steps that still fit. Ends with 0 if a schedule shows the property, 1 if none was found.',
    )
    .argument('<FILE>', 'a schedule of any length and origin')
  return withMinimizeOptions(command).action(async (file: string, flags: MinimizeFlags) => {
    const { minimizeFile } = await import('./minimize-file.ts')
    context.exit(await minimizeFile(context, file, flags))
  })
}
