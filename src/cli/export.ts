/** `hmmcheck export`: a model as C, for a compiler alone or for LTSmin. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withExportOptions, type ExportFlags } from './options/export.ts'

/** The subcommand. */
export function exportCommand(context: Context): Command {
  const command = new Command('export')
    .summary('write a model as C: for one core, or for LTSmin on many hosts')
    .description(
      'Writes the transitions of a model in one scenario as C, with a driver that searches it and a Makefile; with --to pins as a plugin of LTSmin, with scripts for one host, for several and for Slurm. The memory and the number of ranks in them come from the number of states: as --states says, or as a short search counts or estimates it.',
    )
    .argument('<MODEL[@VARIANT]>', 'a name that `hmmcheck list` lists')
  return withExportOptions(command).action(async (model: string, flags: ExportFlags) => {
    const { exportModel } = await import('./export-model.ts')
    context.exit(await exportModel(context, model, flags))
  })
}
