/** `hmmcheck watch`: checks again what a save has changed. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withWatchOptions, type WatchFlags } from './options/watch.ts'

/** The subcommand. */
export function watchCommand(context: Context): Command {
  const command = new Command('watch')
    .summary('check your models again whenever you save a file')
    .description(
      'Checks your models, and again those that have changed whenever a file that they import is saved. Prints a line for each run, and for each violation that is not expected its place. A mistake is shown, and watching goes on. Ctrl-C ends it.',
    )
    .argument('[MODEL[@VARIANT]...]', 'models of yours (default: every run that check without a model does)')
    .addHelpText('after', "\nExamples:\n  hmmcheck watch\n  hmmcheck watch my-driver --scenario '*'")
  return withWatchOptions(command).action(async (words: readonly string[], flags: WatchFlags) => {
    const { watchModels } = await import('./watching/watch-models.ts')
    context.exit(await watchModels(context, words, flags))
  })
}
