/** Which counterexamples are kept, and under which names. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Expectation, Protocol } from '../src/language/protocol.ts'
import { readSchedule } from '../src/schedules/read.ts'
import type { Schedule } from '../src/schedules/schedule.ts'

/** Where they are: a folder a protocol. */
export const folder: string = fileURLToPath(new URL('.', import.meta.url))

/** The expectations whose counterexamples are kept: violated, and checked within seconds. */
export function keptExpectations({ scenarios, expectations }: Protocol): readonly Expectation[] {
  const isLarge = (name: string): boolean => scenarios.find((scenario) => scenario.name === name)?.large === true
  return expectations.filter(({ verdict, scenario }) => verdict === 'violated' && !isLarge(scenario))
}

/** `as-posted.P-NOUAF.json`; of a property with a sentence for a name, what every file system takes. */
export function fileOf(variant: string, property: string): string {
  const slug = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '')
  return `${slug(variant)}.${slug(property)}.json`
}

/** The counterexample that is kept of a variant and property, if it is of that scenario. */
export function keptOf({ model, variant, scenario, property }: { readonly model: string; readonly variant: string; readonly scenario: string; readonly property: string }): Schedule | undefined {
  const file = join(folder, model, fileOf(variant, property))
  if (!existsSync(file)) return undefined
  const schedule = readSchedule(readFileSync(file, 'utf8'), file)
  return schedule.configuration.scenario === scenario ? schedule : undefined
}
