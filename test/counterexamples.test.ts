/** The locks of the catalogue: each breaks its property at its last step, and the corrected variant can't do the same. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folder, kept, whyNone } from '../counterexamples/kept.ts'
import { bugs, catalogue } from '../models/catalogue.ts'
import { explanationOf } from '../src/report/projection.ts'
import { project } from '../src/schedules/projected.ts'
import { readLock } from '../src/schedules/read.ts'
import { replay } from '../src/schedules/replay.ts'
import { writeSchedule } from '../src/schedules/write.ts'

test('a bug that a model shows has a lock for each finding, but of relations and in large scenarios', () => {
  const findings = bugs.flatMap(({ id, place }) => place.kind === 'found' ? place.findings.map((finding) => ({ id, finding, why: whyNone(finding) })) : [])
  const without = findings.filter(({ why }) => why !== undefined)
  expect(kept).toHaveLength(findings.length - without.length)
  expect(without.filter(({ why }) => why?.startsWith('a large')).map(({ id, finding: { model } }) => `${id} ${model}`)).toEqual(['B-63 mirror-2017', 'B-80 mirror-2017', 'D-12 mirror-4.20'])
  expect(without.filter(({ why }) => why?.startsWith('a relation')).map(({ finding: { property } }) => property)).toEqual(Array.from({ length: without.length - 3 }, () => 'P-ORDER'))
})

test('every lock has a file of its own, and no file is without a lock', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const files = folders.flatMap((name) => readdirSync(join(folder, name)).map((file) => join(name, file)))
  expect(files.toSorted()).toEqual(kept.map(({ file }) => file).toSorted())
})

describe.each(catalogue.map((protocol) => [protocol.name, protocol] as const))('%s', (name, protocol) => {
  const locks = kept.filter(({ finding }) => finding.model === name)

  test('has locks', () => { expect(locks.length).toBeGreaterThan(0) })

  test.each(locks)('$file', ({ bug, finding, file }) => {
    expect(existsSync(join(folder, file))).toBe(true)
    const text = readFileSync(join(folder, file), 'utf8')
    const { lock, ...schedule } = readLock(text, file)
    expect(writeSchedule({ ...schedule, lock })).toBe(text)
    expect(schedule).toMatchObject({ model: name, variant: finding.variant, configuration: { scenario: finding.scenario }, property: { name: finding.property, outcome: 'violated' } })
    expect(lock).toMatchObject({ corrected: 'fixed', bugs: [bug.id], versions: bug.versions })

    const { kind, changes, machine, run } = replay(protocol, schedule)
    expect({ kind, changes, steps: run?.steps.length }).toEqual({ kind: 'confirmed', changes: [], steps: schedule.steps.length })
    if (run === undefined) return

    const projected = project(protocol, schedule, lock.corrected)
    expect(projected.kind).toBe('forbidden')
    expect(explanationOf({ schedule, corrected: lock.corrected, projected, ended: { machine, run } }).length).toBeGreaterThan(0)
  })
})
