/** The options of `lock`: their type, and their declarations. */
import type { Command } from 'commander'
import { catalogueOption, type CatalogueFlag } from './shared.ts'
import { collect, parseCount } from './values.ts'

/** The default directory of locks. */
export const LOCKS = 'counterexamples'

/** The options as commander gives them. */
export interface LockFlags extends CatalogueFlag {
  readonly name?: string
  readonly shows?: string
  readonly corrected?: string
  readonly bug?: readonly string[]
  readonly versions?: string
  readonly commit?: string
  readonly command?: string
  readonly dir: string
  readonly maxStates?: number
}

/** Declares the options. */
export function withLockOptions(command: Command): Command {
  return command
    .option('--name <SLUG>', 'the name of the file, without .json (default: made of variant and property)')
    .option('--shows <TEXT>', 'what it shows, in one sentence')
    .option(
      '--corrected <VARIANT>',
      'the variant with the correction, or MODEL@VARIANT with the same threads (default: fixed)',
    )
    .option('--bug <ID>', 'an id under which the bug is known (repeatable)', collect)
    .option('--versions <TEXT>', 'the kernel versions that have the bug')
    .option('--commit <TEXT>', 'the commit that corrected it')
    .option('--command <TEXT>', 'the command that found it (default: the check that finds it)')
    .option('--dir <DIR>', 'the directory of the locks', LOCKS)
    .option('--max-states <N>', 'look at no more than N states of the corrected variant', parseCount('--max-states'))
    .addOption(catalogueOption())
}
