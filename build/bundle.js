/**
 * Makes the JavaScript of the package.
 *
 * All rooms of `src` but the vocabulary are bundled: the command, its threads and what the package exports are entries
 * of one bundle, and share its chunks. So there is one copy of the language in a process, whoever loads it: a user's
 * model that imports `hmmcheck` gets what the command runs.
 *
 * The vocabulary, the properties and the models stay a file each, with a source map: places in them are lines of their
 * source. Where they import the language, they import an entry of the bundle.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { root } from './fresh.js'

/** Files of these folders stay as they are. */
const OPEN = ['src/kernel', 'properties', 'models']

/**
 * Packages that stay outside the bundle: a user's tests may have the same copy of them, and tsx loads what runs.
 * The others are in it: most of them are CommonJS, in which Node.js first has to look for what they export.
 */
const OUTSIDE = ['fast-check', 'vitest', 'tsx']

/** Entries of the bundle by their names; the files that open files import come to them. */
const ENTRIES = new Map([
  ['command', 'bin/command.ts'],
  ['record', 'bin/record.ts'],
  ['runner', 'bin/runner.ts'],
  ['worker', 'src/explorer/threads/worker.ts'],
  ['walker', 'src/schedules/threads/walker.ts'],
  ['index', 'src/index.ts'],
  ['schedules', 'src/schedules/index.ts'],
  ['report', 'src/report/index.ts'],
  ['vitest', 'src/vitest/index.ts'],
])

/** A chunk of an earlier build may be loaded by a process that is still running. */
const LONGEST_RUN = 3_600_000

const options = /** @type {const} */ ({
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  outdir: join(root, 'dist'),
  outbase: root,
})

const isOpen = (/** @type {string} */ file) => OPEN.some((folder) => file.startsWith(`${folder}/`))
const inBundle = (/** @type {string} */ name) => `dist/bundle/${name}.js`

/** Makes all of it. */
export async function bundle() {
  const entries = new Map(ENTRIES)
  await buildOpen(entries)
  await buildBundle(entries)
}

/** The name of an entry for a file of `src`. */
function entryFor(/** @type {Map<string, string>} */ entries, /** @type {string} */ file) {
  const known = [...entries].find(([, source]) => source === file)
  if (known !== undefined) return known[0]
  const name = file
    .replace(/^(src|bin)\//, '')
    .replace(/\.ts$/, '')
    .replaceAll('/', '-')
  entries.set(name, file)
  return name
}

/**
 * The files that stay, and the script that starts the command. Their imports of other such files lead to what these
 * become; those of the rest lead to entries of the bundle.
 */
async function buildOpen(/** @type {Map<string, string>} */ entries) {
  const files = OPEN.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
  await build({
    ...options,
    entryPoints: [...files, 'bin/hmmcheck.ts'],
    packages: 'external',
    sourcemap: true,
    sourcesContent: false,
    plugins: [
      {
        name: 'open',
        setup(plugins) {
          plugins.onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
            if (kind === 'entry-point') return undefined
            const file = relative(root, resolve(dirname(importer), path))
            const from = join('dist', dirname(relative(root, importer)))
            const to = isOpen(file) ? join('dist', file.replace(/\.ts$/, '.js')) : inBundle(entryFor(entries, file))
            const found = relative(from, to)
            return { path: found.startsWith('.') ? found : `./${found}`, external: true }
          })
        },
      },
    ],
  })
}

/** The bundle. What it imports of the files that stay is outside it. */
async function buildBundle(/** @type {Map<string, string>} */ entries) {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [...entries].map(([out, source]) => ({ in: source, out: `bundle/${out}` })),
    external: OUTSIDE,
    mainFields: ['module', 'main'],
    splitting: true,
    metafile: true,
    chunkNames: 'bundle/[hash]',
    write: false,
    plugins: [
      {
        name: 'bundled',
        setup(plugins) {
          plugins.onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
            if (kind === 'entry-point') return undefined
            const file = relative(root, resolve(dirname(importer), path))
            if (!isOpen(file)) return undefined
            return { path: relative('dist/bundle', join('dist', file.replace(/\.ts$/, '.js'))), external: true }
          })
          // A bundled package that is CommonJS has no `require` in an ECMAScript module.
          plugins.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
            kind === 'require-call' ? { path, namespace: 'builtin' } : undefined,
          )
          plugins.onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({
            contents: `module.exports = process.getBuiltinModule('${path}')`,
          }))
        },
      },
    ],
  })
  mkdirSync(join(root, 'dist/bundle'), { recursive: true })
  // Chunks first: an entry that is there finds what it imports.
  const names = new Set([...entries.keys()].map((name) => join(root, inBundle(name))))
  for (const { path, contents } of outputFiles.toSorted(
    (a, b) => Number(names.has(a.path)) - Number(names.has(b.path)),
  ))
    writeFileSync(path, contents)
  const licences = join(root, 'dist/bundle/LICENSES')
  writeFileSync(licences, licencesOf(Object.keys(metafile.inputs)))
  const written = new Set([...outputFiles.map(({ path }) => path), licences])
  for (const name of readdirSync(join(root, 'dist/bundle'))) {
    const path = join(root, 'dist/bundle', name)
    if (!written.has(path) && Date.now() - statSync(path).mtimeMs > LONGEST_RUN) rmSync(path)
  }
}

/** The licences of the packages of which files are in the bundle: each asks to be passed on. */
function licencesOf(/** @type {readonly string[]} */ files) {
  const names = new Set(files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []))
  return [...names]
    .toSorted()
    .map((name) => {
      const folder = join(root, 'node_modules', name)
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
      if (file === undefined) throw new Error(`${name} is in the bundle and has no licence`)
      return `${name}\n\n${readFileSync(join(folder, file), 'utf8').trimEnd()}\n`
    })
    .join('\n\n')
}
