/** `hmmcheck check`: explores a model, or the whole catalogue, and says what holds. */
import { Command, Option } from 'commander'
import { UsageError } from '../language/usage.ts'
import { allCatalogues } from './catalogues.ts'
import type { Context } from './context.ts'
import { chosenFormat, formatOption } from './formats.ts'
import { collect, parseConfig, parseCount, parseSeconds, parseSize } from './options.ts'
import type { CheckCommand } from './run.ts'
import { catalogueTargets, namedTarget } from './targets.ts'

/** Options that speak of one model's configuration. */
const OF_ONE_MODEL = ['scenario', 'config', 'property'] as const

/** The subcommand. */
export function checkCommand(context: Context): Command {
  return new Command('check')
    .summary('check a model, or the whole catalogue')
    .description('Explores every reachable state of a model and says which properties hold. MODEL alone is MODEL@fixed in its default scenario; without MODEL, the whole catalogue.')
    .argument('[MODEL[@VARIANT]]', 'what `hmmcheck list` lists')
    .option('--scenario <NAME>', 'which actors take part, and how many')
    .option('--config <SIZES>', 'other sizes than the scenario\'s: cpus=2,devices=1', parseConfig)
    .option('--property <NAME>', 'check this property alone, claimed by the variant or not (repeatable)', collect)
    .option('--large', 'of the catalogue, the runs that take minutes in place of those of seconds')
    .option('--workers <N>', 'explore with N threads', parseCount('--workers'))
    .option('--max-states <N>', 'stop, incomplete, after N states', parseCount('--max-states'))
    .option('--max-memory <SIZE>', 'stop, incomplete, when the process takes more than this: 4G', parseSize('--max-memory'))
    .option('--timeout <S>', 'stop, incomplete, after S seconds', parseSeconds('--timeout'))
    .option('--stop-at-first', 'stop at the level of the first violation')
    .addOption(new Option('--minimize <MEASURE>', 'what is made smallest first in a schedule: steps, then switches; switches, preemptions or threads, then steps').choices(['steps', 'switches', 'preemptions', 'threads']))
    .option('--keep-dead-locals', 'tell states apart by locals that nothing reads any more')
    .addOption(new Option('--fail-on <WHAT>', 'end with 1 also if steps were never taken').choices(['never-taken']))
    .option('--strict', 'end with 1 also if there are warnings')
    .option('--dry-run', 'explore nothing; print bits a state, threads, steps, domains')
    .addOption(formatOption())
    .option('--json', 'as --format json: print one JSON document, nothing else')
    .option('--ascii', 'draw in plain ASCII')
    .option('--out <FILE|DIR/>', 'save the schedule of a violation, or one a property in a directory')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (model: string | undefined, given: CheckCommand & { readonly catalogue?: readonly string[] }) => {
      const format = chosenFormat(given, model)
      const options = { ...given, format, ...(format === 'json' ? { json: true } as const : {}) }
      if (options.dryRun === true && (format !== 'text' || options.out !== undefined)) throw new UsageError('HMM208', `--dry-run explores nothing, so it goes neither with ${given.json === true ? '--json' : '--format'} nor with --out`)
      const ofOne = OF_ONE_MODEL.find((name) => options[name] !== undefined)
      if (model === undefined && ofOne !== undefined) throw new UsageError('HMM208', `--${ofOne} speaks of one model; name it: check MODEL --${ofOne} ...`)
      if (model !== undefined && options.large === true) throw new UsageError('HMM208', '--large speaks of the whole catalogue; of one model, name a large scenario: check MODEL --scenario ...')
      const catalogue = await allCatalogues(context.catalogue, options.catalogue ?? [], context.environment.cwd)
      const targets = model === undefined
        ? catalogueTargets(catalogue, options)
        : [namedTarget(catalogue, model, { scenario: options.scenario, sizes: options.config, properties: options.property })]
      const { runCheck } = await import('./run.ts')
      context.exit(await runCheck(context, targets, model !== undefined, options))
    })
}
