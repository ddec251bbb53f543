/** What is around the folder of a project: its git repository, and the package.json that says where hmmcheck is from. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFolder, packageVersion } from '../explorer/package-version.ts'
import type { ProjectPlace } from './project.ts'

/**
 * Looks around a folder, which need not exist.
 *
 * @param folder absolute
 */
export function placeOf(folder: string): ProjectPlace {
  const repository = around(folder, '.git')
  return {
    folder,
    inRepository: repository === undefined ? '.' : slashed(relative(dirname(repository), folder)),
    hmmcheck: dependencyFor(folder),
  }
}

/** A path with slashes; `.` for the same folder. */
const slashed = (path: string): string => (path === '' ? '.' : path.split(sep).join('/'))

/** The nearest file or folder of this name in the folder or around it. */
function around(folder: string, name: string): string | undefined {
  const here = join(folder, name)
  if (existsSync(here)) return here
  return dirname(folder) === folder ? undefined : around(dirname(folder), name)
}

/**
 * The dependency as the nearest package.json has it that names hmmcheck; else the folder of this package, if it is a
 * clone; else its version.
 */
function dependencyFor(folder: string): string {
  const known = declaredAround(folder)
  if (known !== undefined) return known
  const own = packageFolder()
  const path = own === undefined ? undefined : fileURLToPath(own)
  return path === undefined || path.split(sep).includes('node_modules')
    ? `^${packageVersion()}`
    : `file:${slashed(relative(folder, path))}`
}

function declaredAround(folder: string, from: string = folder): string | undefined {
  const declared = declaredIn(join(from, 'package.json'))
  if (declared !== undefined) return rebased(declared, from, folder)
  return dirname(from) === from ? undefined : declaredAround(folder, dirname(from))
}

function declaredIn(file: string): string | undefined {
  try {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      Readonly<Record<string, unknown>> | undefined
    >
    const declared = devDependencies?.['hmmcheck'] ?? dependencies?.['hmmcheck']
    return typeof declared === 'string' ? declared : undefined
  } catch {
    return undefined
  }
}

/** `file:../hmmcheck` of one folder, as another has to write it. */
function rebased(declared: string, from: string, to: string): string {
  const [, path] = /^file:(.*)$/.exec(declared) ?? []
  if (path === undefined || isAbsolute(path)) return declared
  return `file:${slashed(relative(to, resolve(from, path)))}`
}
