/** The package.json of a project: a new one, or what an existing one lacks. */
import { readFileSync } from 'node:fs'
import { UsageError } from '../catalogue/usage.ts'
import { packageFolder } from '../explorer/package-version.ts'
import type { ProjectFile, ProjectPlace } from './project.ts'

/** A package.json, as far as it is needed. */
type Manifest = Readonly<Record<string, unknown>>

/** What a project needs besides hmmcheck, in the versions that this package is tested with. */
const BESIDE = ['@types/node', 'typescript', 'vitest'] as const

/**
 * The file, with scripts that check, watch and test. An existing one keeps all that it has; it gets the scripts and
 * dependencies that it lacks, and `"type": "module"` if it has no type.
 *
 * @param name of the project
 * @param scripts by name
 */
export function packageJson(
  name: string,
  scripts: Readonly<Record<string, string>>,
  { hmmcheck }: ProjectPlace,
): ProjectFile {
  const wanted: Manifest = {
    type: 'module',
    scripts,
    devDependencies: { ...versionsBeside(), hmmcheck },
    // a question of npm 11: esbuild, which loads TypeScript, needs no install script
    allowScripts: { esbuild: false },
  }
  return {
    path: 'package.json',
    text: textOf({ name: name.toLowerCase(), private: true, ...wanted }),
    added: (there) => {
      const known = manifestOf(there)
      const lacks = withLacking(known, wanted)
      return JSON.stringify(lacks) === JSON.stringify(known) ? there : textOf(lacks, indentOf(there))
    },
  }
}

const textOf = (manifest: Manifest, indent: string | number = 2): string =>
  `${JSON.stringify(manifest, undefined, indent)}\n`

const indentOf = (text: string): string => /^([ \t]+)"/m.exec(text)?.[1] ?? '  '

function versionsBeside(): Readonly<Record<string, string>> {
  const folder = packageFolder()
  const { devDependencies = {} } =
    folder === undefined
      ? {}
      : (JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as {
          readonly devDependencies?: Readonly<Record<string, string>>
        })
  return Object.fromEntries(BESIDE.map((name) => [name, devDependencies[name] ?? '*']))
}

/** @throws UsageError HMM290 if the text is no package.json */
function manifestOf(text: string): Manifest {
  const known = parsed(text)
  if (isRecord(known)) return known
  throw new UsageError('HMM290', 'package.json is not a JSON object, so nothing can be added to it', 'correct it')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Manifest =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The manifest, and what it lacks. A dependency of any kind is not declared twice. */
function withLacking(known: Manifest, wanted: Manifest): Manifest {
  const declared = isRecord(known['dependencies']) ? Object.keys(known['dependencies']) : []
  return {
    ...known,
    ...Object.fromEntries(
      Object.entries(wanted).flatMap(([key, value]) => {
        const there = known[key]
        if (there === undefined) return [[key, isRecord(value) ? without(value, declared) : value]]
        return isRecord(there) && isRecord(value) ? [[key, { ...without(value, declared), ...there }]] : []
      }),
    ),
  }
}

const without = (record: Manifest, names: readonly string[]): Manifest =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
