/** The options of `watch`: their type, and their declarations. */
import type { Command } from 'commander'
import { catalogueOption, configOption, propertyOption, type CatalogueFlag } from './shared.ts'
import { collect, parseCount, parseSeconds } from './values.ts'
import type { CheckSelection } from './check.ts'

/** The options as commander gives them. */
export interface WatchFlags extends CatalogueFlag, CheckSelection {
  readonly maxStates?: number
  /** Seconds. */
  readonly timeout?: number
  /** False: the type checker is not asked. */
  readonly typecheck: boolean
}

/** Declares the options. */
export function withWatchOptions(command: Command): Command {
  return command
    .option('--scenario <NAME>', "which threads take part, and how many; '*' for all (repeatable)", collect)
    .addOption(configOption())
    .addOption(propertyOption('check'))
    .option('--max-states <N>', 'stop each check, incomplete, after N states', parseCount('--max-states'))
    .option('--timeout <S>', 'stop each check, incomplete, after S seconds', parseSeconds('--timeout'))
    .option('--no-typecheck', 'do not run TypeScript, where it is installed, on your .ts files')
    .addOption(catalogueOption())
}
