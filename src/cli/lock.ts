/**
 * `hmmcheck lock`: keeps a counterexample for ever, with a sentence on what it shows, and with the variant on which it
 * must not be possible.
 */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withLockOptions, type LockFlags } from './options/lock.ts'

/** The subcommand. */
export function lockCommand(context: Context): Command {
  const command = new Command('lock')
    .summary('keep a counterexample as a regression lock')
    .description(
      'Writes a counterexample to DIR/MODEL/SLUG.json as a lock: it must stay a counterexample on its variant, and must not be possible on the corrected one. `hmmcheck regress` checks both.',
    )
    .argument('<FILE>', 'a schedule, as check --out writes it, or a lock to write again')
  return withLockOptions(command).action(async (file: string, flags: LockFlags) => {
    const { writeLock } = await import('./locking.ts')
    context.exit(await writeLock(context, file, flags))
  })
}
