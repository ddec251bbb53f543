/** The options of `minimize`: their type, and their declarations. */
import type { Command } from 'commander'
import type { MinimizeOptions } from '../../schedules/minimize.ts'
import { asciiOption, catalogueOption, measureOption, noSymmetryOption, type CatalogueFlag } from './shared.ts'
import { parseCount, parseSeconds } from './values.ts'

/** States per search, unless the user says otherwise: seconds of time, and less than a gigabyte of memory. */
export const MAX_STATES = 10_000_000

/** The options as commander gives them. */
export interface MinimizeFlags extends Pick<MinimizeOptions, 'minimize' | 'timeout' | 'symmetry'>, CatalogueFlag {
  readonly maxStates: number
  readonly out?: string
  readonly ascii?: true
}

/** Declares the options. */
export function withMinimizeOptions(command: Command): Command {
  return command
    .option('--out <FILE>', 'save the smallest schedule')
    .addOption(measureOption())
    .option('--max-states <N>', 'stop each search after N states', parseCount('--max-states'), MAX_STATES)
    .option('--timeout <S>', 'stop searching after S seconds', parseSeconds('--timeout'))
    .addOption(noSymmetryOption())
    .addOption(asciiOption())
    .addOption(catalogueOption())
}
