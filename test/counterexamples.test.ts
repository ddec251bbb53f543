/** The counterexamples that are kept: each is what it says, on its own variant and on the corrected one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileOf, folder, keptExpectations } from '../counterexamples/kept.ts'
import { catalogue } from '../models/catalogue.ts'
import type { Protocol } from '../src/language/protocol.ts'
import { refusalOf } from '../src/report/replay.ts'
import { replay } from '../src/schedules/replay.ts'
import { readSchedule } from '../src/schedules/read.ts'
import { writeSchedule } from '../src/schedules/write.ts'

/** What `fixed` may answer: a step is not enabled there, or all are and the property is violated after none of them. */
const REFUSAL = /^(step \d+ is not enabled|there is no such start|every step is enabled, but .* is not violated at the end)/

const filesOf = ({ name }: Protocol): readonly string[] => {
  const directory = join(folder, name)
  return existsSync(directory) ? readdirSync(directory).toSorted() : []
}

/**
 * The files that there must be: one a variant and property, whatever the scenario. What never happens has no schedule. Nor has a relation with a cycle: each pair
 * of it alone is no violation, `fixed` may have it too.
 */
function wantedOf(protocol: Protocol): readonly string[] {
  const hasSchedule = (name: string): boolean => !protocol.model.properties.some((property) => property.name === name && ['collected', 'sometimes'].includes(property.kind))
  return [...new Set(keptExpectations(protocol).flatMap(({ variant, violated = [] }) => violated.filter(hasSchedule).map((property) => fileOf(variant, property))))].toSorted()
}

test('no folder without a protocol', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)
  expect(folders.filter((name) => !catalogue.some((protocol) => protocol.name === name))).toEqual([])
})

describe.each(catalogue)('$name', (protocol) => {
  test('every violated property of an expectation that takes seconds has a file, and no file is without one', () => {
    expect(wantedOf(protocol).length).toBeGreaterThan(0)
    expect(filesOf(protocol)).toEqual(wantedOf(protocol))
  })

  describe.each(filesOf(protocol))('%s', (file) => {
    const text = readFileSync(join(folder, protocol.name, file), 'utf8')
    const schedule = readSchedule(text, file)
    const { variant, property, steps, configuration } = schedule

    test('is named after its variant and property, in a scenario that is expected to show it', () => {
      expect(schedule.model).toBe(protocol.name)
      expect(file).toBe(fileOf(variant, property.name))
      const scenarios = keptExpectations(protocol).filter((one) => one.variant === variant && one.violated?.includes(property.name) === true).map(({ scenario }) => scenario)
      expect(scenarios).toContain(configuration.scenario)
      expect(configuration.sizes).toEqual(protocol.scenarios.find(({ name }) => name === configuration.scenario)?.sizes)
      expect(property.outcome).toBe('violated')
      expect(writeSchedule(schedule)).toBe(text)
    })

    test(`shows it by step ${steps.length}, not earlier, on the model as it is`, () => {
      const { kind, changes, run } = replay(protocol, schedule)
      expect({ kind, changes, steps: run?.steps.length }).toEqual({ kind: 'confirmed', changes: [], steps: steps.length })
    })

    test('is refused on fixed', () => {
      expect(refusalOf(replay(protocol, schedule, { variant: 'fixed' }), schedule)).toMatch(REFUSAL)
    })
  })
})
