/** The matchers of `hmmcheck/vitest`: what passes, what fails and with which text, and what the types refuse. */
import { describe, expect, test } from 'vitest'
import '../../src/vitest/index.ts'
import { check } from '../../src/explorer/check.ts'
import { configure } from '../../src/language/configure.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { drawRun } from '../../src/report/drawing.ts'
import { plainPaint } from '../../src/report/paint.ts'
import { draw } from '../../src/report/draw.ts'
import { replay } from '../../src/schedules/replay.ts'
import type { Machine, Run } from '../../src/semantics/machine.ts'
import type { Lock } from '../../src/schedules/lock.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { scheduleOf } from '../schedules/support.ts'
import { lostUpdate } from '../support/lost-update.ts'
import { notifier } from '../support/notifier.ts'

const schedule: Schedule = await scheduleOf({ variant: 'racy' }, 'nothing is lost', lostUpdate)
const lockedBy = (corrected: string): Lock => ({
  ...schedule,
  lock: { shows: 'an update is lost', corrected, command: 'by hand' },
})

/** The text with which an expectation fails. */
async function failure(expectation: Promise<void>): Promise<string> {
  return expectation.then(
    () => 'it passes',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

/** A run as it is drawn in the text of a failure. */
const drawn = (machine: Machine, run: Run | undefined): string =>
  run === undefined
    ? 'no run'
    : drawRun(machine, run, { width: 100, paint: plainPaint, property: schedule.property }).join('\n')

const racy = configure(lostUpdate.model, settingOf(lostUpdate, { variant: 'racy' }).configuration)
const { properties } = await check(racy)
/** With the fewest switches, as it is found. */
const FOUND = draw(properties.find(({ name }) => name === 'nothing is lost')?.counterexample)
const played = replay(lostUpdate, schedule)
/** The one that is replayed. */
const DRAWN = drawn(played.machine, played.run)

test('a drawing has the steps and what they show', () => {
  for (const text of [FOUND, DRAWN]) {
    expect(text.match(/^ +\d+ .*(read|write)/gm)).toHaveLength(4)
    expect(text).toContain('✗ nothing is lost is false')
  }
})

describe('toHold', () => {
  test('passes', async () => {
    await expect(lostUpdate).toHold({ variant: 'locked' })
    await expect(notifier).toHold()
    await expect(lostUpdate).not.toHold()
    await expect(lostUpdate).toHold({ scenario: 'two', sizes: { adders: 1 }, properties: ['nothing is lost'] })
  })

  test('fails with the schedule drawn', async () => {
    expect(await failure(expect(lostUpdate).toHold({ properties: ['nothing is lost'] }))).toBe(
      `lost-update@racy, scenario two with adders=2 does not hold\n\nnothing is lost is violated in 4 steps:\n\n${FOUND}`,
    )
    expect(await failure(expect(lostUpdate).not.toHold({ variant: 'locked' }))).toMatch(
      /^lost-update@locked, scenario two with adders=2: everything holds in all of its \d+ states$/,
    )
  })

  test('where a limit was met, neither it nor its opposite passes', async () => {
    const text =
      /^notifier@fixed, scenario core with devices=1,pages=1: not every state was visited \(max-states\), so the verdict is unknown; \d+ states so far$/
    expect(await failure(expect(notifier).toHold({ maxStates: 2 }))).toMatch(text)
    expect(await failure(expect(notifier).not.toHold({ maxStates: 2 }))).toMatch(text)
  })

  test('where fingerprints may have omitted a state, neither it nor its opposite passes', async () => {
    const text =
      /: no violation was found in \d+ states, but fingerprints may have omitted a state, so nothing is known to hold$/
    expect(await failure(expect(notifier).toHold({ fingerprint: true }))).toMatch(text)
    expect(await failure(expect(notifier).not.toHold({ fingerprint: true }))).toMatch(text)
    const never = expect(notifier).toBeViolated('P-NOUAF', { fingerprint: true })
    expect(await failure(never)).toMatch(text)
    await expect(notifier).toBeViolated('P-NOUAF', { variant: 'as-posted', fingerprint: true })
  })
})

describe('toBeViolated', () => {
  test('passes', async () => {
    await expect(lostUpdate).toBeViolated('nothing is lost')
    await expect(notifier).toBeViolated('P-NOUAF', { variant: 'as-posted' })
    await expect(notifier).not.toBeViolated('P-NOUAF')
    await expect(notifier).not.toBeViolated('misuse: mutex_unlock() by another than the owner')
  })

  test('fails', async () => {
    expect(await failure(expect(notifier).toBeViolated('P-NOUAF'))).toMatch(
      /^notifier@fixed, scenario core with devices=1,pages=1: P-NOUAF holds in all of its \d+ states$/,
    )
    expect(await failure(expect(lostUpdate).not.toBeViolated('nothing is lost'))).toBe(
      `lost-update@racy, scenario two with adders=2 should not violate nothing is lost\n\nnothing is lost is violated in 4 steps:\n\n${FOUND}`,
    )
    expect(await failure(expect(notifier).not.toBeViolated('P-NOUAF', { maxStates: 2 }))).toContain(
      'so the verdict is unknown',
    )
  })
})

describe('toReplay', () => {
  test('passes', async () => {
    await expect(lostUpdate).toReplay(schedule)
    await expect(lostUpdate).toReplay(lockedBy('locked'))
    await expect(lostUpdate).not.toReplay({ ...schedule, steps: schedule.steps.slice(1) })
    await expect(lostUpdate).not.toReplay(lockedBy('rechecked'))
  })

  test('fails where a step is not enabled any more', async () => {
    const [first, , ...rest] = schedule.steps
    if (first === undefined) throw new Error('a step')
    expect(await failure(expect(lostUpdate).toReplay({ ...schedule, steps: [first, first, ...rest] }))).toMatch(
      /^the schedule is outdated: step 2 is not enabled: add\[0\]: read\nenabled there:\n {2}add\[0\]: write\n {2}add\[1\]: read\n\n {5}add\[0\]/,
    )
  })

  test('fails where the corrected variant can do the same', async () => {
    const text = await failure(expect(lostUpdate).toReplay(lockedBy('rechecked')))
    expect(text).toContain('rechecked can do the same, up to the violation\n\n')
    expect(text).toContain('✗ nothing is lost is false in this state')
  })

  test('says what forbids it', async () => {
    expect(await failure(expect(lostUpdate).not.toReplay(lockedBy('locked')))).toBe(
      `nothing is lost is violated after 4 steps, and should not be; locked follows it for 1 of 4 steps; add[1] can't take step 2, \`read\`: it is still at \`mutex_lock(&lock)\`: lock is held by add[0]\n\n${DRAWN}`,
    )
  })
})

describe('mistakes', () => {
  test.each([
    [
      'a variant',
      () => expect(lostUpdate).toHold({ variant: 'lockd' }),
      'HMM202: lost-update has no variant lockd\n  remedy: did you mean locked?',
    ],
    [
      'a property',
      () => expect(lostUpdate).toBeViolated('nothing was lost'),
      'HMM204: lost-update has no property nothing was lost\n  remedy: did you mean nothing is lost?',
    ],
    ['properties', () => expect(lostUpdate).toHold({ properties: ['x'] }), 'HMM204: lost-update has no property x'],
    ['a size', () => expect(lostUpdate).toHold({ sizes: { adders: 9 } }), "can't be checked with adders=9"],
    [
      'a protocol',
      // @ts-expect-error: only a protocol has them
      () => expect({ name: 'none' }).toHold(),
      'HMM212: expect(...) was not given a protocol: title is missing',
    ],
  ])('%s', async (_, expectation, message) => {
    expect(await failure(expectation())).toContain(message)
  })
})

test('the types refuse what is none', () => {
  const never = (): unknown => [
    // @ts-expect-error: a number is no protocol
    expect(3).toHold(),
    // @ts-expect-error: which property?
    expect(notifier).toBeViolated(),
    // @ts-expect-error: the property is named already
    expect(notifier).toBeViolated('P-NOUAF', { properties: ['P-NOUAF'] }),
    // @ts-expect-error: there is no such option
    expect(notifier).toHold({ varaint: 'fixed' }),
    // @ts-expect-error: a file is read first
    expect(notifier).toReplay('counterexamples/notifier/a.json'),
  ]
  expect(never).toBeTypeOf('function')
  const promised: Promise<void> = expect(notifier).toHold()
  return promised
})
