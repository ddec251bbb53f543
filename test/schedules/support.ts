/** Schedules of the small protocol, found by the slow engine. */
import { configure } from '../../src/language/configure.ts'
import { settingOf } from '../../src/language/setting.ts'
import type { SettingNames } from '../../src/language/setting.ts'
import { originOf, record } from '../../src/schedules/record.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { notifier } from '../support/notifier.ts'
import { referenceEngine } from '../support/reference-engine.ts'

/** The schedule of a property that is violated, or witnessed, in that setting. */
export async function scheduleOf(names: SettingNames, property: string): Promise<Schedule> {
  const setting = settingOf(notifier, names)
  const model = configure(notifier.model, setting.configuration)
  const { properties } = await referenceEngine(model, {})
  const found = properties.find(({ name }) => name === property)
  if (found?.run === undefined) throw new Error(`${property} has no schedule`)
  const outcome = found.verdict === 'violated' ? 'violated' : 'witnessed'
  return record(originOf(setting), model, { name: property, kind: found.kind, outcome }, found.run)
}
