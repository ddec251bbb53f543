/** The options of `regress`: their type, and their declarations. */
import type { Command } from 'commander'
import { catalogueOption, noSymmetryOption, type CatalogueFlag } from './shared.ts'
import { parseCount, parseSeconds } from './values.ts'

/** The options as commander gives them. */
export interface RegressFlags extends CatalogueFlag {
  readonly maxStates?: number
  readonly update?: true
  /** Seconds. */
  readonly timeout?: number
  /** False: a search stores every state. */
  readonly symmetry?: boolean
}

/** Declares the options. */
export function withRegressOptions(command: Command): Command {
  return command
    .option(
      '--update',
      'rewrite a lock whose model has changed, with its old steps where they still work, else with steps that a check finds',
    )
    .option('--timeout <S>', 'with --update: stop each search after S seconds', parseSeconds('--timeout'))
    .option('--max-states <N>', 'stop, incomplete, after N states of a corrected variant', parseCount('--max-states'))
    .addOption(noSymmetryOption())
    .addOption(catalogueOption())
}
