/** `hmmcheck check`: explores a model, or the whole catalogue, and prints the verdicts. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withCheckOptions, type CheckFlags } from './options/check.ts'

/** The subcommand. */
export function checkCommand(context: Context): Command {
  const command = new Command('check')
    .summary('check models, or the whole catalogue')
    .description(
      "Explores every reachable state of a model and says which properties hold. MODEL alone is MODEL@fixed in its default scenario. Without MODEL, checks the whole catalogue: yours if there is one, else hmmcheck's own.",
    )
    .argument('[MODEL[@VARIANT]...]', "names that `hmmcheck list` lists; a star stands for any letters: 'my-*@*'")
  return withCheckOptions(command).action(async (words: readonly string[], flags: CheckFlags) => {
    const { checkModels } = await import('./check-models.ts')
    context.exit(await checkModels(context, words, flags))
  })
}
