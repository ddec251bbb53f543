/**
 * `npm run docs:sizes`: writes the tables of sizes and of numbers of threads into docs/models/*.md, from the counts in
 * models/ and from the scenarios.
 */
import { readFileSync } from 'node:fs'
import { catalogue } from '../models/catalogue.ts'
import { counts } from '../models/counts.ts'
import { writeWhole } from '../src/cli/files.ts'
import { documentOf } from './marked.ts'
import { withNumbers } from './numbers-table.ts'
import { withSizes } from './sizes-table.ts'

for (const protocol of catalogue) {
  const file = documentOf(protocol)
  writeWhole(file, withNumbers(withSizes(readFileSync(file, 'utf8'), protocol, counts[protocol.name] ?? {}), protocol))
}
