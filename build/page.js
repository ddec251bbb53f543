/**
 * Makes the template of a counterexample's page: one HTML file with the app's script and style in it, and comments where
 * `src/page/html.ts` puts the document of a run. The page asks nothing of a network.
 */
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { licencesOf } from './bundle.js'
import { root } from './fresh.cjs'

/** The folder of the app's source. */
const APP = 'src/page/app'

/** What an element must not have inside of it: the text that would end it. */
const ending = (/** @type {string} */ text, /** @type {string} */ element) =>
  text.replaceAll(new RegExp(`</(?=${element})`, 'gi'), '<\\/')

/**
 * The template as text.
 *
 * @param entry the module that starts the app
 */
export async function pageTemplate(entry = `${APP}/main.tsx`) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { app: entry, style: `${APP}/style.css` },
    outdir: 'dist/page',
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  })
  const textOf = (/** @type {string} */ extension) =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.text.trimEnd() ?? ''
  const licences = licencesOf(Object.keys(metafile.inputs))
  const parts = new Map([
    ['<!--hmmcheck:licences-->', `<!--\n${licences.replaceAll('--', '- -').trim()}\n-->`],
    ['<!--hmmcheck:style-->', `<style>${ending(textOf('.css'), 'style')}</style>`],
    ['<!--hmmcheck:script-->', `<script>${ending(textOf('.js'), 'script')}</script>`],
  ])
  const html = readFileSync(join(root, APP, 'template.html'), 'utf8')
  return [...parts].reduce((text, [place, part]) => text.split(place).join(part), html)
}

/** Writes it where the command looks for it. */
export async function buildPage() {
  const folder = join(root, 'dist/page')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'template.html'), await pageTemplate())
}
