/**
 * Makes the JavaScript of the package.
 *
 * All rooms of `src` but the vocabulary are bundled into one script: the threads of a search, what the package exports,
 * and what the command imports are its entries. An entry is a small module that takes its exports from the script (`bin/bundled.ts`). So there
 * is one copy of the language in a process, whoever loads it: a user's model that imports `hmmcheck` gets what the
 * command runs. Beside the script stands the code that V8 made of it (`build/code.js`).
 *
 * `bin`, the vocabulary, the properties and the models stay a file each, with a source map: places in them are lines of their
 * source. Where they import the language, they import an entry of the bundle.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { root } from './fresh.js'

/** Files of these folders stay as they are. */
const OPEN = ['bin', 'src/kernel', 'properties', 'models']

/** So does the file that imports users' files: a script imports no module. `bin/bundled.ts` gives it to the script. */
const IMPORTING = 'src/cli/load.ts'

/**
 * Packages that stay outside the bundle: a user's tests may have the same copy of them, and tsx loads what runs.
 * The others are in it: most of them are CommonJS, in which Node.js first has to look for what they export.
 */
const OUTSIDE = ['fast-check', 'vitest', 'tsx']

/** Entries of the bundle by their names; the files that open files import come to them. */
const ENTRIES = new Map([
  ['worker', 'src/explorer/threads/worker.ts'],
  ['walker', 'src/schedules/threads/walker.ts'],
  ['index', 'src/index.ts'],
  ['schedules', 'src/schedules/index.ts'],
  ['report', 'src/report/index.ts'],
  ['vitest', 'src/vitest/index.ts'],
])

/** A script of an earlier build may be loaded by a process that is still running. */
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

const isOpen = (/** @type {string} */ file) =>
  file === IMPORTING || OPEN.some((folder) => file.startsWith(`${folder}/`))
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
    .replace(/^src\//, '')
    .replace(/\.ts$/, '')
    .replaceAll('/', '-')
  entries.set(name, file)
  return name
}

/**
 * The files that stay. Their imports of other such files lead to what these
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
    entryPoints: [...files, IMPORTING],
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

/** The bundle, and its entries. What it imports of the files that stay is outside it. */
async function buildBundle(/** @type {Map<string, string>} */ entries) {
  const { outputFiles, metafile } = await build({
    ...bundled,
    format: 'cjs',
    stdin: { contents: entriesText(entries), resolveDir: root, sourcefile: 'entries.js' },
    define: { 'import.meta.url': '__url', 'import.meta.resolve': '__resolve' },
  })
  // A function of what the script has instead of a module.
  const text = `(function (module, exports, require, __url, __resolve) {\n${outputFiles.map((file) => file.text).join('')}})\n`
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const licences = licencesOf(Object.keys(metafile.inputs))
  // The script first: an entry that is there finds it.
  const files = new Map([[`${name}.cjs`, text], ['LICENSES', licences], ...(await entryFiles(entries, name))])
  const folder = join(root, 'dist/bundle')
  mkdirSync(folder, { recursive: true })
  for (const [file, contents] of files) writeFileSync(join(folder, file), contents)
  for (const file of readdirSync(folder)) {
    const isOfThis = files.has(file) || file.startsWith(`${name}-`)
    if (!isOfThis && Date.now() - statSync(join(folder, file)).mtimeMs > LONGEST_RUN) rmSync(join(folder, file))
  }
}

/** What the builds of the bundle have in common. */
const bundled = /** @type {const} */ ({
  ...options,
  external: OUTSIDE,
  mainFields: ['module', 'main'],
  metafile: true,
  write: false,
  plugins: [
    {
      name: 'bundled',
      setup(/** @type {import('esbuild').PluginBuild} */ plugins) {
        plugins.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
          if (kind === 'entry-point') return undefined
          const file = relative(root, resolve(resolveDir, path))
          if (!isOpen(file)) return undefined
          return { path: relative('dist/bundle', join('dist', file.replace(/\.ts$/, '.js'))), external: true }
        })
      },
    },
  ],
})

/** The text of the script's first module: `require` evaluates a bundled module when it is called. */
const entriesText = (/** @type {Map<string, string>} */ entries) =>
  `exports.entries = { ${[...entries].map(([name, file]) => `'${name}': () => require('./${file}')`).join(', ')} }`

/** The modules that take their exports from the script of that name. */
async function entryFiles(/** @type {Map<string, string>} */ entries, /** @type {string} */ script) {
  // As modules they say what they export and import.
  const { metafile } = await build({ ...bundled, entryPoints: [...entries].map(([out, file]) => ({ in: file, out })) })
  const outputs = Object.values(metafile.outputs)
  return [...entries].map(([name, file]) => {
    const output = outputs.find(({ entryPoint }) => entryPoint === file)
    if (output === undefined) throw new Error(`${file} was not built`)
    const outside = OUTSIDE.filter((one) =>
      output.imports.some(({ path, kind }) => path === one && kind === 'import-statement'),
    )
    const taken = outside.map((one, n) => `'${one}': outside${n}.default ?? outside${n}`)
    const lines = [
      "import { entryOf } from '../bin/bundled.js'",
      ...outside.map((one, n) => `import * as outside${n} from '${one}'`),
      `export const { ${output.exports.toSorted().join(', ')} } = entryOf('${script}', '${name}', { ${taken.join(', ')} })`,
    ]
    return /** @type {const} */ ([`${name}.js`, `${lines.join('\n')}\n`])
  })
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
