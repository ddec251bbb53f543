/** The sources of a model that ships, as a project carries them. */
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { packageFolder } from '../explorer/package-version.ts'
import type { ProjectFile } from './project.ts'

/** The name by which a file of one folder of `models` imports a file of another. */
const BY_NAME = /^hmmcheck\/models\/([^/]+\/.+)$/

/** An import as the models that ship write it: what stands before the name of the module, and the name. */
const IMPORT = /^((?:(?:import|export)\b[^'\n]*\bfrom |import |\} from )')([^'\n]+)(?=')/gm

/** The names of the modules that a file imports or exports from, in its order, as often as it names them. */
export const importsOf = (text: string): readonly string[] => [...text.matchAll(IMPORT)].map(([, , name = '']) => name)

/**
 * A protocol's file, and every file that it needs of its own folder of `models` and of others, at the same paths:
 * `models/kvm/protocol.ts`. Imports between folders by the package's name become relative, so that a change of any file
 * counts. Words of the package itself (`hmmcheck`, `hmmcheck/kernel`, `hmmcheck/models/expect`) stay there.
 *
 * @param model the name of a model that ships
 * @returns none if this package has no sources of the model
 */
export function sourcesToCarry(model: string): readonly ProjectFile[] {
  const root = packageFolder()
  const entry = `models/${model}/protocol.ts`
  if (root === undefined || !existsSync(new URL(entry, root))) return []
  const found = new Map<string, string>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    const text = readFileSync(new URL(path, root), 'utf8')
    found.set(path, withRelativeImports(path, text))
    for (const name of importsOf(text)) {
      const target = targetOf(path, name)
      if (target !== undefined) visit(target)
    }
  }
  visit(entry)
  return [...found].map(([path, text]) => ({ path, text })).toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** The file that an import leads to, if a project carries it. */
function targetOf(from: string, name: string): string | undefined {
  if (name.startsWith('.')) return posix.join(posix.dirname(from), name)
  const [, file] = BY_NAME.exec(name) ?? []
  return file === undefined ? undefined : `models/${file}.ts`
}

const withRelativeImports = (path: string, text: string): string =>
  text.replaceAll(IMPORT, (whole, before: string, name: string) => {
    const target = BY_NAME.test(name) ? targetOf(path, name) : undefined
    return target === undefined ? whole : `${before}${relativeTo(path, target)}`
  })

function relativeTo(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

/** The name under which a file exports its protocol: `kvmProtocol`. */
export const protocolExport = (text: string): string | undefined =>
  /^export const (\w+) = defineProtocol\(/m.exec(text)?.[1]
