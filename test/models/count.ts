/**
 * `npm run counts`, of some models `npm run counts -- migrate-vma`: counts every run that takes seconds, prints each
 * count that is new or has changed, and writes models/MODEL/counts.ts. With `--large` the large scenarios of `fixed`,
 * and of each variant that has a count there; with `--scenario=NAME` that scenario alone.
 *
 * A changed count is a change of behaviour: say in the commit why it is right.
 */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { catalogue } from '../../models/catalogue.ts'
import { countKey, type Count } from '../../models/count.ts'
import { counts } from '../../models/counts.ts'
import { writeWhole } from '../../src/cli/files.ts'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import { modelOf } from '../support/targets.ts'

const large = process.argv.includes('--large')
const only = process.argv.find((word) => word.startsWith('--scenario='))?.slice('--scenario='.length)
const names = process.argv.slice(2).filter((name) => !name.startsWith('--'))

for (const protocol of catalogue.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const known = new Map<string, Count>(Object.entries(counts[protocol.name] ?? {}))
  for (const target of catalogueTargets([protocol], { large })) {
    const { variant, scenario } = target.setting
    const key = countKey(variant.name, scenario.name)
    const isDue = !large || variant.name === 'fixed' || known.has(key)
    if (!isDue || (only ?? scenario.name) !== scenario.name) continue
    const result = await check(modelOf(target), large ? { workers: availableParallelism() } : {})
    const count = {
      states: result.states,
      stored: result.stored,
      transitions: result.transitions,
      depth: result.depth,
      bits: result.stateBits,
    }
    if (JSON.stringify(known.get(key)) !== JSON.stringify(count))
      process.stdout.write(`${protocol.name} ${key}: ${JSON.stringify(known.get(key))} -> ${JSON.stringify(count)}\n`)
    known.set(key, count)
  }
  const rows = [...known].map(([key, { states, stored, transitions, depth, bits }]) => {
    const fields = Object.entries({ states, stored, transitions, depth, bits }).filter(
      ([, count]) => count !== undefined,
    )
    const all = fields.map(([name, count]) => `${name}: ${count}`)
    const line = `  '${key}': { ${all.join(', ')} },\n`
    // as the formatter has it
    return line.length <= 121 ? line : `  '${key}': {\n${all.map((one) => `    ${one},\n`).join('')}  },\n`
  })
  writeWhole(
    fileURLToPath(new URL(`../../models/${protocol.name}/counts.ts`, import.meta.url)),
    `/** Counts of ${protocol.name}, by variant and scenario; a test counts them anew. */\n\nexport const counts = {\n${rows.join('')}}\n`,
  )
}
