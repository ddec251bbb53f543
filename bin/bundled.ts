/**
 * Loads the bundle, which is one script (`build/bundle.js`): each of its modules is evaluated when an entry first needs
 * it, and a process has one copy of it, whichever entries are imported.
 *
 * A check runs most of its functions once, and V8 compiles each of them before. So the build runs a check, and keeps
 * the code that V8 has then (`keepCode`) beside the script. It is for one version of Node.js, one kind of processor and
 * the same flags of V8; a process without kept code, or with other flags, compiles the script as usual.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

const FOLDER = new URL('../bundle/', import.meta.url)

type Exports = Readonly<Record<string, unknown>>
type Entries = Readonly<Record<string, () => Exports>>

interface Loaded {
  readonly script: Script
  readonly entries: Entries
}

const loaded = new Map<string, Loaded>()
/** Packages outside the bundle that were imported for it, by their names. */
const modules = new Map<string, unknown>()

/**
 * Evaluates an entry of the bundle.
 *
 * @param name of the script: no two scripts have the same
 * @param outside the packages outside the bundle that the entry imports, by their names
 * @returns its exports
 */
export function entryOf(name: string, entry: string, outside: Exports = {}): Exports {
  for (const [one, exported] of Object.entries(outside)) modules.set(one, exported)
  const known = loaded.get(name) ?? scriptOf(name)
  loaded.set(name, known)
  const evaluate = known.entries[entry]
  if (evaluate === undefined) throw new Error(`the bundle ${name} has no entry ${entry}`)
  return evaluate()
}

/** Keeps the code that V8 has now, beside the script. */
export function keepCode(): void {
  for (const [name, { script }] of loaded) {
    const code = script.createCachedData()
    const sum = Buffer.alloc(SUM_BYTES)
    sum.writeUInt32LE(crc32(code))
    writeFileSync(codeFile(name), Buffer.concat([sum, code]))
  }
}

function scriptOf(name: string): Loaded {
  const file = new URL(`${name}.cjs`, FOLDER)
  const cachedData = keptCode(name)
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file.href,
    ...(cachedData === undefined ? {} : { cachedData }),
  })
  const required = createRequire(file)
  const module: { exports: { readonly entries: Entries } } = { exports: { entries: {} } }
  // The cast: the build writes it so.
  const evaluate = script.runInThisContext() as (...parts: readonly unknown[]) => void
  evaluate(
    module,
    module.exports,
    (wanted: string): unknown => modules.get(wanted) ?? required(wanted),
    file.href,
    (wanted: string): string => pathToFileURL(required.resolve(wanted)).href,
  )
  return { script, entries: module.exports.entries }
}

/** The code is behind a sum of it, because V8 does not look whether it is whole. */
const SUM_BYTES = 4

const codeFile = (name: string): URL => new URL(`${name}-${process.version}-${process.arch}.code`, FOLDER)

/** Kept code of this version, unless it is damaged. V8 refuses what was made with other flags. */
function keptCode(name: string): Buffer | undefined {
  const file = codeFile(name)
  if (!existsSync(file)) return undefined
  const kept = readFileSync(file)
  if (kept.length <= SUM_BYTES) return undefined
  const code = kept.subarray(SUM_BYTES)
  return kept.readUInt32LE() === crc32(code) ? code : undefined
}
