/**
 * `npm run docs:masks`, of some models `npm run docs:masks -- migrate-vma`: leaves out every two fixes that the
 * catalogue can do without, and writes which of them mask each other into docs/models/*.md. It takes some minutes
 * per model.
 */
import { readFileSync } from 'node:fs'
import { catalogue } from '../models/catalogue.ts'
import { writeWhole } from '../src/cli/files.ts'
import { documentOf } from './marked.ts'
import { masked, pairsOf, withMasks, type Mask } from './masks-table.ts'

const names = process.argv.slice(2)

for (const protocol of catalogue.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const file = documentOf(protocol)
  const masks: Mask[] = []
  for (const pair of pairsOf(protocol)) {
    const falls = await masked(protocol, pair)
    if (falls.length > 0) masks.push({ ...pair, falls })
    process.stdout.write(
      `${protocol.name} without ${pair.one} and ${pair.other} in ${pair.scenario}: ${falls.length === 0 ? 'no mask' : falls.join(', ')}\n`,
    )
  }
  writeWhole(file, withMasks(readFileSync(file, 'utf8'), masks))
}
