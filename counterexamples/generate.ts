/**
 * `npm run counterexamples`, of some models `npm run counterexamples -- migrate-vma device-memory`: checks every
 * configuration in which a bug is found, and locks the shortest schedule of each.
 *
 * The file of a finding that no longer exists is removed. Nothing here is written by hand, and two runs on one model
 * give the same bytes.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bug, Finding } from '../models/bugs/bug.ts'
import { catalogue } from '../models/catalogue.ts'
import { writeWhole } from '../src/cli/files.ts'
import { commandOf } from '../src/cli/locking.ts'
import { namedTarget } from '../src/cli/targets.ts'
import { check } from '../src/explorer/check.ts'
import type { CheckResult } from '../src/explorer/result.ts'
import type { ConfiguredModel } from '../src/language/ast.ts'
import { configure } from '../src/language/configure.ts'
import { endText } from '../src/report/ending.ts'
import type { Lock } from '../src/schedules/lock.ts'
import { originOf, record } from '../src/schedules/record.ts'
import { follow } from '../src/schedules/replay.ts'
import type { Schedule } from '../src/schedules/schedule.ts'
import { writeSchedule } from '../src/schedules/write.ts'
import { folder, kept } from './kept.ts'

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const names = process.argv.slice(2)
const due = kept.filter(({ finding }) => names.length === 0 || names.includes(finding.model))

/** One run answers for all findings in its configuration. */
const runOf = ({ model, variant, scenario }: Finding): string => `${model}@${variant} ${scenario}`

function lockOf({ id, title, versions, commit }: Bug, schedule: Schedule, ends: string, command: string): Lock {
  return {
    ...schedule,
    lock: {
      shows: `${title.replaceAll('`', '')}; ${ends}`,
      corrected: 'fixed',
      bugs: [id],
      versions,
      ...(commit === undefined ? {} : { commit }),
      command,
    },
  }
}

/**
 * The search for one property may stop where it is broken. For the properties that it has not found by then, and those
 * that need the whole graph, there is a complete run.
 */
async function shown(
  model: ConfiguredModel,
  properties: readonly string[],
  wanted: readonly string[],
): Promise<CheckResult> {
  const [only, ...others] = wanted
  if (only !== undefined && others.length === 0 && properties.includes(only)) {
    const first = await check(model, { properties: [only], stopAtFirst: true })
    if (first.properties.some(({ name, counterexample }) => name === only && counterexample !== undefined)) return first
  }
  return check(model, { properties })
}

for (const run of new Set(due.map(({ finding }) => runOf(finding)))) {
  const [target = '', scenario] = run.split(' ')
  const { setting, properties } = namedTarget(catalogue, target, { scenario })
  const model = configure(setting.protocol.model, setting.configuration)
  const wanted = due.filter((one) => runOf(one.finding) === run)
  const result = await shown(
    model,
    properties,
    wanted.map(({ property }) => property),
  )
  for (const { bug, finding, property: wants, file } of wanted) {
    const found = result.properties.find(({ name, verdict }) => name === wants && verdict === 'violated')
    if (found?.counterexample === undefined) {
      say(`${run}: ${wants} is expected and holds`)
      process.exitCode = 1
      continue
    }
    const property = { name: wants, kind: found.kind, outcome: 'violated' } as const
    const schedule = record(originOf(setting), found.counterexample)
    const { machine, run: played } = follow(model, schedule)
    const ends = played === undefined ? '' : endText(machine, played, property)
    mkdirSync(join(folder, finding.model), { recursive: true })
    writeWhole(
      join(folder, file),
      writeSchedule(lockOf(bug, schedule, ends, commandOf('npx hmmcheck', setting, { property }))),
    )
    say(`${file}: ${wants} in ${schedule.steps.length}`)
  }
}

for (const { name } of catalogue.filter((protocol) => names.length === 0 || names.includes(protocol.name))) {
  const directory = join(folder, name)
  mkdirSync(directory, { recursive: true })
  const outdated = readdirSync(directory).filter(
    (file) => file.endsWith('.json') && !kept.some((one) => one.file === join(name, file)),
  )
  for (const file of outdated) rmSync(join(directory, file))
  say(
    `${kept.filter(({ finding }) => finding.model === name).length} locks of ${name}${outdated.length === 0 ? '' : `; taken away: ${outdated.length}`}`,
  )
}
