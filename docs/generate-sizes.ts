/**
 * `npm run docs:sizes`, of some models `npm run docs:sizes -- migrate-vma`: checks `fixed` in every scenario, and
 * writes what it took into docs/models/*.md.
 * With them goes the table of how many threads took part. With `--large` the large scenarios, each with as many
 * workers as there are processors; without it, their rows stay as they are.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { catalogue } from '../models/catalogue.ts'
import { writeWhole } from '../src/cli/files.ts'
import { namedTarget } from '../src/cli/targets.ts'
import { check } from '../src/explorer/check.ts'
import { configure } from '../src/language/configure.ts'
import { showSeconds } from '../src/report/numbers.ts'
import { documentOf } from './marked.ts'
import { withNumbers } from './numbers-table.ts'
import { measuredIn, withSizes } from './sizes-table.ts'

const large = process.argv.includes('--large')
const names = process.argv.slice(2).filter((name) => name !== '--large')

for (const protocol of catalogue.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const file = documentOf(protocol)
  const measured = new Map(measuredIn(readFileSync(file, 'utf8')))
  for (const scenario of protocol.scenarios.filter((one) => (one.large === true) === large)) {
    const { setting, properties } = namedTarget(catalogue, `${protocol.name}@fixed`, { scenario: scenario.name })
    const { states, transitions, depth, stateBits, seconds, verdict } = await check(
      configure(protocol.model, setting.configuration),
      { properties, workers: large ? availableParallelism() : 1 },
    )
    process.stdout.write(
      `${protocol.name}@fixed ${scenario.name}: ${verdict}, ${states} states, ${showSeconds(seconds)}\n`,
    )
    if (verdict === 'holds')
      measured.set(scenario.name, { states, transitions, depth, bits: stateBits, seconds: showSeconds(seconds) })
    else process.exitCode = 1
    writeWhole(file, withNumbers(withSizes(readFileSync(file, 'utf8'), protocol, measured), protocol))
  }
}
