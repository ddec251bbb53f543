/**
 * Makes the JavaScript of the package.
 *
 * All rooms of `src` but the vocabulary are bundled into one script: the threads of a search, what the package exports,
 * and what the command imports are its entries. An entry is a small module that takes its exports from the script (`bin/bundled.ts`). So there
 * is one copy of the language in a process, whoever loads it: a user's model that imports `hmmcheck` gets what the
 * command runs. Beside the script stands the code that V8 made of it (`build/code.js`).
 *
 * `bin`, the vocabulary, the properties and the models stay a file each, with a source map: places in them are lines of
 * their source. Where they import the language, they import an entry of the bundle.
 *
 * `bin` and the threads become CommonJS modules: for the first ECMAScript module of a process, Node.js starts a loader,
 * which takes a tenth of a bare start (docs/decisions/0011-kept-code.md). A check of a model of this package needs none.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { root } from './fresh.cjs'

/**
 * Files that stay a file each, in the format that they get. So does the one that imports users' files: a script imports
 * no module.
 */
const OPEN = /** @type {const} */ ({
  cjs: ['bin/', 'src/cli/load.ts'],
  esm: ['src/kernel/', 'properties/', 'models/'],
})

/** @typedef {keyof typeof OPEN} Format */
const FORMATS = /** @type {const} */ (['cjs', 'esm'])
/** Entries of both formats stand in one folder. */
const EXTENSIONS = /** @type {const} */ ({ cjs: '.cjs', esm: '.js' })

/**
 * Packages that stay outside the bundle: a user's tests may have the same copy of them, and tsx loads what runs.
 * The others are in it: most of them are CommonJS, in which Node.js first has to look for what they export.
 */
const OUTSIDE = ['fast-check', 'vitest', 'tsx']

/**
 * An entry of the bundle.
 *
 * @typedef {{ readonly name: string, readonly source: string, readonly format: Format }} Entry
 */

/** The files that open files import come to them. */
const ENTRIES = /** @type {readonly Entry[]} */ ([
  { name: 'worker', source: 'src/explorer/threads/worker.ts', format: 'cjs' },
  { name: 'walker', source: 'src/schedules/threads/walker.ts', format: 'cjs' },
  { name: 'index', source: 'src/index.ts', format: 'esm' },
  { name: 'schedules', source: 'src/schedules/index.ts', format: 'esm' },
  { name: 'report', source: 'src/report/index.ts', format: 'esm' },
  { name: 'vitest', source: 'src/vitest/index.ts', format: 'esm' },
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

/** The format of a file that stays; undefined of one of the bundle. */
const formatOf = (/** @type {string} */ file) =>
  FORMATS.find((format) => OPEN[format].some((open) => file.startsWith(open)))

/** The file that is built of one that stays. A package.json beside it says of what format it is. */
const builtOf = (/** @type {string} */ file) => join('dist', file.replace(/\.ts$/, '.js'))

/** Makes all of it. */
export async function bundle() {
  const entries = [...ENTRIES]
  for (const format of FORMATS) await buildOpen(entries, format)
  await buildBundle(entries)
}

/** The module by which files of a format import a file of the bundle. */
function entryFor(/** @type {Entry[]} */ entries, /** @type {string} */ source, /** @type {Format} */ format) {
  const known = entries.find((entry) => entry.source === source)
  const name =
    known?.name ??
    source
      .replace(/^src\//, '')
      .replace(/\.ts$/, '')
      .replaceAll('/', '-')
  if (known?.format !== format) entries.push({ name, source, format })
  return `dist/bundle/${name}${EXTENSIONS[format]}`
}

/**
 * The files that stay. Their imports of other such files lead to what these
 * become; those of the rest lead to entries of the bundle.
 */
async function buildOpen(/** @type {Entry[]} */ entries, /** @type {Format} */ format) {
  const files = OPEN[format].flatMap((open) =>
    open.endsWith('.ts')
      ? [open]
      : readdirSync(join(root, open), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts'))
          .map((name) => join(open, name)),
  )
  if (format === 'cjs')
    for (const folder of new Set(files.map((file) => dirname(builtOf(file))))) {
      mkdirSync(join(root, folder), { recursive: true })
      writeFileSync(join(root, folder, 'package.json'), '{ "type": "commonjs" }\n')
    }
  await build({
    ...options,
    ...(format === 'cjs' ? asCommonJs : {}),
    entryPoints: files,
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
            const to = formatOf(file) === undefined ? entryFor(entries, file, format) : builtOf(file)
            const found = relative(from, to)
            return { path: found.startsWith('.') ? found : `./${found}`, external: true }
          })
        },
      },
    ],
  })
}

/** A CommonJS module has a path instead of an address. */
const asCommonJs = /** @type {const} */ ({
  format: 'cjs',
  define: { 'import.meta.url': '__url' },
  banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
})

/** The bundle, and its entries. What it imports of the files that stay is outside it. */
async function buildBundle(/** @type {readonly Entry[]} */ entries) {
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
          if (formatOf(file) === undefined) return undefined
          return { path: relative('dist/bundle', builtOf(file)), external: true }
        })
      },
    },
  ],
})

/** The text of the script's first module: `require` evaluates a bundled module when it is called. */
const entriesText = (/** @type {readonly Entry[]} */ entries) =>
  `exports.entries = { ${entries.map(({ name, source }) => `'${name}': () => require('./${source}')`).join(', ')} }`

/** The modules that take their exports from the script of that name. */
async function entryFiles(/** @type {readonly Entry[]} */ entries, /** @type {string} */ script) {
  // As modules they say what they export and import.
  const entryPoints = entries
    .filter(({ format }) => format === 'esm')
    .map(({ name, source }) => ({ in: source, out: name }))
  const { metafile } = await build({ ...bundled, entryPoints })
  const outputs = Object.values(metafile.outputs)
  return entries.map(({ name, source, format }) => {
    const file = `${name}${EXTENSIONS[format]}`
    if (format === 'cjs')
      return /** @type {const} */ ([
        file,
        `module.exports = require('../bin/bundled.js').entryOf('${script}', '${name}')\n`,
      ])
    const output = outputs.find(({ entryPoint }) => entryPoint === source)
    if (output === undefined) throw new Error(`${source} was not built`)
    const outside = OUTSIDE.filter((one) =>
      output.imports.some(({ path, kind }) => path === one && kind === 'import-statement'),
    )
    const taken = outside.map((one, n) => `'${one}': outside${n}.default ?? outside${n}`)
    const lines = [
      "import { entryOf } from '../bin/bundled.js'",
      ...outside.map((one, n) => `import * as outside${n} from '${one}'`),
      `export const { ${output.exports.toSorted().join(', ')} } = entryOf('${script}', '${name}', { ${taken.join(', ')} })`,
    ]
    return /** @type {const} */ ([file, `${lines.join('\n')}\n`])
  })
}

/** The licences of the packages of which files are in the bundle: each asks to be passed on. */
export function licencesOf(/** @type {readonly string[]} */ files) {
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
