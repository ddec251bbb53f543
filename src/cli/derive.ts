/** `hmmcheck derive`: a folder with the sources of a model, and a place for a change under review. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withDeriveOptions, type DeriveFlags } from './options/derive.ts'

/** The subcommand. */
export function deriveCommand(context: Context): Command {
  const command = new Command('derive')
    .summary('make a folder with the sources of a model, to review a change of it')
    .description(
      "Makes a folder with the sources of one of hmmcheck's own models, a marked place for a change under review (change.ts), a test that says what the catalogue's verdicts are, and all that init writes around a model. The change applies to VARIANT, else to `fixed`; the variant `under-review` has it. Writes over no file.",
    )
    .argument('<MODEL[@VARIANT]>', 'a model that `hmmcheck list --all` lists')
    .argument('[DIR]', 'the folder; it need not exist (default: the working directory)')
    .addHelpText('after', '\nExamples:\n  hmmcheck derive kvm review\n  hmmcheck derive mirror-2017@as-posted --no-ci')
  return withDeriveOptions(command).action(async (model: string, folder: string | undefined, flags: DeriveFlags) => {
    const { deriveModel } = await import('./derive-model.ts')
    context.exit(deriveModel(context, model, folder, flags))
  })
}
