/** `hmmcheck list`: the models that can be checked. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withListOptions, type ListFlags } from './options/list.ts'

/** The subcommand. */
export function listCommand(context: Context): Command {
  const command = new Command('list')
    .summary('list models; for those named, variants, scenarios, properties and expected verdicts')
    .description(
      "Lists models, one per line: yours if there are any, else hmmcheck's own. For MODEL, lists its variants, fixes, scenarios, parameters and properties, and the expected verdicts, each with its source.",
    )
    .argument('[MODEL...]', 'models to list in full; a star stands for any letters')
  return withListOptions(command).action(async (models: readonly string[], flags: ListFlags) => {
    const { listModels } = await import('./list-models.ts')
    await listModels(context, models, flags)
  })
}
