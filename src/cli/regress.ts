/**
 * `hmmcheck regress`: replays every lock on the variant that has the bug, and checks that the corrected variant can't
 * do the same.
 */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { LOCKS } from './options/lock.ts'
import { withRegressOptions, type RegressFlags } from './options/regress.ts'

/** The subcommand. */
export function regressCommand(context: Context): Command {
  const command = new Command('regress')
    .summary('replay every lock, on the variant with the bug and on the corrected one')
    .description(
      'Replays locks: each must break its property at the same step on its variant, and the corrected variant must not be able to follow it there. Says which guard or owner forbids it. With --update, rewrites the locks whose model has changed.',
    )
    .argument('[FILE|DIR...]', `locks, or directories of locks (default: ${LOCKS}/)`)
  return withRegressOptions(command).action(async (given: readonly string[], flags: RegressFlags) => {
    const { regress } = await import('./regress-locks.ts')
    context.exit(await regress(context, given, flags))
  })
}
