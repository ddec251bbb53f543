/** A lock as a file: equal locks are equal texts, what is written is read again, and a schedule is no lock. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { slugOf } from '../../src/schedules/lock.ts'
import type { Lock } from '../../src/schedules/lock.ts'
import { readLock, readSchedule, readScheduleOrLock } from '../../src/schedules/read.ts'
import { writeSchedule } from '../../src/schedules/write.ts'
import { lostUpdate } from '../support/lost-update.ts'
import { scheduleOf } from './support.ts'

const schedule = await scheduleOf({ variant: 'racy' }, 'nothing is lost', lostUpdate)
const lock: Lock = {
  ...schedule,
  lock: { shows: 'an update is lost', corrected: 'locked', command: 'npx hmmcheck check lost-update' },
}

test('a field a line, a step a line', () => {
  expect(
    writeSchedule({
      ...lock,
      digest: 'sha256:...',
      lock: { ...lock.lock, bugs: ['B-01'], commit: 'ec131b2d7fa6', versions: '4.14 to 4.19' },
    }),
  ).toMatchInlineSnapshot(`
    "{
      "configuration": {
        "constants": { "late": false, "locked": false, "ordered": false, "rechecked": false },
        "scenario": "two",
        "sizes": { "adders": 2 },
        "threads": null
      },
      "digest": "sha256:...",
      "initial": { "choices": [] },
      "lock": {
        "bugs": ["B-01"],
        "command": "npx hmmcheck check lost-update",
        "commit": "ec131b2d7fa6",
        "corrected": "locked",
        "shows": "an update is lost",
        "versions": "4.14 to 4.19"
      },
      "model": "lost-update",
      "property": { "kind": "invariant", "name": "nothing is lost", "outcome": "violated" },
      "schema": 1,
      "steps": [
        { "choices": [], "label": "read", "path": "2", "thread": "add[0]" },
        { "choices": [], "label": "read", "path": "2", "thread": "add[1]" },
        { "choices": [], "label": "write", "path": "4", "thread": "add[0]" },
        { "choices": [], "label": "write", "path": "4", "thread": "add[1]" }
      ],
      "variant": "racy"
    }
    "
  `)
})

test('what is written is read again, and the order of its fields is nothing', () => {
  const text = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
  const note = fc.record(
    { shows: text, corrected: text, command: text, bugs: fc.array(text), versions: text, commit: text },
    { requiredKeys: ['shows', 'corrected', 'command'] },
  )
  fc.assert(
    fc.property(note, (said) => {
      const one: Lock = { ...schedule, lock: said }
      const written = writeSchedule(one)
      expect(readLock(written, 'lock.json')).toEqual(one)
      const reversed = Object.fromEntries(Object.entries(said).reverse())
      expect(writeSchedule({ ...one, lock: { ...said, ...reversed } })).toBe(written)
    }),
  )
})

describe('what a file is taken for', () => {
  test('a lock is a schedule', () => {
    expect(readSchedule(writeSchedule(lock), 'lock.json')).toEqual(schedule)
  })

  test('a schedule is no lock', () => {
    expect(() => readLock(writeSchedule(schedule), 'mine.json')).toThrow(
      'HMM251: mine.json is a schedule, not a lock\n  remedy: make it a lock with: hmmcheck lock mine.json',
    )
    expect(readScheduleOrLock(writeSchedule(schedule), 'mine.json')).toEqual(schedule)
  })

  test.each([
    ['{}', 'HMM222: mine.json is not a lock: schema: Invalid input'],
    [JSON.stringify({ ...lock, lock: 3 }), 'HMM222: mine.json is not a lock: lock: Invalid input: expected object'],
    [
      JSON.stringify({ ...lock, lock: { ...lock.lock, shows: '' } }),
      'HMM222: mine.json is not a lock: lock.shows: Too small',
    ],
    [
      JSON.stringify({ ...lock, lock: { ...lock.lock, cve: 'CVE' } }),
      'HMM222: mine.json is not a lock: lock: Unrecognized key: "cve"',
    ],
    [
      JSON.stringify({ ...lock, property: { ...lock.property, outcome: 'witnessed' } }),
      'HMM222: mine.json is not a lock: property.outcome: what must be possible is witnessed, everything else is violated',
    ],
  ])('%s', (text, message) => {
    expect(() => readLock(text, 'mine.json')).toThrow(message)
  })
})

test.each([
  [
    'B-01 Device invalidated at `range_end`, not at `range_start`',
    'b-01-device-invalidated-at-range_end-not-at-range_start',
  ],
  ['as-posted.P-NOUAF', 'as-posted.p-nouaf'],
  ['misuse: BUG_ON(hmm_pte_pfn(hmm_pte[i]) != pte_pfn(*ptep))', 'misuse-bug_on-hmm_pte_pfn-hmm_pte-i-pte_pfn-ptep'],
  ['../../etc/passwd', 'etc-passwd'],
  ['///', ''],
])('%s: %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})
