/** The options of `fuzz`: their type, and their declarations. */
import { Option, type Command } from 'commander'
import { strategyNames, type StrategyName } from '../../engine/walks/strategy.ts'
import { DEFAULT_STRATEGY, DEPTH } from '../../schedules/strategies/index.ts'
import { asciiOption, catalogueOption, configOption, outOption, propertyOption, type CatalogueFlag } from './shared.ts'
import { parseCount, parseSeed } from './values.ts'

/** The options as commander gives them. */
export interface FuzzFlags extends CatalogueFlag {
  readonly scenario?: string
  readonly config?: Readonly<Record<string, number>>
  readonly property?: readonly string[]
  readonly runs: number
  readonly seed: number
  readonly strategy: StrategyName
  readonly depth?: number
  readonly maxSteps: number
  readonly stopAtFirst?: true
  readonly workers?: number
  readonly ascii?: true
  readonly json?: true
  readonly out?: string
}

/** Declares the options. */
export function withFuzzOptions(command: Command): Command {
  return command
    .option('--scenario <NAME>', 'which threads take part, and how many')
    .addOption(configOption())
    .addOption(propertyOption('judge'))
    .option('--runs <N>', 'number of runs', parseCount('--runs'), 1000)
    .option('--seed <S>', 'the same seed gives the same runs', parseSeed('--seed'), 1)
    .addOption(
      new Option('--strategy <NAME>', 'how the next step is chosen').choices(strategyNames).default(DEFAULT_STRATEGY),
    )
    .option(
      '--depth <D>',
      `with --strategy pct: the depth of bugs that it finds with a guaranteed probability (default: ${DEPTH})`,
      parseCount('--depth'),
    )
    .option('--max-steps <N>', 'end a run after N steps', parseCount('--max-steps'), 100)
    .option('--stop-at-first', 'stop with the first run that finds a violation')
    .option('--workers <N>', 'walk with N threads, with which the result is the same', parseCount('--workers'))
    .addOption(asciiOption())
    .option('--json', 'print one JSON document, nothing else')
    .addOption(outOption())
    .addOption(catalogueOption())
}
