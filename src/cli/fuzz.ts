/** `hmmcheck fuzz`: random runs of a model, for configurations beyond exhaustive reach. */
import { Command, Option } from 'commander'
import { DEFAULT_STRATEGY, strategyNames, type StrategyName } from '../schedules/strategies/index.ts'
import { UsageError } from '../language/usage.ts'
import { allCatalogues } from './catalogues.ts'
import type { Context } from './context.ts'
import { collect, parseConfig, parseCount, parseSeed } from './options.ts'
import { namedTarget } from './targets.ts'

/** The options of `fuzz`, as commander gives them. */
export interface FuzzCommand {
  readonly scenario?: string
  readonly config?: Readonly<Record<string, number>>
  readonly property?: readonly string[]
  readonly runs: number
  readonly seed: number
  readonly strategy: StrategyName
  readonly depth?: number
  readonly maxSteps: number
  readonly stopAtFirst?: true
  readonly ascii?: true
  readonly json?: true
  readonly out?: string
  readonly catalogue?: readonly string[]
}

/** The subcommand. */
export function fuzzCommand(context: Context): Command {
  return new Command('fuzz')
    .summary('walk a model at random')
    .description(
      'Walks a model at random, says what was violated with a small schedule of it, and what was covered. It never says that a model holds.',
    )
    .argument('<MODEL[@VARIANT]>', 'what `hmmcheck list` lists')
    .option('--scenario <NAME>', 'which actors take part, and how many')
    .option('--config <SIZES>', "other sizes than the scenario's: cpus=2,devices=1", parseConfig)
    .option('--property <NAME>', 'judge this property alone, claimed by the variant or not (repeatable)', collect)
    .option('--runs <N>', 'how many runs', parseCount('--runs'), 1000)
    .option('--seed <S>', 'the same seed gives the same runs', parseSeed, 1)
    .addOption(new Option('--strategy <NAME>', 'how steps are drawn').choices(strategyNames).default(DEFAULT_STRATEGY))
    .option(
      '--depth <D>',
      'of pct: the depth of bugs that it guarantees to find with some probability',
      parseCount('--depth'),
    )
    .option('--max-steps <N>', 'end a run after N steps', parseCount('--max-steps'), 100)
    .option('--stop-at-first', 'stop with the run that sees the first violation')
    .option('--ascii', 'draw in plain ASCII')
    .option('--json', 'print one JSON document, nothing else')
    .option('--out <FILE|DIR/>', 'save the schedule of a violation, or one a property in a directory')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (model: string, options: FuzzCommand) => {
      if (options.depth !== undefined && options.strategy !== 'pct')
        throw new UsageError(
          'HMM208',
          `--depth is of the strategy pct, not of ${options.strategy}; add --strategy pct, or leave it out`,
        )
      const catalogue = await allCatalogues(context.catalogue, options.catalogue ?? [], context.environment.cwd)
      const target = namedTarget(catalogue, model, {
        scenario: options.scenario,
        sizes: options.config,
        properties: options.property,
      })
      const { runFuzz } = await import('./fuzz-run.ts')
      context.exit(await runFuzz(context, target, options))
    })
}
