/** The options of `list`: their type, and their declarations. */
import type { Command } from 'commander'
import { catalogueOption, type CatalogueFlag } from './shared.ts'

/** The options as commander gives them. */
export interface ListFlags extends CatalogueFlag {
  readonly all?: true
}

/** Declares the options. */
export function withListOptions(command: Command): Command {
  return command
    .option('--all', "with a catalogue of your own: hmmcheck's own models as well")
    .addOption(catalogueOption())
}
