/**
 * Writes a site with a page by hand for each model of the catalogue.
 *
 *     npm run docs:site            into dist/site
 *     npm run docs:site -- DIR     into another folder
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { catalogue } from '../models/catalogue.ts'
import { relativeOf } from '../src/analysis/family.ts'
import { recordingOf } from '../src/browser/recording.ts'
import type { PageParts } from '../src/browser/html.ts'
import { siteFiles } from '../src/browser/site.ts'
import { packageVersion } from '../src/explorer/package-version.ts'

const root = join(import.meta.dirname, '..')
const folder = resolve(process.argv[2] ?? join(root, 'dist/site'))

/** The text of a file of this package, as places name it. */
const sourceOf = (file: string): string | undefined => {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch {
    return undefined
  }
}

const relatives = catalogue.map((protocol) => ({ protocol, relative: relativeOf(protocol.model) }))
const models = catalogue.map((protocol) => {
  const family = relatives.flatMap((one) => (one.protocol === protocol ? [] : [one.relative]))
  return { protocol, recording: recordingOf(protocol, { version: packageVersion(), family, sourceOf }) }
})
// The cast: the build has no types.
const { pageParts } = (await import(new URL('../build/browser.js', import.meta.url).href)) as {
  readonly pageParts: () => Promise<PageParts>
}
for (const [name, text] of siteFiles(await pageParts(), models)) {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
process.stdout.write(`${folder}/index.html: ${models.length} models\n`)
