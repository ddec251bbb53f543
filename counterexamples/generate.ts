/**
 * `npm run counterexamples`, of some models `npm run counterexamples -- migrate-vma device-memory`: checks every variant that the catalogue expects to be violated, and keeps the shortest schedule of each of its properties.
 *
 * One file a variant and property. Where several scenarios show it, the shortest is kept, of equal ones that of the scenario that comes first.
 * What is no longer violated loses its file. Nothing here is written by hand, and two runs on one model give the same bytes.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../models/catalogue.ts'
import { writeWhole } from '../src/cli/files.ts'
import { check } from '../src/explorer/check.ts'
import { configure } from '../src/language/configure.ts'
import { settingOf } from '../src/language/setting.ts'
import { violatedOf } from '../src/report/checked.ts'
import { originOf, record } from '../src/schedules/record.ts'
import type { Schedule } from '../src/schedules/schedule.ts'
import { writeSchedule } from '../src/schedules/write.ts'
import { fileOf, folder, keptExpectations } from './kept.ts'

const say = (line: string): void => { process.stdout.write(`${line}\n`) }
let unexpected = 0

const names = process.argv.slice(2)
for (const protocol of catalogue.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const kept = new Map<string, Schedule>()
  for (const expectation of keptExpectations(protocol)) {
    const setting = settingOf(protocol, expectation)
    const model = configure(protocol.model, setting.configuration)
    const claimed = protocol.model.properties.map(({ name }) => name).filter((name) => setting.variant.notClaimed?.includes(name) !== true)
    const result = await check(model, { properties: claimed })
    const shown: string[] = []
    for (const { name, kind, run } of violatedOf(result)) {
      const file = fileOf(expectation.variant, name)
      // A `sometimes` that is violated has no schedule: nothing shows what never happens. Nor has a relation: see test/counterexamples.test.ts.
      if (run === undefined || !(expectation.violated ?? [name]).includes(name)) continue
      shown.push(`${name} in ${run.steps.length}`)
      const best = kept.get(file)
      if (best === undefined || run.steps.length < best.steps.length) kept.set(file, record(originOf(setting), model, { name, kind, outcome: 'violated' }, run))
    }
    const found = violatedOf(result).map(({ name }) => name)
    const apart = [
      ...(expectation.violated ?? []).filter((name) => !found.includes(name)).map((name) => `${name} is expected and holds`),
      ...found.filter((name) => expectation.violated?.includes(name) === false).map((name) => `${name} is violated and not expected`),
    ]
    unexpected += apart.length
    say(`${protocol.name}@${expectation.variant} ${expectation.scenario}: ${[...shown, ...apart].join(', ')}`)
  }
  const directory = join(folder, protocol.name)
  mkdirSync(directory, { recursive: true })
  for (const [file, schedule] of kept) writeWhole(join(directory, file), writeSchedule(schedule))
  const outdated = readdirSync(directory).filter((file) => file.endsWith('.json') && !kept.has(file))
  for (const file of outdated) rmSync(join(directory, file))
  say(`${kept.size} schedules of ${protocol.name}${outdated.length === 0 ? '' : `; taken away: ${outdated.join(', ')}`}`)
}
if (unexpected > 0) {
  say(`${unexpected} properties are not as the catalogue expects`)
  process.exitCode = 1
}
