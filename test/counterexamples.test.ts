/**
 * The locks of the catalogue: each breaks its property at its last step, and the corrected variant can't do the same.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folder, kept, lockedProperty } from '../counterexamples/kept.ts'
import { bugs, catalogue } from '../models/catalogue.ts'
import { explanationOf } from '../src/report/projection.ts'
import { traceOf } from '../src/report/trace.ts'
import { project } from '../src/schedules/projected.ts'
import { readLock } from '../src/schedules/read.ts'
import { replay } from '../src/schedules/replay.ts'
import { writeSchedule } from '../src/schedules/write.ts'
import { shortLines, unlawful } from './report/short-laws.ts'

/** Cells of memory of the kernel, a driver or a device, in any model. */
const memory = [
  ['mm.pte', 'mm.hmm', 'driver.pte', 'tlb', 'has_itree', 'active_invalidate_ranges'],
  ['pte', 'page_table', 'gpu_pte', 'pages', 'vma', 'vmas', 'mm_state', 'access', 'ranges.valid', 'ranges.listed'],
  ['pinned_seq', 'npages', 'implicit_children', 'parent_of', 'entry'],
].flat()

test('every bug that a model shows has a lock, and every finding but orders of locks that come to no deadlock', () => {
  const findings = bugs.flatMap((bug) =>
    bug.place.kind === 'found' ? bug.place.findings.map((finding) => ({ bug, finding })) : [],
  )
  expect(findings.filter(({ bug }) => !kept.some((one) => one.bug === bug)).map(({ bug: { id } }) => id)).toEqual([])
  const without = findings.filter(({ finding }) => lockedProperty(finding) === undefined)
  expect(without.map(({ bug: { id }, finding: { model, property } }) => `${id} ${model} ${property}`)).toEqual([])
  // Of two orders the deadlock is a finding of its own.
  expect(kept).toHaveLength(findings.length - 2)
})

test('every lock has a file of its own, and no file is without a lock', () => {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  const files = folders.flatMap((name) => readdirSync(join(folder, name)).map((file) => join(name, file)))
  expect(files.toSorted()).toEqual(kept.map(({ file }) => file).toSorted())
})

describe.each(catalogue.map((protocol) => [protocol.name, protocol] as const))('%s', (name, protocol) => {
  const locks = kept.filter(({ finding }) => finding.model === name)

  test('has locks', () => {
    expect(locks.length).toBeGreaterThan(0)
  })

  test.each(locks)('$file', ({ bug, finding, property, file }) => {
    expect(existsSync(join(folder, file))).toBe(true)
    const text = readFileSync(join(folder, file), 'utf8')
    const { lock, ...schedule } = readLock(text, file)
    expect(writeSchedule({ ...schedule, lock })).toBe(text)
    expect(schedule).toMatchObject({
      model: name,
      variant: finding.variant,
      configuration: { scenario: finding.scenario },
      property: { name: property, outcome: 'violated' },
    })
    expect(lock).toMatchObject({ corrected: 'fixed', bugs: [bug.id], versions: bug.versions })

    const { kind, changes, machine, run } = replay(protocol, schedule)
    expect({ kind, changes, steps: run?.steps.length }).toEqual({
      kind: 'confirmed',
      changes: [],
      steps: schedule.steps.length,
    })
    if (run === undefined) return

    const trace = traceOf(machine, run, { property: schedule.property })
    for (const [width, most] of [
      [80, 60],
      [100, 50],
      [120, 50],
    ] as const) {
      expect(unlawful(trace, width)).toEqual([])
      expect(shortLines(trace, width).length).toBeLessThanOrEqual(most)
    }

    // A race is of a cell of memory: not of who holds what, and not of what a model keeps to see mistakes by.
    const { race } = trace
    const cell = race?.cell.replaceAll(/\[.*?\]/g, '')
    if (cell !== undefined) expect(memory.filter((one) => cell === one || cell.startsWith(`${one}.`))).not.toEqual([])

    const projected = project(protocol, schedule, lock.corrected)
    expect(projected.kind).toBe('forbidden')
    expect(
      explanationOf({ schedule, corrected: lock.corrected, projected, ended: { machine, run } }).length,
    ).toBeGreaterThan(0)
  })
})
