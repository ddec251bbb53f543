/** What `check` was asked for: its runs, by the names that were typed, in the manner that the options say. */
import { relative } from 'node:path'
import { UsageError } from '../catalogue/usage.ts'
import { ofOneTrace, type Format } from '../report/formats/format.ts'
import { filesOf, loadCatalogues } from './catalogues.ts'
import { paintOf } from './context.ts'
import type { Context } from './context.ts'
import type { Environment } from './environment.ts'
import { HOLDS, MISTAKE } from './exit-codes.ts'
import type { CheckFlags } from './options/check.ts'
import { refuseEngine, withEngine } from './engines.ts'
import { isPattern } from './patterns.ts'
import { dryRun, runCheck } from './run.ts'
import { isOneRun, targetsOf } from './targets.ts'
import { boundedWorkers } from './workers.ts'

/** Options that speak of models by name. */
const OF_MODELS = ['scenario', 'config', 'property'] as const

/** @returns the exit code */
export async function checkModels(context: Context, words: readonly string[], flags: CheckFlags): Promise<number> {
  const { catalogue: own, environment } = context
  const isOne = isOneRun(words, flags)
  const format = chosenFormat(flags, isOne)
  refuse(words, flags, format)
  refuseCheckpoint(flags, isOne)
  refuseEngine(flags)
  // a checkpoint has its number of workers, on whatever machine
  const workers = flags.resume === undefined ? boundedWorkers(environment, flags.workers, 'explore') : {}
  const plan = { ...flags, format, ...workers }
  const searching = await withEngine(context, flags)
  const types = typecheck(environment, flags)
  try {
    const catalogues = await loadCatalogues(own, flags.catalogue ?? [], environment.cwd)
    const targets = targetsOf(catalogues, words, flags, environment.relativeOf)
    const code =
      flags.dryRun === true
        ? await dryRun(context, targets, plan)
        : await runCheck(searching, { words, targets, isOne, before: types }, plan)
    return (await types()) && code === HOLDS ? MISTAKE : code
  } catch (error) {
    await types('errors')
    throw error
  }
}

/**
 * The format that is asked for.
 *
 * @param isOne whether one run is named outright
 * @throws UsageError HMM260, HMM261
 */
function chosenFormat({ format, json }: Pick<CheckFlags, 'format' | 'json'>, isOne: boolean): Format {
  if (json === true && format !== undefined && format !== 'json')
    throw new UsageError(
      'HMM260',
      `--json is --format json, so it does not go with --format ${format}`,
      'leave one of them out',
    )
  const chosen = json === true ? 'json' : (format ?? 'text')
  if (ofOneTrace(chosen) && !isOne)
    throw new UsageError(
      'HMM261',
      `--format ${chosen} writes one schedule`,
      `name one model and one scenario: check MODEL --format ${chosen}`,
    )
  return chosen
}

/**
 * Starts the type checker on the user's files.
 *
 * @returns a function that waits for it, prints once what it found, and says whether it found anything; with `errors`
 *   it does not say that no TypeScript is installed
 */
function typecheck(
  { typeErrors, stderr, cwd, variables }: Environment,
  { typecheck: wanted, catalogue = [] }: CheckFlags,
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
          `no TypeScript is installed where ${relative(cwd, typed ?? cwd)} is, so its types are not checked: npm install --save-dev typescript, or --no-typecheck\n`,
        )
      }
      for (const error of errors ?? []) stderr.write(`${paintOf(stderr, variables)('red', 'error')} ${error}\n`)
      return errors !== undefined && errors.length > 0
    })())
}

/** @throws UsageError HMM208 if a checkpoint does not go with the other options */
function refuseCheckpoint({ checkpoint, checkpointEvery, resume, dryRun }: CheckFlags, isOne: boolean): void {
  const given = resume !== undefined ? '--resume' : checkpoint !== undefined ? '--checkpoint' : undefined
  if (given === undefined && checkpointEvery !== undefined)
    throw new UsageError('HMM208', '--checkpoint-every needs a file', 'add --checkpoint FILE')
  if (given !== undefined && !isOne)
    throw new UsageError(
      'HMM208',
      `${given} is for one run`,
      `name one model and one scenario: check MODEL ${given} FILE`,
    )
  if (given !== undefined && dryRun === true)
    throw new UsageError(
      'HMM208',
      `--dry-run explores nothing, so it does not go with ${given}`,
      `leave out --dry-run or ${given}`,
    )
}

/** @throws UsageError HMM208 if options do not go together */
function refuse(words: readonly string[], options: CheckFlags, format: Format): void {
  const { dryRun, out, json, large, all, full, verbose, profile, fingerprint, fingerprintSeed, scenario = [] } = options
  const refusal = (what: string, remedy: string): UsageError => new UsageError('HMM208', what, remedy)
  if (dryRun === true && (format !== 'text' || out !== undefined))
    throw refusal(
      `--dry-run explores nothing, so it goes neither with ${json === true ? '--json' : '--format'} nor with --out`,
      'leave out --dry-run or the other option',
    )
  if (dryRun === true && profile === true)
    throw refusal(
      '--dry-run explores nothing, so there is no profile of its states',
      'leave out --dry-run or --profile',
    )
  const style = full === true ? '--full' : verbose === true ? '--verbose' : undefined
  if (style !== undefined && (format !== 'text' || dryRun === true))
    throw refusal(
      `${style} is about text, so it does not go with ${dryRun === true ? '--dry-run' : `--format ${format}`}`,
      `leave out ${style} or the other option`,
    )
  if (fingerprintSeed !== undefined && fingerprint !== true)
    throw refusal('--fingerprint-seed needs fingerprints', 'add --fingerprint')
  const ofModels = OF_MODELS.find((name) => options[name] !== undefined)
  if (words.length === 0 && ofModels !== undefined)
    throw refusal(
      `--${ofModels} needs a model`,
      `name one: check MODEL --${ofModels} ...; or all: check '*' --${ofModels} ...`,
    )
  if (words.length > 0 && large === true && !scenario.some(isPattern))
    throw refusal(
      '--large goes with the whole catalogue, or with a pattern of scenarios',
      'name a large scenario: check MODEL --scenario ...',
    )
  if (words.length > 0 && all === true && !words.some(isPattern))
    throw refusal(
      '--all goes with the whole catalogue, or with a pattern of models',
      'leave it out: a model that is named is found in every catalogue',
    )
}
