/** Options that several subcommands have: each is declared once. */
import { Option } from 'commander'
import { measures } from '../../explorer/result.ts'
import { FORMATS } from '../../report/formats/format.ts'
import { collect, parseConfig } from './values.ts'

/** The option that most subcommands have. */
export interface CatalogueFlag {
  /** Files of the user's, as they are named. */
  readonly catalogue?: readonly string[]
}

export const catalogueOption = (): Option =>
  new Option('--catalogue <FILE>', 'also load models from a .js or .ts file (repeatable)').argParser(collect)

export const configOption = (): Option =>
  new Option('--config <SIZES>', "sizes other than the scenario's: cpus=2,devices=1").argParser(parseConfig)

/** @param use what the command does with the property */
export const propertyOption = (use: string): Option =>
  new Option(
    '--property <NAME>',
    `${use} only this property, whether or not the variant claims it (repeatable)`,
  ).argParser(collect)

export const asciiOption = (): Option => new Option('--ascii', 'draw in plain ASCII')

export const outOption = (): Option =>
  new Option('--out <FILE|DIR/>', 'save the schedule of a violation; in a directory, one file per property')

export const formatOption = (): Option =>
  new Option(
    '--format <FORMAT>',
    "how to write it: for people, for programs, for Apalache's viewers, as a diagram, as a page for a browser, for build servers, for code hosts",
  ).choices(FORMATS)

export const measureOption = (): Option =>
  new Option(
    '--minimize <MEASURE>',
    'the measure to minimize: steps, then switches; or switches, preemptions or threads, then steps',
  ).choices(measures)

export const noSymmetryOption = (): Option =>
  new Option('--no-symmetry', 'store every state, not one for all that differ only in which ids and threads are which')
