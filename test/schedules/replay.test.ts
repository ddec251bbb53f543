/** A schedule is recorded, written, read and replayed, and is refused where it does not fit. */
import { describe, expect, test } from 'vitest'
import { settingOf } from '../../src/catalogue/setting.ts'
import { configure } from '../../src/language/configure.ts'
import { digestOf } from '../../src/schedules/digest.ts'
import { readSchedule } from '../../src/schedules/read.ts'
import { replay } from '../../src/schedules/replay.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { writeSchedule } from '../../src/schedules/write.ts'
import { notifier } from '../support/notifier.ts'
import { scheduleOf } from './support.ts'

const asPosted = await scheduleOf({ variant: 'as-posted' }, 'P-NOUAF')

test('one line a step, keys in order', () => {
  expect(writeSchedule(asPosted)).toMatchInlineSnapshot(`
    "{
      "configuration": { "constants": { "invalidate": false, "lock_order": false }, "scenario": "core", "sizes": { "devices": 1, "pages": 1 }, "threads": null },
      "digest": "sha256:308e2590f3f93910987115efea3aaceeb040933124d66c90be9f850ea27cb52f",
      "initial": { "choices": [{ "name": "page", "value": 0 }] },
      "model": "notifier",
      "property": { "kind": "assertion", "name": "P-NOUAF", "outcome": "violated" },
      "schema": 1,
      "steps": [
        { "choices": [], "label": "mutex_lock(&driver[self].update)", "path": "0.else/0:mutex_lock", "thread": "device_fault[0]" },
        { "choices": [], "label": "mutex_lock(&mm.lock)", "path": "0.else/1:mutex_lock", "thread": "device_fault[0]" },
        { "choices": [], "label": "driver[device].pte = mm.pte", "path": "1", "thread": "device_fault[0]" },
        { "choices": [], "label": "mutex_unlock(&mm.lock)", "path": "2:mutex_unlock", "thread": "device_fault[0]" },
        { "choices": [], "label": "mutex_lock(&mm.lock)", "path": "0:mutex_lock", "thread": "unmap" },
        { "choices": [], "label": "page = mm.pte", "path": "1", "thread": "unmap" },
        { "choices": [], "label": "mm.pte = none", "path": "2", "thread": "unmap" },
        { "choices": [], "label": "free[page] = true", "path": "4.then/0", "thread": "unmap" },
        { "choices": [], "label": "device reads the page", "path": "0/0", "thread": "device[0]" }
      ],
      "variant": "as-posted"
    }
    "
  `)
})

describe('round trip', () => {
  test.each([
    ['as-posted', 'core', 'P-NOUAF', 9],
    ['as-posted', 'wide', 'P-NOUAF', 9],
    ['fixed', 'core', 'P-NOUAF-possible', 4],
    ['without-lock_order', 'core', 'deadlock', 4],
    ['without-lock_order', 'core', 'lock-deadlock', 4],
  ])('%s in %s: %s in %i steps', async (variant, scenario, property, steps) => {
    const schedule = await scheduleOf({ variant, scenario }, property)
    expect(schedule.steps).toHaveLength(steps)
    const text = writeSchedule(schedule)
    const read = readSchedule(text, 'a.json')
    expect(read).toEqual(schedule)
    expect(writeSchedule(read)).toBe(text)
    expect(replay(notifier, read)).toMatchObject({ kind: 'confirmed', changes: [] })
  })

  test('a run by hand shows that its steps can be taken, and no more', () => {
    const { steps, ...rest } = asPosted
    const byHand: Schedule = {
      ...rest,
      property: { kind: 'run', name: 'run by hand', outcome: 'witnessed' },
      steps: steps.slice(0, 5),
    }
    const digest = digestOf(
      configure(notifier.model, settingOf(notifier, { variant: 'as-posted' }).configuration),
      byHand.property,
    )
    const read = readSchedule(writeSchedule({ ...byHand, digest }), 'a.json')
    expect(replay(notifier, read)).toMatchObject({ kind: 'confirmed', changes: [] })
    const [first, ...others] = read.steps
    if (first === undefined) throw new Error('no step')
    expect(replay(notifier, { ...read, steps: others })).toMatchObject({ kind: 'refused', step: 1 })
    expect(() =>
      readSchedule(writeSchedule({ ...read, property: { ...read.property, outcome: 'violated' } }), 'a.json'),
    ).toThrow('HMM222')
  })

  test("choices of the initial state, of sizes that are not the scenario's", async () => {
    const schedule = await scheduleOf({ variant: 'as-posted', sizes: { pages: 3 } }, 'P-NOUAF')
    expect(schedule.initial).toEqual({ choices: [{ name: 'page', value: 0 }] })
    const other: Schedule = { ...schedule, initial: { choices: [{ name: 'page', value: 2 }] } }
    expect(replay(notifier, other)).toMatchObject({ kind: 'confirmed', changes: [] })
  })
})

describe('refused', () => {
  test('on the fixed variant: the first step that the fix forbids, and what is enabled there', () => {
    const answer = replay(notifier, asPosted, { variant: 'fixed' })
    expect(answer).toMatchObject({
      kind: 'refused',
      step: 1,
      changes: [],
      wanted: 'device_fault[0]: mutex_lock(&driver[self].update)',
    })
    expect(answer.kind === 'refused' && answer.enabled[0]).toBe('device_fault[0]: mutex_lock(&mm.lock)')
  })

  test('an initial state that there is not', () => {
    expect(replay(notifier, { ...asPosted, initial: { choices: [{ name: 'page', value: 9 }] } })).toMatchObject({
      kind: 'refused',
      step: 0,
      wanted: 'an initial state with page = 9',
      enabled: ['page = 0'],
    })
  })

  test('a step after the one that breaks the assertion, which ends nothing', () => {
    const steps = [...asPosted.steps, ...asPosted.steps.slice(0, 1)]
    expect(replay(notifier, { ...asPosted, steps })).toMatchObject({
      kind: 'refused',
      step: 10,
      enabled: expect.arrayContaining(['unmap: mutex_unlock(&mm.lock)']) as unknown,
    })
  })

  test.each([
    ['thread', { thread: 'device[0]' }],
    ['path', { path: '0.else/7:mutex_lock' }],
    ['label', { label: 'mutex_lock(&mm.other)' }],
    ['choices', { choices: [{ name: 'page', value: 0 }] }],
    ['branch', { branch: 1 }],
  ])('a step with another %s', (_, change) => {
    const steps = asPosted.steps.map((step, n) => (n === 1 ? { ...step, ...change } : step))
    expect(replay(notifier, { ...asPosted, steps })).toMatchObject({ kind: 'refused', step: 2 })
  })
})

describe('unconfirmed', () => {
  test('a schedule that ends too early shows nothing', () => {
    expect(replay(notifier, { ...asPosted, steps: asPosted.steps.slice(0, -1) })).toMatchObject({ kind: 'unconfirmed' })
    expect(replay(notifier, { ...asPosted, steps: [] })).not.toHaveProperty('shownAfter')
  })

  test('a schedule that goes on shows it earlier', async () => {
    const schedule = await scheduleOf({ variant: 'without-lock_order' }, 'P-NOUAF-possible')
    const again = schedule.steps.slice(-1)
    expect(replay(notifier, { ...schedule, steps: [...schedule.steps, ...again] })).toMatchObject({
      kind: 'unconfirmed',
      shownAfter: 4,
    })
  })

  test('a property that the model does not have', () => {
    const property = { name: 'P-NONE', kind: 'assertion', outcome: 'violated' } as const
    expect(replay(notifier, { ...asPosted, property, steps: asPosted.steps.slice(0, 3) })).toMatchObject({
      kind: 'unconfirmed',
    })
  })
})

describe('a model that has changed', () => {
  test('is played all the same, and said to have changed', () => {
    expect(replay(notifier, { ...asPosted, digest: `sha256:${'0'.repeat(64)}` })).toMatchObject({
      kind: 'confirmed',
      changes: ['the text of the model'],
    })
  })

  test('names the constants that differ', () => {
    const [variant, ...others] = notifier.variants
    if (variant === undefined) throw new Error('a variant')
    const changed = {
      ...notifier,
      variants: [{ ...variant, constants: { invalidate: false, lock_order: true } }, ...others],
    }
    expect(replay(changed, asPosted)).toMatchObject({
      kind: 'refused',
      step: 1,
      changes: ['constant lock_order: was false, is true'],
    })
  })

  test('another property of the model is no change', () => {
    const model = { ...notifier.model, properties: notifier.model.properties.filter(({ name }) => name !== 'P-REF') }
    expect(replay({ ...notifier, model }, asPosted)).toMatchObject({ kind: 'confirmed', changes: [] })
  })

  test.each([
    ['variant', { variant: 'as-postd' }, 'HMM202: notifier has no variant as-postd\n  remedy: did you mean as-posted?'],
    [
      'scenario',
      { configuration: { ...asPosted.configuration, scenario: 'cor' } },
      'HMM203: notifier has no scenario cor\n  remedy: did you mean core?',
    ],
    [
      'parameter',
      { configuration: { ...asPosted.configuration, sizes: { page: 1 } } },
      'HMM205: notifier has no parameter page\n  remedy: did you mean pages?',
    ],
    [
      'size',
      { configuration: { ...asPosted.configuration, sizes: { pages: 4 } } },
      "HMM206: notifier can't be checked with pages=4\n  remedy: make pages (physical pages) a whole number from 1 to 3",
    ],
  ])('has no such %s', (_, change, message) => {
    expect(() => replay(notifier, { ...asPosted, ...change })).toThrow(message)
  })
})
