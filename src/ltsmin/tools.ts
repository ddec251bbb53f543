/** The programs that a search by LTSmin needs, as they are found on this machine. */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import type { LtsminEngine } from './engines.ts'
import { UsageError } from '../catalogue/usage.ts'

export interface Tools {
  readonly engine: LtsminEngine
  /** The path of `pins2lts-dist` or `pins2lts-mc`. */
  readonly search: string
  /** The folder that has `ltsmin/pins.h`. */
  readonly headers: string
  readonly compiler: string
  /** Of Open MPI; absent where it is not needed. */
  readonly mpirun?: string
}

type Variables = Readonly<Record<string, string | undefined>>

const recipe =
  'docs/beyond-one-machine.md has the recipe to build it; HMMCHECK_LTSMIN=PREFIX says where it is installed'

/**
 * Finds what a search needs.
 *
 * @param variables `HMMCHECK_LTSMIN` is the prefix of LTSmin, `CC` the compiler; all else is looked for in `PATH`
 * @throws UsageError HMM300 to HMM303: what is missing, and how to get it
 */
export function toolsFor(engine: LtsminEngine, variables: Variables): Tools {
  const prefix = variables['HMMCHECK_LTSMIN']
  const name = engine === 'ltsmin' ? 'pins2lts-dist' : 'pins2lts-mc'
  const search = prefix === undefined ? onPath(name, variables) : programAt(join(prefix, 'bin', name))
  if (search === undefined)
    throw new UsageError(
      'HMM300',
      `--engine ${engine} needs LTSmin's ${name}, which is not ${prefix === undefined ? 'in PATH' : `in ${join(prefix, 'bin')}`}`,
      recipe,
    )
  const headers = [prefix ?? dirname(dirname(realpathSync(search))), '/usr/local', '/usr']
    .map((folder) => join(folder, 'include'))
    .find((folder) => existsSync(join(folder, 'ltsmin', 'pins.h')))
  if (headers === undefined)
    throw new UsageError('HMM301', `LTSmin is at ${search}, but its headers (include/ltsmin/pins.h) are not`, recipe)
  const tools = { engine, search, headers, compiler: compilerIn(variables) }
  return engine === 'ltsmin' ? { ...tools, mpirun: mpirunIn(variables) } : tools
}

function compilerIn(variables: Variables): string {
  const wanted = variables['CC']
  const names = wanted === undefined || wanted === '' ? ['cc', 'gcc', 'clang'] : [wanted]
  for (const name of names) {
    const found = onPath(name, variables)
    if (found !== undefined) return found
  }
  throw new UsageError(
    'HMM302',
    `no C compiler was found, which makes the plugin of the model: ${names.join(', ')}`,
    'install one (Debian: apt-get install gcc libc6-dev), or name it: CC=/path/to/cc',
  )
}

function mpirunIn(variables: Variables): string {
  const remedy = 'install Open MPI (Debian: apt-get install openmpi-bin); --engine ltsmin-mc needs none, on one host'
  const found = onPath('mpirun', variables)
  if (found === undefined) throw new UsageError('HMM303', '--engine ltsmin needs mpirun, which is not in PATH', remedy)
  const { stdout } = spawnSync(found, ['--version'], { encoding: 'utf8', env: variables })
  if (/Open ?MPI|OpenRTE/i.test(stdout)) return found
  throw new UsageError('HMM303', `${found} is not of Open MPI, with which LTSmin is built`, remedy)
}

function onPath(name: string, { PATH = '' }: Variables): string | undefined {
  if (isAbsolute(name)) return programAt(name)
  for (const folder of PATH.split(delimiter)) {
    const found = folder === '' ? undefined : programAt(join(folder, name))
    if (found !== undefined) return found
  }
  return undefined
}

function programAt(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile() ? path : undefined
  } catch {
    return undefined
  }
}
