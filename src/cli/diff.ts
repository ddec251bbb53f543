/** `hmmcheck diff`: what two variants, models or files have differently, and the verdicts of both. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withDiffOptions, type DiffFlags } from './options/diff.ts'

/** The subcommand. */
export function diffCommand(context: Context): Command {
  const command = new Command('diff')
    .summary('compare two variants, models or files: steps, and verdicts')
    .description(
      'Says which steps were added, removed, moved or changed from A to B, and for each scenario of both, and each property, the verdict on both. Ends with 0 if no verdict differs, with 1 if one does, with 3 if a limit was met before that was known; with --no-check, with 0 if the text is the same, and with 1 if not.',
    )
    .argument('<A>', 'MODEL[@VARIANT], FILE[@VARIANT] or FILE:MODEL[@VARIANT]')
    .argument('<B>', 'the same; @VARIANT alone is of the model of A')
    .addHelpText(
      'after',
      '\nExamples:\n  hmmcheck diff mirror-2017@as-posted mirror-2017\n  hmmcheck diff kvm @as-6.12 --no-check\n  hmmcheck diff old/hmmcheck.config.ts hmmcheck.config.ts --format markdown',
    )
  return withDiffOptions(command).action(async (one: string, other: string, flags: DiffFlags) => {
    const { compareModels } = await import('./compare-models.ts')
    context.exit(await compareModels(context, [one, other], flags))
  })
}
