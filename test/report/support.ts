/** Runs of the small protocol to draw. */
import { exampleOf } from '../../src/semantics/counterexample.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import type { SettingNames } from '../../src/catalogue/setting.ts'
import { selectProperties } from '../../src/language/select.ts'
import type { ScheduleProperty } from '../../src/schedules/schedule.ts'
import { machine } from '../../src/semantics/machine.ts'
import type { Machine, Run } from '../../src/semantics/machine.ts'
import { notifier } from '../support/notifier.ts'
import { referenceEngine } from '../support/reference-engine.ts'

export interface Found {
  readonly graph: Machine
  readonly run: Run
  readonly property: ScheduleProperty
}

/** The shortest schedule of a property of that model. */
export async function shortest(model: ConfiguredModel, name: string): Promise<Found> {
  const { properties } = await referenceEngine(model, {})
  const found = properties.find((one) => one.name === name)
  const example = found && exampleOf(found)
  if (example === undefined) throw new Error(`${name} has no schedule`)
  const { run, property } = example
  return { graph: machine(selectProperties(model, [name])), run, property }
}

const known = new Map<string, Promise<Found>>()

/** The same, of the small protocol; found once. */
export async function shortestOf(names: SettingNames, name: string): Promise<Found> {
  const key = JSON.stringify([names, name])
  const found = known.get(key) ?? shortest(configure(notifier.model, settingOf(notifier, names).configuration), name)
  known.set(key, found)
  return found
}
