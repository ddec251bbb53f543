/** `hmmcheck check`: explores a model, or the whole catalogue, and says what holds. */
import { relative } from 'node:path'
import { Command, Option } from 'commander'
import { UsageError } from '../language/usage.ts'
import { filesOf, loadCatalogues } from './catalogues.ts'
import { HOLDS, MISTAKE } from './codes.ts'
import { paintOf } from './context.ts'
import type { Context } from './context.ts'
import type { Environment } from './environment.ts'
import { chosenFormat, formatOption } from './formats.ts'
import type { Format } from '../report/formats/format.ts'
import { boundedWorkers, collect, parseConfig, parseCount, parseSeconds, parseSize } from './options.ts'
import type { CheckCommand } from './run.ts'
import { isPattern } from './patterns.ts'
import { isOneRun, targetsOf } from './targets.ts'

/** Options that speak of models by name. */
const OF_MODELS = ['scenario', 'config', 'property'] as const

/** The subcommand. */
export function checkCommand(context: Context): Command {
  return new Command('check')
    .summary('check models, or the whole catalogue')
    .description(
      "Explores every reachable state of a model and says which properties hold. MODEL alone is MODEL@fixed in its default scenario; without MODEL, the whole catalogue: yours where there is one, else hmmcheck's own.",
    )
    .argument('[MODEL[@VARIANT]...]', "what `hmmcheck list` lists; a star stands for any letters: 'my-*@*'")
    .option('--scenario <NAME>', "which actors take part, and how many; '*' for all (repeatable)", collect)
    .option('--all', "hmmcheck's own catalogue, too, where there is one of yours")
    .option('--config <SIZES>', "other sizes than the scenario's: cpus=2,devices=1", parseConfig)
    .option('--property <NAME>', 'check this property alone, claimed by the variant or not (repeatable)', collect)
    .option('--large', 'of the catalogue or a pattern, the scenarios that take minutes in place of those of seconds')
    .option('--workers <N>', 'explore with N threads; of several runs, N at once', parseCount('--workers'))
    .option('--max-states <N>', 'stop, incomplete, after N states', parseCount('--max-states'))
    .option(
      '--max-memory <SIZE>',
      'stop, incomplete, when the process takes more than this: 4G',
      parseSize('--max-memory'),
    )
    .option('--timeout <S>', 'stop, incomplete, after S seconds', parseSeconds('--timeout'))
    .option('--stop-at-first', 'stop at the level of the first violation')
    .addOption(
      new Option(
        '--minimize <MEASURE>',
        'what is made smallest first in a schedule: steps, then switches; switches, preemptions or threads, then steps',
      ).choices(['steps', 'switches', 'preemptions', 'threads']),
    )
    .option('--keep-dead-locals', 'tell states apart by locals that nothing reads any more')
    .addOption(new Option('--fail-on <WHAT>', 'end with 1 also if steps were never taken').choices(['never-taken']))
    .option('--strict', 'end with 1 also if there are warnings')
    .option('--no-typecheck', 'do not let TypeScript, where it is installed, look at your .ts files')
    .option('--profile', 'say of what the number of states is made: values, and what leaving out would save')
    .option('--dry-run', 'explore nothing; print bits a state, threads, steps, domains')
    .addOption(formatOption())
    .option('--json', 'as --format json: print one JSON document, nothing else')
    .option('--ascii', 'draw in plain ASCII')
    .option('--out <FILE|DIR/>', 'save the schedule of a violation, or one a property in a directory')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (words: readonly string[], given: CheckCommand) => {
      const { environment } = context
      const isOne = isOneRun(words, given)
      const format = chosenFormat(given, isOne)
      refuse(words, given, format)
      const options = {
        ...given,
        format,
        ...(format === 'json' ? ({ json: true } as const) : {}),
        ...boundedWorkers(environment, given.workers),
      }
      const types = typecheck(environment, options)
      try {
        const targets = targetsOf(
          await loadCatalogues(context.catalogue, options.catalogue ?? [], environment.cwd),
          words,
          options,
        )
        const { runCheck } = await import('./run.ts')
        const code = await runCheck(context, { words, targets, isOne, before: types }, options)
        context.exit((await types()) && code === HOLDS ? MISTAKE : code)
      } catch (error) {
        await types('errors')
        throw error
      }
    })
}

/**
 * Starts the type checker on the user's files.
 *
 * @returns what waits for it, prints what it found, once, and says whether it found anything; that there is none it
 *   says where no other error is to be told
 */
function typecheck(
  { typeErrors, stderr, cwd, variables }: Environment,
  { typecheck: wanted, catalogue = [] }: CheckCommand,
): (only?: 'errors') => Promise<boolean> {
  const files = filesOf(catalogue, cwd)
  const found = wanted === false ? Promise.resolve([]) : (typeErrors?.(files) ?? Promise.resolve([]))
  let printed: Promise<boolean> | undefined
  return (only) =>
    (printed ??= (async () => {
      const errors = await found
      if (errors === undefined && only === undefined) {
        const [typed] = files.filter((file) => /\.[cm]?tsx?$/.test(file))
        stderr.write(
          `no TypeScript is installed where ${relative(cwd, typed ?? cwd)} is, so its types are not looked at: npm install --save-dev typescript, or --no-typecheck\n`,
        )
      }
      for (const error of errors ?? []) stderr.write(`${paintOf(stderr, variables)('red', 'error')} ${error}\n`)
      return errors !== undefined && errors.length > 0
    })())
}

/** @throws UsageError HMM208 if options do not go together */
function refuse(words: readonly string[], options: CheckCommand, format: Format): void {
  const { dryRun, out, json, large, all, profile, scenario = [] } = options
  if (dryRun === true && (format !== 'text' || out !== undefined))
    throw new UsageError(
      'HMM208',
      `--dry-run explores nothing, so it goes neither with ${json === true ? '--json' : '--format'} nor with --out`,
    )
  if (dryRun === true && profile === true)
    throw new UsageError('HMM208', '--dry-run explores nothing, so there is no --profile of its states')
  const ofModels = OF_MODELS.find((name) => options[name] !== undefined)
  if (words.length === 0 && ofModels !== undefined)
    throw new UsageError(
      'HMM208',
      `--${ofModels} speaks of models; name them: check MODEL --${ofModels} ..., or check '*' --${ofModels} ...`,
    )
  if (words.length > 0 && large === true && !scenario.some(isPattern))
    throw new UsageError(
      'HMM208',
      '--large speaks of a whole catalogue, or of a pattern of scenarios; name a large scenario: check MODEL --scenario ...',
    )
  if (words.length > 0 && all === true && !words.some(isPattern))
    throw new UsageError(
      'HMM208',
      '--all speaks of a whole catalogue, or of a pattern of models; a model that is named is found wherever it is',
    )
}
