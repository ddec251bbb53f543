/** `hmmcheck fuzz`: random runs of a model, for configurations beyond exhaustive reach. */
import { Command } from 'commander'
import { UsageError } from '../catalogue/usage.ts'
import type { Context } from './context.ts'
import { withFuzzOptions, type FuzzFlags } from './options/fuzz.ts'

/** The subcommand. */
export function fuzzCommand(context: Context): Command {
  const command = new Command('fuzz')
    .summary('run a model at random')
    .description(
      'Runs a model at random, shows each violation with a small schedule, and says what was covered. It never says that a model holds.',
    )
    .argument('<MODEL[@VARIANT]>', 'a name that `hmmcheck list` lists')
  return withFuzzOptions(command).action(async (model: string, flags: FuzzFlags) => {
    if (flags.depth !== undefined && flags.strategy !== 'pct')
      throw new UsageError(
        'HMM208',
        `--depth belongs to the strategy pct, not to ${flags.strategy}`,
        'add --strategy pct, or leave it out',
      )
    const { runFuzz } = await import('./fuzz-run.ts')
    context.exit(await runFuzz(context, model, flags))
  })
}
