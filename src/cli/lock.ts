/**
 * `hmmcheck lock`: keeps a counterexample for ever, with what it shows, and the variant on which it must not be
 * possible.
 */
import { Command } from 'commander'
import { collect, parseCount } from './options.ts'
import type { Context } from './context.ts'

/** The options of `lock`, as commander gives them. */
export interface LockCommand {
  readonly name?: string
  readonly shows?: string
  readonly corrected?: string
  readonly bug?: readonly string[]
  readonly versions?: string
  readonly commit?: string
  readonly command?: string
  readonly dir: string
  readonly maxStates?: number
  readonly catalogue?: readonly string[]
}

/** The subcommand. */
export function lockCommand(context: Context): Command {
  return new Command('lock')
    .summary('keep a counterexample as a regression lock')
    .description(
      'Writes a counterexample to DIR/MODEL/SLUG.json as a lock: it must stay one on its variant, and must not be possible on the corrected one. `hmmcheck regress` sees to that.',
    )
    .argument('<FILE>', 'a schedule, as check --out writes it, or a lock that is to be written anew')
    .option('--name <SLUG>', 'the name of its file, without .json; else made of variant and property')
    .option('--shows <TEXT>', 'what it shows, in one sentence')
    .option('--corrected <VARIANT>', 'the variant with the correction; else `fixed`')
    .option('--bug <ID>', 'an id under which the bug is known (repeatable)', collect)
    .option('--versions <TEXT>', 'kernels that have it')
    .option('--commit <TEXT>', 'the commit that corrected it')
    .option('--command <TEXT>', 'the command that found it; else the check that does')
    .option('--dir <DIR>', 'where locks are', 'counterexamples')
    .option('--max-states <N>', 'look at N states of the corrected variant, and no more', parseCount('--max-states'))
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (file: string, options: LockCommand) => {
      const { writeLock } = await import('./locking.ts')
      context.exit(await writeLock(context, file, options))
    })
}
