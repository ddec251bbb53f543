/** The options of `export`: their type, and their declarations. */
import { Option, type Command } from 'commander'
import type { ExportKind } from '../../c/exported.ts'
import { catalogueOption, configOption, propertyOption, type CatalogueFlag } from './shared.ts'
import { parseCount } from './values.ts'

/** The options as commander gives them. */
export interface ExportFlags extends CatalogueFlag {
  readonly to: ExportKind
  readonly out: string
  readonly scenario?: string
  readonly config?: Readonly<Record<string, number>>
  readonly property?: readonly string[]
  readonly states?: number
  readonly force?: true
}

/** Declares the options. */
export function withExportOptions(command: Command): Command {
  return command
    .addOption(new Option('--to <KIND>', 'what for: a C compiler alone, or LTSmin').choices(['c', 'pins']).default('c'))
    .requiredOption('--out <DIR>', 'the folder; it need not exist')
    .option('--scenario <NAME>', 'the scenario (default: the first)')
    .addOption(configOption())
    .addOption(propertyOption('judge'))
    .addOption(new Option('--states <N>', 'the number of states to plan for').argParser(parseCount('--states')))
    .option('--force', 'write over files that are there')
    .addOption(catalogueOption())
}
