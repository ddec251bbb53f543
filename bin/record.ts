/** A part of the build: records the models of this package, which validates them, and writes them beside the bundle. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { relativeOf } from '../src/analysis/family.ts'
import type { Catalogue } from '../src/catalogue/protocol.ts'
import { readCatalogue, writeCatalogue } from '../src/catalogue/recorded.ts'
import { RECORDED, relativeFileOf } from './own-catalogue.ts'

/** @throws Error if a model is another when it is read again */
function record(catalogue: Catalogue): void {
  const files = writeCatalogue(catalogue)
  const again = readCatalogue((file) => files.get(file) ?? '')
  for (const [n, { ...protocol }] of catalogue.entries())
    if (!isDeepStrictEqual({ ...again[n] }, protocol))
      throw new Error(`${protocol.name} is another when it is read again`)
  rmSync(RECORDED, { recursive: true, force: true })
  mkdirSync(RECORDED, { recursive: true })
  for (const [file, text] of files) writeFileSync(new URL(file, RECORDED), text)
  for (const { name, model } of catalogue)
    writeFileSync(new URL(relativeFileOf(name), RECORDED), JSON.stringify(relativeOf(model)))
}

process.setSourceMapsEnabled(true)
void import('../models/catalogue.ts').then(({ catalogue }) => {
  record(catalogue)
})
