/**
 * A part of the build: the scripts, the style and the template of a page that is alive. The worker is one script without
 * modules, since a page starts it from a Blob: on the disk, it could load no other file.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { licencesOf } from './bundle.js'
import { root } from './fresh.cjs'

const options = /** @type {const} */ ({
  absWorkingDir: root,
  outdir: 'dist/browser',
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: ['chrome123', 'firefox120', 'safari17.5'],
  conditions: ['hmmcheck-source'],
  mainFields: ['module', 'main'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // A script of a Blob has no place; places of models are relative to the package in which it would stand.
  define: { 'import.meta.url': '"file:///hmmcheck/dist/bundle/worker.js"' },
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  write: false,
  metafile: true,
})

/** The text that is made of a source, behind the licences of the packages in it, and the files that are in it. */
async function made(/** @type {string} */ source) {
  const { outputFiles, metafile } = await build({ ...options, entryPoints: [source] })
  const files = Object.keys(metafile.inputs)
  const licences = licencesOf(files).replaceAll('*/', '* /')
  const text = outputFiles.map((file) => file.text.trimEnd()).join('\n')
  return { text: licences === '' ? text : `/*\n${licences}*/\n${text}`, files }
}

/** The worker. */
export const workerScript = () => made('src/browser/worker.ts')

/** All parts of a page, as `src/browser/html.ts` puts them together. */
export async function pageParts() {
  const [worker, app, style] = await Promise.all([
    workerScript(),
    made('src/browser/app/main.tsx'),
    made('src/browser/app/live.css'),
  ])
  const template = readFileSync(join(root, 'src/browser/app/template.html'), 'utf8')
  return { template, style: style.text, app: app.text, worker: worker.text }
}

/** Writes them where the command looks for them. */
export async function buildBrowser() {
  const folder = join(root, 'dist/browser')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'parts.json'), JSON.stringify(await pageParts()))
}
