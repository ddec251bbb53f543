/** The options of `show`: their type, and their declarations. */
import type { Command } from 'commander'
import type { Format } from '../../report/formats/format.ts'
import { asciiOption, catalogueOption, formatOption, type CatalogueFlag } from './shared.ts'

/** The options as commander gives them. */
export interface ShowFlags extends CatalogueFlag {
  readonly format?: Format
  /** Draws what the end of the schedule depends on; the other steps are folded. */
  readonly short?: true
  readonly ascii?: true
}

/** Declares the options. */
export function withShowOptions(command: Command): Command {
  return command
    .addOption(formatOption())
    .option('--short', 'draw what the end depends on, and fold the other steps')
    .addOption(asciiOption())
    .addOption(catalogueOption())
}
