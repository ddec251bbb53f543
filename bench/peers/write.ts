/**
 * `npm run bench:peers`: writes the Promela of the small scenarios that are committed to be read, and of any that is
 * named.
 */
import { writeFileSync } from 'node:fs'
import { promelaOf } from '../ready.ts'
import { scenarioNamed, shown } from '../scenarios.ts'

const named = process.argv.slice(2).map(scenarioNamed)
for (const s of named.length === 0 ? shown : named)
  writeFileSync(new URL(`${s.name}.pml`, import.meta.url), promelaOf(s).text)
