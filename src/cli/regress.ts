/**
 * `hmmcheck regress`: replays every lock on the variant that has the bug, and sees that the corrected one can't do
 * the same.
 */
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import type { Catalogue } from '../language/protocol.ts'
import { UsageError } from '../language/usage.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, MISTAKE, VIOLATED } from './codes.ts'
import { wrap } from '../report/wrap.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import { isMistake } from './mistakes.ts'
import type { Tried } from './regression.ts'
import { collect, parseCount, parseSeconds } from './options.ts'

/** Where locks are if nothing is said. */
const DIRECTORY = 'counterexamples'

interface RegressCommand {
  readonly catalogue?: readonly string[]
  readonly maxStates?: number
  readonly update?: true
  readonly timeout?: number
}

/** The subcommand. */
export function regressCommand(context: Context): Command {
  return new Command('regress')
    .summary('replay every lock, on the variant with the bug and on the corrected one')
    .description(
      'Replays locks: each must break the same property at the same step on its variant, and the corrected one must not be able to follow it there. Says which guard or owner forbids it. With --update, a lock whose model has changed is written anew.',
    )
    .argument('[FILE|DIR...]', `locks, or directories of locks; without any, ${DIRECTORY}/`)
    .option(
      '--update',
      'write a lock whose model has changed anew, with its steps as they are now or those that a check finds',
    )
    .option('--timeout <S>', 'of --update: stop each search after S seconds', parseSeconds('--timeout'))
    .option(
      '--max-states <N>',
      'stop, incomplete, when N states of a corrected variant were looked at',
      parseCount('--max-states'),
    )
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (given: readonly string[], options: RegressCommand) => {
      context.exit(await regress(context, given, options))
    })
}

async function regress(
  context: Context,
  given: readonly string[],
  { catalogue: catalogues = [], maxStates, update, timeout }: RegressCommand,
): Promise<number> {
  const {
    environment: { cwd, stdout, stderr, variables, onInterrupt },
  } = context
  const [{ allCatalogues }, { tryLock }] = await Promise.all([import('./catalogues.ts'), import('./regression.ts')])
  if (timeout !== undefined && update === undefined)
    throw new UsageError('HMM208', '--timeout is of --update; regress alone searches nothing that takes long')
  const paint = paintOf(stdout, variables)
  const catalogue: Catalogue = await allCatalogues(context.catalogue, catalogues, cwd)
  const files = (given.length === 0 ? [DIRECTORY] : given).flatMap((path) => locksIn(cwd, path))
  if (files.length === 0)
    throw new UsageError(
      'HMM255',
      `there is no lock in ${given.join(', ') || `${DIRECTORY}/`}; make one of a schedule with: hmmcheck lock FILE`,
    )

  const interrupt = new AbortController()
  const release =
    update === undefined
      ? () => undefined
      : onInterrupt(() => {
          interrupt.abort()
        })
  const trial = async (file: string): Promise<Tried> => {
    if (update === undefined) return tryLock(catalogue, cwd, file, maxStates)
    const { updateLock } = await import('./updating.ts')
    return updateLock(context, catalogue, file, { maxStates, timeout, signal: interrupt.signal })
  }
  const codes: number[] = []
  let updated = 0
  for (const file of files) {
    if (interrupt.signal.aborted) break
    try {
      const { code, lines, complaint, isUpdated = false } = await trial(file)
      if (isUpdated) updated += 1
      const word = isUpdated
        ? paint('green', 'updated')
        : code === HOLDS
          ? paint('green', 'ok')
          : code === INCOMPLETE
            ? paint('yellow', 'incomplete')
            : paint('red', 'FAILED')
      print(stdout, [
        `${word}  ${file}`,
        ...lines.flatMap((line) => wrap(line, widthOf(stdout) - 4)).map((line) => `    ${line}`),
      ])
      if (complaint !== undefined) print(stderr, [complaint])
      codes.push(code)
    } catch (error) {
      if (!isMistake(error)) throw error
      print(stdout, [`${paint('red', 'INVALID')}  ${file}`])
      print(stderr, [`${paintOf(stderr, variables)('red', 'error')} ${error.message}`])
      codes.push(MISTAKE)
    }
  }
  release()
  const count = (code: number): number => codes.filter((one) => one === code).length
  print(stdout, [
    '',
    `${codes.length} ${codes.length === 1 ? 'lock' : 'locks'}: ${count(HOLDS)} ok, ${count(VIOLATED)} failed, ${count(INCOMPLETE)} incomplete, ${count(MISTAKE)} invalid${update === undefined ? '' : `; ${updated} updated`}`,
  ])
  if (interrupt.signal.aborted) return INTERRUPTED
  return [MISTAKE, VIOLATED, INCOMPLETE].find((code) => codes.includes(code)) ?? HOLDS
}

/** A file, or the .json files of a directory and those in it, in the order of their names. */
function locksIn(cwd: string, path: string): readonly string[] {
  let isDirectory: boolean
  try {
    isDirectory = statSync(resolve(cwd, path)).isDirectory()
    if (!isDirectory) return [path]
    return readdirSync(resolve(cwd, path), { recursive: true, encoding: 'utf8' })
      .filter((name) => /(^|[/\\])[^./\\][^/\\]*\.json$/.test(name))
      .toSorted()
      .map((name) => join(path, name))
  } catch (error) {
    throw new UsageError('HMM220', `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
