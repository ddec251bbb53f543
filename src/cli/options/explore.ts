/** The options of `explore`: their type, and their declarations. */
import { Option, type Command } from 'commander'
import { catalogueOption, type CatalogueFlag } from './shared.ts'
import { parsePort } from './values.ts'

/** The options as commander gives them. */
export interface ExploreFlags extends CatalogueFlag {
  readonly scenario?: string
  /** 0: any that is free. */
  readonly port: number
  /** False: no browser is started. */
  readonly open: boolean
  readonly out?: string
}

/** Declares the options. */
export const withExploreOptions = (command: Command): Command =>
  command
    .option('--scenario <NAME>', 'the scenario that is opened; the page can turn to the others')
    .addOption(
      new Option('--port <N>', 'the port of the page on 127.0.0.1; 0: one that is free')
        .argParser(parsePort('--port'))
        .default(0),
    )
    .option('--no-open', 'start no browser')
    .option('--out <FILE.html>', 'write the page as one file that works from disk, and end')
    .addOption(catalogueOption())
