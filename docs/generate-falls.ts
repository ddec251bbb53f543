/**
 * `npm run docs:falls`, of some models or variants `npm run docs:falls -- migrate-vma mirror-4.20@fixed`: checks
 * every expectation of the catalogue that takes seconds, and writes what falls, in how many steps, into
 * docs/models/*.md. With `--large` the large scenarios; without it, their rows stay as they are.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { catalogue } from '../models/catalogue.ts'
import { writeWhole } from '../src/cli/files.ts'
import { namedTarget } from '../src/cli/targets.ts'
import { check } from '../src/explorer/check.ts'
import { configure } from '../src/language/configure.ts'
import { fallsIn, fallsOf, rowKey, withFalls } from './falls-table.ts'
import { documentOf } from './marked.ts'

const large = process.argv.includes('--large')
const names = process.argv.slice(2).filter((name) => name !== '--large')

const isNamed = (model: string, variant: string): boolean =>
  names.length === 0 || names.includes(model) || names.includes(`${model}@${variant}`)

for (const protocol of catalogue.filter(({ name, variants }) =>
  variants.some((variant) => isNamed(name, variant.name)),
)) {
  const file = documentOf(protocol)
  const isDue = (name: string): boolean =>
    (protocol.scenarios.find((one) => one.name === name)?.large === true) === large
  const known = fallsIn(readFileSync(file, 'utf8'))
  const expected = new Set(protocol.expectations.map(rowKey))
  const falls = new Map([...known].filter(([key]) => expected.has(key)))
  for (const expectation of protocol.expectations.filter(
    ({ scenario, variant }) => isDue(scenario) && isNamed(protocol.name, variant),
  )) {
    const { setting, properties } = namedTarget(catalogue, `${protocol.name}@${expectation.variant}`, {
      scenario: expectation.scenario,
    })
    const result = await check(configure(protocol.model, setting.configuration), {
      properties,
      workers: large ? availableParallelism() : 1,
    })
    const cell = fallsOf(expectation, result.properties)
    falls.set(rowKey(expectation), cell)
    process.stdout.write(`${protocol.name} ${rowKey(expectation)}: ${cell}\n`)
  }
  writeWhole(file, withFalls(readFileSync(file, 'utf8'), protocol, falls))
}
