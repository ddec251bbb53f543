/** Documents of pages for tests: of a small protocol, and of the catalogue's counterexamples. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../models/catalogue.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { claimsOf } from '../../src/cli/schedule-file.ts'
import type { PageDocument } from '../../src/page/document.ts'
import { recordPage } from '../../src/page/record.ts'
import { definedFields } from '../../src/language/defined-fields.ts'
import { showSizes } from '../../src/report/text.ts'
import { readScheduleOrLock } from '../../src/schedules/read.ts'
import { replay } from '../../src/schedules/replay.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'

const root = join(import.meta.dirname, '../..')

/** The locked counterexamples of the catalogue, as paths from the root. */
export const LOCKS: readonly string[] = readdirSync(join(root, 'counterexamples'), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((name) => name.endsWith('.json'))
  .map((name) => `counterexamples/${name.replaceAll('\\', '/')}`)
  .toSorted()

/** The page of a lock of the catalogue. */
export function pageOfLock(file: string, view?: Protocol['view']): PageDocument {
  const { lock: _, ...schedule } = readScheduleOrLock(readFileSync(join(root, file), 'utf8'), file)
  const protocol = catalogue.find(({ name }) => name === schedule.model)
  if (protocol === undefined) throw new Error(`no model ${schedule.model}`)
  return pageOfSchedule(
    { ...protocol, model: protocol.model, ...definedFields({ view }) },
    schedule,
    `hmmcheck replay ${file}`,
  )
}

/** The page of a schedule of any protocol. */
export function pageOfSchedule(protocol: Protocol, schedule: Schedule, command = 'hmmcheck'): PageDocument {
  const played = replay(protocol, schedule)
  if (played.run === undefined) throw new Error('the schedule has no initial state')
  const { scenario, sizes } = schedule.configuration
  return recordPage({
    machine: played.machine,
    run: played.run,
    claims: claimsOf(settingOf(protocol, { variant: schedule.variant, scenario, sizes })),
    property: played.kind === 'confirmed' ? schedule.property : undefined,
    schedule: played.schedule,
    sizes: showSizes(sizes),
    version: '0.0.0',
    command,
    view: protocol.view,
    readSource: (name) => (name.includes('..') ? undefined : readFileSync(join(root, name), 'utf8')),
  })
}
