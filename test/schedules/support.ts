/** Schedules of the small protocol, found by the slow engine. */
import { exampleOf } from '../../src/semantics/counterexample.ts'
import { configure } from '../../src/language/configure.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import type { SettingNames } from '../../src/catalogue/setting.ts'
import { originOf, record } from '../../src/schedules/record.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { notifier } from '../support/notifier.ts'
import { referenceEngine } from '../support/reference-engine.ts'

/** The schedule of a property that is violated, or witnessed, in that setting. */
export async function scheduleOf(
  names: SettingNames,
  property: string,
  protocol: Protocol = notifier,
): Promise<Schedule> {
  const setting = settingOf(protocol, names)
  const model = configure(protocol.model, setting.configuration)
  const { properties } = await referenceEngine(model, {})
  const found = properties.find(({ name }) => name === property)
  const example = found && exampleOf(found)
  if (example === undefined) throw new Error(`${property} has no schedule`)
  return record(originOf(setting), example)
}
