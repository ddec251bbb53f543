/**
 * The catalogues a command works on: the package's own, the one in the working directory, and those that
 * `--catalogue` names.
 */
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { asCatalogue } from '../catalogue/define.ts'
import { didYouMean } from '../language/near.ts'
import type { Catalogue, Protocol } from '../catalogue/protocol.ts'
import { UsageError } from '../catalogue/usage.ts'
import { importFile } from './load.ts'
import { isMistake } from '../catalogue/mistakes.ts'

/** Looked for in the working directory and in those around it, the first that is there. */
const CONFIG_FILES = ['hmmcheck.config.ts', 'hmmcheck.config.js', 'hmmcheck.config.mjs'] as const

/** The protocols that a command knows, by who offers them. */
export interface Catalogues {
  /** The package's own. */
  readonly own: Catalogue
  /** The catalogues of the working directory, and of the files that `--catalogue` names. */
  readonly users: Catalogue
  /** If there is no configuration: the folder in which, with those around it, it was looked for. */
  readonly unconfigured?: string
}

/** The folder where a configuration was looked for, of catalogues without one. */
const unconfigured = new WeakMap<Catalogue, string>()

/** All of them, the package's own first. */
export function everyProtocol({ own, users, unconfigured: folder }: Catalogues): Catalogue {
  const every = [...own, ...users]
  if (folder !== undefined) unconfigured.set(every, folder)
  return every
}

/** The catalogue of a command without a model, or with a pattern for one: the user's if there is one. */
export function catalogueInUse(catalogues: Catalogues, all: boolean | undefined): Catalogue {
  return all === true ? everyProtocol(catalogues) : catalogues.users.length > 0 ? catalogues.users : catalogues.own
}

/** The user's files: the configuration, and those that are named. */
export function filesOf(named: readonly string[], cwd: string): readonly string[] {
  const found = configurationOf(cwd)
  return [...new Set([...(found === undefined ? [] : [found]), ...named.map((file) => resolve(cwd, file))])]
}

/** The configuration of the working directory, or of the nearest one around it that has one. */
function configurationOf(folder: string): string | undefined {
  const found = CONFIG_FILES.map((name) => resolve(folder, name)).find((file) => existsSync(file))
  const around = dirname(folder)
  return found ?? (around === folder ? undefined : configurationOf(around))
}

/** Every protocol there is. */
export async function allCatalogues(own: Catalogue, files: readonly string[], cwd: string): Promise<Catalogue> {
  return everyProtocol(await loadCatalogues(own, files, cwd))
}

/**
 * The protocols of all catalogues. A user's protocol takes the place of the package's own of that name: it may be a
 * copy of it.
 *
 * @param files as `--catalogue` names them
 * @throws UsageError if a file can't be loaded or offers no protocols, or if two files offer one of the same name
 */
export async function loadCatalogues(own: Catalogue, files: readonly string[], cwd: string): Promise<Catalogues> {
  const paths = filesOf(files, cwd)
  const users: Protocol[] = []
  for (const path of paths) {
    for (const protocol of await catalogueIn(path, cwd)) {
      if (users.some(({ name }) => name === protocol.name))
        throw new UsageError(
          'HMM213',
          `${path} offers a protocol ${protocol.name}, but there is already one of this name`,
          'give it another name',
        )
      users.push(protocol)
    }
  }
  // A copy of a model of the package takes its place.
  const others = own.filter((protocol) => users.every(({ name }) => name !== protocol.name))
  return { own: others, users, ...(configurationOf(cwd) === undefined ? { unconfigured: resolve(cwd) } : {}) }
}

/** The protocol of that name. */
export function protocolNamed(catalogue: Catalogue, name: string): Protocol {
  const protocol = catalogue.find((one) => one.name === name)
  if (protocol !== undefined) return protocol
  throw unknownModel(catalogue, name, `there is no model ${name}`, 'hmmcheck list')
}

/**
 * The error for an unknown model: names that may have been meant, and a hint if the configuration file is missing.
 *
 * @param lists the command that shows all names, where they are too many to name
 */
export function unknownModel(catalogue: Catalogue, name: string, what: string, lists?: string): UsageError {
  const folder = unconfigured.get(catalogue)
  const meant = didYouMean(
    name,
    catalogue.map((one) => one.name),
    lists,
  )
  if (folder === undefined) return new UsageError('HMM201', what, meant)
  return new UsageError('HMM201', what, {
    cause: `${folder} and the folders around it have no ${CONFIG_FILES[0]}, .js or .mjs, so models of your own are not known`,
    remedy: `${meant}; for models of your own, go to their folder or add --catalogue FILE`,
  })
}

/**
 * The catalogue that a file offers.
 *
 * @param path absolute
 * @throws UsageError if it can't be loaded or offers no protocols
 */
export const catalogueIn = async (path: string, cwd: string): Promise<Catalogue> =>
  asCatalogue(await load(path, cwd), path)

/** The value that a file exports as `catalogue`, or by default. */
async function load(path: string, cwd: string): Promise<unknown> {
  if (!existsSync(path))
    throw new UsageError(
      'HMM211',
      `${path} does not exist`,
      'name a .js or .ts file that exports `catalogue`: --catalogue FILE',
    )
  let loaded: unknown
  try {
    loaded = await importFile(path)
  } catch (error) {
    if (isMistake(error)) throw error
    const { explained } = await import('./explain.ts')
    const [, code, message] = /^(HMM\d+): (.*)$/s.exec((await explained(error, cwd, [path])) ?? '') ?? []
    if (code !== undefined && message !== undefined) throw new UsageError(code, message)
    throw new UsageError('HMM211', `${path} can't be loaded: ${error instanceof Error ? error.message : String(error)}`)
  }
  const offered = exportOf(loaded)
  if (offered !== undefined) return offered
  throw new UsageError(
    'HMM212',
    `${path} does not export a catalogue`,
    'export const catalogue = [defineProtocol({ ... })]',
  )
}

/** A CommonJS module comes with its exports under `default`. */
function exportOf(loaded: unknown): unknown {
  for (let exported = loaded, depth = 0; typeof exported === 'object' && exported !== null && depth < 3; depth += 1) {
    if ('catalogue' in exported) return exported.catalogue
    if (!('default' in exported)) return Array.isArray(exported) || 'model' in exported ? exported : undefined
    exported = exported.default
    if (Array.isArray(exported)) return exported
  }
  return undefined
}
