/** `hmmcheck replay`: plays a schedule on the reference interpreter, one line per step. */
import { Command, Option } from 'commander'
import type { Context } from './context.ts'
import { catalogueOption, type CatalogueFlag } from './options/shared.ts'

interface ReplayFlags extends CatalogueFlag {
  readonly format?: 'text' | 'html'
}

/** The subcommand. */
export function replayCommand(context: Context): Command {
  return new Command('replay')
    .summary('replay a schedule, step by step')
    .description(
      'Replays a schedule on the reference interpreter. Ends with 0 if it still shows what it was recorded for, 1 if not, 2 if a step is no longer enabled.',
    )
    .argument('<FILE>', 'a schedule, as check --out writes it')
    .addOption(
      new Option('--format <FORMAT>', 'a line for each step, or a page for a browser').choices(['text', 'html']),
    )
    .addOption(catalogueOption())
    .action(async (file: string, { format = 'text', catalogue = [] }: ReplayFlags) => {
      if (format === 'html') {
        const { show } = await import('./show-file.ts')
        context.exit(await show(context, file, { format, catalogue }))
        return
      }
      const { replayFile } = await import('./replay-file.ts')
      context.exit(await replayFile(context, file, catalogue))
    })
}
