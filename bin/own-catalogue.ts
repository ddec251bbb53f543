/** The models of this package: as they were recorded when it was built; from source, as they are now. */
import { existsSync, readFileSync } from 'node:fs'
import type { Catalogue } from '../src/catalogue/protocol.ts'
import { readCatalogue } from '../src/catalogue/recorded.ts'

/** Beside the bundle. */
const RECORDED = new URL('../recorded/', import.meta.url)

export async function ownCatalogue(): Promise<Catalogue> {
  if (existsSync(RECORDED)) return readCatalogue((file) => readFileSync(new URL(file, RECORDED), 'utf8'))
  // Before they are loaded: the lines that they name are then those of their source, not of what was compiled.
  process.setSourceMapsEnabled(true)
  return (await import('../models/catalogue.ts')).catalogue
}
