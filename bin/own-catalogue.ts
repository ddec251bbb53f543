/** The models of this package: as they were recorded when it was built; from source, as they are now. */
import { existsSync, readFileSync } from 'node:fs'
import type { Relative } from '../src/analysis/family.ts'
import type { Catalogue } from '../src/catalogue/protocol.ts'
import { readCatalogue } from '../src/catalogue/recorded.ts'
import type { Environment } from '../src/cli/environment.ts'

/** Beside the bundle. */
export const RECORDED = new URL('../recorded/', import.meta.url)

/** The file, beside those of the catalogue, that says of a model what its relatives need to know. */
export const relativeFileOf = (protocol: string): string => `${protocol}.relative.json`

interface OwnCatalogue extends Pick<Environment, 'relativeOf'> {
  readonly catalogue: Catalogue
}

export async function ownCatalogue(): Promise<OwnCatalogue> {
  if (existsSync(RECORDED)) return recordedCatalogue()
  // Before they are loaded: the lines that they name are then those of their source, not of what was compiled.
  process.setSourceMapsEnabled(true)
  return { catalogue: (await import('../models/catalogue.ts')).catalogue }
}

function recordedCatalogue(): OwnCatalogue {
  const text = (file: string): string => readFileSync(new URL(file, RECORDED), 'utf8')
  const catalogue = readCatalogue(text)
  const relatives = new Map<string, Relative>()
  return {
    catalogue,
    relativeOf(protocol) {
      if (!catalogue.includes(protocol)) return undefined
      // The cast: the file is of the same build.
      const relative = relatives.get(protocol.name) ?? (JSON.parse(text(relativeFileOf(protocol.name))) as Relative)
      relatives.set(protocol.name, relative)
      return relative
    },
  }
}
