/** The options of `diff`: their type, and their declarations. */
import { Option, type Command } from 'commander'
import { catalogueOption, propertyOption, type CatalogueFlag } from './shared.ts'
import { collect, parseCount, parseSeconds } from './values.ts'

/** How the difference is written. */
export const DIFF_FORMATS = ['text', 'json', 'markdown'] as const

/** The options as commander gives them. */
export interface DiffFlags extends CatalogueFlag {
  /** False: the text alone is compared. */
  readonly check: boolean
  readonly scenario?: readonly string[]
  readonly large?: true
  readonly property?: readonly string[]
  readonly format: (typeof DIFF_FORMATS)[number]
  readonly maxStates?: number
  /** Seconds. */
  readonly timeout?: number
}

/** Declares the options. */
export function withDiffOptions(command: Command): Command {
  return command
    .option('--no-check', 'compare the text alone')
    .option(
      '--scenario <NAME>',
      'the scenarios that are checked of both; a star stands for any letters (repeatable)',
      collect,
    )
    .option('--large', 'the large scenarios (minutes each) as well')
    .addOption(propertyOption('compare'))
    .addOption(
      new Option('--format <FORMAT>', 'how to write it: for people, for programs, for a pull request')
        .choices(DIFF_FORMATS)
        .default('text'),
    )
    .option('--max-states <N>', 'stop each check, incomplete, after N states', parseCount('--max-states'))
    .option('--timeout <S>', 'stop each check, incomplete, after S seconds', parseSeconds('--timeout'))
    .addOption(catalogueOption())
}
