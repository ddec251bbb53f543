/** What of a schedule fits a model that has changed. */
import { describe, expect, test } from 'vitest'
import { configure } from '../../src/language/configure.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { fit } from '../../src/schedules/fit.ts'
import type { Fit } from '../../src/schedules/fit.ts'
import { machineOf } from '../../src/semantics/counterexample.ts'
import type { Schedule, ScheduleStep } from '../../src/schedules/schedule.ts'
import { notifier } from '../support/notifier.ts'
import { scheduleOf } from './support.ts'

const asPosted = await scheduleOf({ variant: 'as-posted', scenario: 'wide' }, 'P-NOUAF')
const { property } = asPosted

function fitted(
  change: (steps: readonly ScheduleStep[]) => readonly ScheduleStep[],
  rest: Partial<Schedule> = {},
  variant = 'as-posted',
): Fit {
  const graph = machineOf(
    configure(notifier.model, settingOf(notifier, { variant, scenario: 'wide' }).configuration),
    property,
  )
  return fit(graph, { ...asPosted, ...rest, steps: change(asPosted.steps) }, property)
}

const labels = ({ run }: Fit): readonly string[] => run.steps.map(({ transition }) => transition.label)
const all = (steps: readonly ScheduleStep[]): readonly ScheduleStep[] => steps
const own = asPosted.steps.map(({ label }) => label)

test('all of one that was recorded on it', () => {
  const one = fitted(all)
  expect({ labels: labels(one), shown: one.shown, mismatches: one.mismatches }).toEqual({
    labels: own,
    shown: true,
    mismatches: [],
  })
})

describe('what does not fit is left out', () => {
  const gone: ScheduleStep = { thread: 'unmap', path: '7', label: 'msleep(1)', choices: [] }

  test('a statement that is not there any more', () => {
    const one = fitted((steps) => steps.toSpliced(3, 0, gone))
    expect({ labels: labels(one), shown: one.shown, mismatches: one.mismatches }).toEqual({
      labels: own,
      shown: true,
      mismatches: [{ step: 4, wanted: 'unmap: msleep(1)' }],
    })
  })

  test('a thread that is not there any more', () => {
    expect(fitted((steps) => [{ ...gone, thread: 'exit' }, ...steps])).toMatchObject({
      shown: true,
      mismatches: [{ step: 1, wanted: 'exit: msleep(1)' }],
    })
  })

  test('another choice', () => {
    expect(
      fitted((steps) => steps.with(4, { ...(steps[4] ?? gone), choices: [{ name: 'page', value: 9 }] })),
    ).toMatchObject({ shown: false, mismatches: [{ step: 5 }, { step: 6 }, { step: 7 }, { step: 8 }] })
  })

  test('the initial state: another is taken in which it is shown', () => {
    const one = fitted(all, { initial: { choices: [{ name: 'page', value: 9 }] } })
    expect({ labels: labels(one), shown: one.shown, mismatches: one.mismatches }).toEqual({
      labels: own,
      shown: true,
      mismatches: [{ step: 0, wanted: 'page = 9' }],
    })
  })

  test('on a model in which it can not happen, the rest', () => {
    const one = fitted(all, {}, 'fixed')
    expect(one.shown).toBe(false)
    expect(one.mismatches.length).toBeGreaterThan(0)
    expect(one.run.steps.length).toBe(asPosted.steps.length - one.mismatches.length)
  })
})

test('a statement that has moved is known by its words', () => {
  const one = fitted((steps) => steps.map((step) => ({ ...step, path: `9/${step.path}` })))
  expect({ labels: labels(one), shown: one.shown, mismatches: one.mismatches }).toEqual({
    labels: own,
    shown: true,
    mismatches: [],
  })
  expect(one.run.steps.map(({ transition }) => transition.path)).toEqual(asPosted.steps.map(({ path }) => path))
})

test('it ends where the property is first shown', () => {
  const again = fitted((steps) => [...steps, ...steps])
  expect({ labels: labels(again), mismatches: again.mismatches }).toEqual({ labels: own, mismatches: [] })
})
