/** `hmmcheck conform`: whether a recording of a real kernel is a run of a model. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import type { ConformFlags } from './options/conform.ts'
import { parseSeed } from './options/values.ts'

/** The subcommand. */
export function conformCommand(context: Context): Command {
  return new Command('conform')
    .summary('compare a recording of a real kernel with a model')
    .description(
      'Looks for a run of the model that shows the events of a recording, and judges its properties on the way. The last line begins with accepted or rejected. Ends with 0 if the recording is accepted and no property falls, 1 if not, 2 if it is no recording or out of scope.',
    )
    .argument('<TRACE>', 'a recording: JSON Lines or ITF, .gz too')
    .requiredOption('--model <NAME>', 'the model, and its variant: mirror-6@test-hmm-6.1')
    .option('--from <T>', 'judge from this t on: what comes before says where the window begins', parseSeed('--from'))
    .option('--to <T>', 'leave out what comes after this t', parseSeed('--to'))
    .option(
      '--alone',
      'begin in a state of which nothing is known but what the window shows: what comes before says nothing',
    )
    .action(async (trace: string, flags: ConformFlags) => {
      const { conformFile } = await import('./conform-file.ts')
      context.exit(await conformFile(context, trace, flags))
    })
}
