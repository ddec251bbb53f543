/** Loads a user's file: JavaScript or TypeScript, an ECMAScript module whatever the package around it says. */
import { register } from 'node:module'
import { pathToFileURL } from 'node:url'

/**
 * Node takes a `.js` or `.ts` file for CommonJS unless a package.json says otherwise, and a folder with a model or
 * two has none.
 * So what is written as an ECMAScript module is loaded as one. Files named outright are resolved here: tsx, where it
 * comes first, gives those it takes for CommonJS another address. The hooks run in a thread of their own and are
 * given as text:
 * a file would have to be compiled for one way to start this program and must not be for the other.
 */
const HOOKS = `
import { readFile } from 'node:fs/promises'
const isOwn = (url) => /^file:[^?]*\\.[jt]s(\\?|$)/.test(url) && !url.includes('/node_modules/')
const isModule = async (url) => isOwn(url) && /^\\s*(import\\b|export\\b)/m.test(await readFile(new URL(url), 'utf8').catch(() => ''))
export async function resolve(specifier, context, next) {
  if (/^(\\.{1,2}\\/|file:)/.test(specifier)) {
    const { href: url } = new URL(specifier, context.parentURL)
    if (await isModule(url)) return { url, format: 'module', shortCircuit: true }
  }
  const found = await next(specifier, context)
  return found.format !== 'module' && await isModule(found.url) ? { ...found, format: 'module' } : found
}
export async function load(url, context, next) {
  return next(url, context.format !== 'module' && await isModule(url) ? { ...context, format: 'module' } : context)
}
`

const registered = { hooks: false, typescript: false }

/**
 * Imports a file.
 *
 * TypeScript goes through tsx, which is loaded only if needed, and for the whole process: a model that imports this
 * package must get the very modules that are running.
 *
 * @param path absolute
 */
export async function importFile(path: string): Promise<unknown> {
  if (!registered.hooks) {
    registered.hooks = true
    // The lines that a model names are those of its source, and so are those of the vocabulary that it imports.
    process.setSourceMapsEnabled(true)
    register(`data:text/javascript,${encodeURIComponent(HOOKS)}`)
  }
  if (/\.[cm]?ts$/.test(path) && !registered.typescript) {
    registered.typescript = true
    if (!isRunByTsx()) (await import('tsx/esm/api')).register()
  }
  return import(/* @vite-ignore */ pathToFileURL(path).href)
}

/** As in a clone: `npm run hmmcheck`. */
function isRunByTsx(): boolean {
  return process.execArgv.some((argument) => argument.includes('tsx'))
}
