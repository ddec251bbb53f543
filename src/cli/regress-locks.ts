/** Carries out a `regress`: each lock, the sum, and the exit code. */
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../catalogue/usage.ts'
import { plural } from '../report/numbers.ts'
import type { Paint } from '../report/paint.ts'
import { wrap } from '../report/wrap.ts'
import { allCatalogues } from './catalogues.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import type { Environment } from './environment.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, MISTAKE, VIOLATED } from './exit-codes.ts'
import { isMistake } from '../catalogue/mistakes.ts'
import { LOCKS } from './options/lock.ts'
import type { RegressFlags } from './options/regress.ts'
import { tryLock, type LockResult } from './regression.ts'
import { interruptible } from './session.ts'
import { updateLock } from './updating.ts'

/** @returns the exit code */
export async function regress(
  context: Context,
  given: readonly string[],
  { catalogue: catalogues = [], maxStates, update, timeout, symmetry }: RegressFlags,
): Promise<number> {
  const { environment } = context
  const { cwd } = environment
  if (timeout !== undefined && update === undefined)
    throw new UsageError('HMM208', '--timeout goes with --update', 'leave it out: regress alone runs no long searches')
  const catalogue = await allCatalogues(context.catalogue, catalogues, cwd)
  const files = (given.length === 0 ? [LOCKS] : given).flatMap((path) => locksIn(cwd, path))
  if (files.length === 0)
    throw new UsageError(
      'HMM255',
      `no locks found in ${given.join(', ') || `${LOCKS}/`}`,
      'create one with: hmmcheck lock FILE',
    )
  if (update === undefined)
    return tryAll(environment, files, (file) => Promise.resolve(tryLock(catalogue, cwd, file, maxStates)))
  return interruptible(environment, async (signal) => {
    const trial = (file: string): Promise<LockResult> =>
      updateLock(context, catalogue, file, { maxStates, timeout, symmetry, signal })
    const code = await tryAll(environment, files, trial, signal)
    return signal.aborted ? INTERRUPTED : code
  })
}

/** Tries each file, says what it came to, and sums up. A signal means that locks may be updated. */
async function tryAll(
  environment: Environment,
  files: readonly string[],
  trial: (file: string) => Promise<LockResult>,
  signal?: AbortSignal,
): Promise<number> {
  const tried: Pick<LockResult, 'code' | 'isUpdated'>[] = []
  for (const file of files) {
    if (signal?.aborted === true) break
    tried.push(await tryOne(environment, file, trial))
  }
  const count = (code: number): number => tried.filter((one) => one.code === code).length
  const updated = tried.filter(({ isUpdated }) => isUpdated === true).length
  print(environment.stdout, [
    '',
    `${plural(tried.length, 'lock')}: ${count(HOLDS)} ok, ${count(VIOLATED)} failed, ${count(INCOMPLETE)} incomplete, ${count(MISTAKE)} invalid${signal === undefined ? '' : `; ${updated} updated`}`,
  ])
  return [MISTAKE, VIOLATED, INCOMPLETE].find((code) => count(code) > 0) ?? HOLDS
}

async function tryOne(
  { stdout, stderr, variables }: Environment,
  file: string,
  trial: (file: string) => Promise<LockResult>,
): Promise<Pick<LockResult, 'code' | 'isUpdated'>> {
  const paint = paintOf(stdout, variables)
  try {
    const tried = await trial(file)
    print(stdout, [
      `${wordOf(tried, paint)}  ${file}`,
      ...tried.lines.flatMap((line) => wrap(line, widthOf(stdout) - 4)).map((line) => `    ${line}`),
    ])
    if (tried.complaint !== undefined) print(stderr, [tried.complaint])
    return tried
  } catch (error) {
    if (!isMistake(error)) throw error
    print(stdout, [`${paint('red', 'INVALID')}  ${file}`])
    print(stderr, [`${paintOf(stderr, variables)('red', 'error')} ${error.message}`])
    return { code: MISTAKE }
  }
}

function wordOf({ code, isUpdated }: LockResult, paint: Paint): string {
  if (isUpdated === true) return paint('green', 'updated')
  if (code === HOLDS) return paint('green', 'ok')
  return code === INCOMPLETE ? paint('yellow', 'incomplete') : paint('red', 'FAILED')
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
