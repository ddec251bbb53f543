/** Reduced runs: the laws that hold of all of them, and what becomes of long random ones. */
import { replayOnWhole } from '../../src/explorer/whole.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  Await,
  Bool,
  configure,
  Either,
  Idle,
  Loop,
  model,
  range,
  recoverable,
  shared,
  sometimes,
  Step,
  thread,
  transition,
  before,
  or,
} from '../../src/language/index.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { interleavings } from '../../src/schedules/interleavings.ts'
import { firstShown } from '../../src/schedules/judge.ts'
import { machineOf } from '../../src/semantics/counterexample.ts'
import { record } from '../../src/schedules/record.ts'
import { reduce, reductions } from '../../src/schedules/reduce.ts'
import { follow } from '../../src/schedules/replay.ts'
import type { ScheduleProperty } from '../../src/schedules/schedule.ts'
import type { Run } from '../../src/semantics/machine.ts'
import { runSizeOf } from '../../src/semantics/size.ts'
import { notifier } from '../support/notifier.ts'

const violated = (name: string, kind: ScheduleProperty['kind']): ScheduleProperty => ({
  name,
  kind,
  outcome: 'violated',
})

/**
 * Two threads that count beside each other, up and down: a property that shows the shorter schedule is far from what
 * a walk does.
 */
const [n, m, go] = [shared('n', range(0, 5)), shared('m', range(0, 5)), shared('go', Bool)]
const wandering = (name: string, place: typeof n): ReturnType<typeof thread> =>
  thread(
    name,
    () => {
      Loop(() => {
        Either(
          () => {
            Step('up', () => {
              Await(place.lt(5))
              place.set(place.plus(1))
            })
          },
          () => {
            Step('down', () => {
              Await(place.gt(0))
              place.set(place.minus(1))
            })
          },
        )
      })
    },
    { daemon: true },
  )
const counting = configure(
  model('counting', {
    threads: [wandering('x', n), wandering('y', m)],
    properties: [sometimes('four', n.plus(m).eq(4)), transition('no-way-back', or(before(n).ne(3), n.ne(2)))],
  }),
  { sizes: {}, constants: {} },
)
const stuck = configure(
  model('stuck', {
    threads: [
      wandering('x', n),
      thread('t', () => {
        Loop(() => {
          Idle()
          Either(
            () => {
              Step('well', () => {
                go.set(true)
              })
            },
            () => {
              Step('badly', () => {
                go.set(false)
              })
            },
          )
          Await(go)
        })
      }),
    ],
    properties: [recoverable()],
  }),
  { sizes: {}, constants: {} },
)

const modelOf = (variant: string, scenario: string): ConfiguredModel =>
  configure(notifier.model, settingOf(notifier, { variant, scenario }).configuration)

const cases: readonly (readonly [string, ConfiguredModel, ScheduleProperty, number])[] = [
  ['an assertion', modelOf('as-posted', 'core'), violated('P-NOUAF', 'assertion'), 9],
  ['an assertion, with two of everything', modelOf('as-posted', 'wide'), violated('P-NOUAF', 'assertion'), 9],
  ['a deadlock', modelOf('without-lock_order', 'core'), violated('deadlock', 'deadlock'), 4],
  ['a lock deadlock', modelOf('without-lock_order', 'wide'), violated('lock-deadlock', 'lock-deadlock'), 5],
  [
    'a witness on the way',
    modelOf('as-posted', 'wide'),
    { name: 'P-NOUAF-possible', kind: 'sometimes', outcome: 'witnessed' },
    4,
  ],
  ['a witness', counting, { name: 'four', kind: 'sometimes', outcome: 'witnessed' }, 4],
  ['a transition', counting, violated('no-way-back', 'transition'), 4],
  ['a thread that is lost', stuck, violated('recoverable', 'recoverable'), 1],
]

const origin = { model: 'm', variant: 'v', configuration: { scenario: 's', sizes: {}, constants: {}, threads: null } }
const confirms = (of: ConfiguredModel, property: ScheduleProperty, run: Run): boolean =>
  follow(of, record(origin, replayOnWhole(of)(property, run))).kind === 'confirmed'

/** Runs that show the property, and may go on. */
function showing(of: ConfiguredModel, property: ScheduleProperty, maxSteps: number): fc.Arbitrary<Run> {
  const machine = machineOf(of, property)
  return interleavings(machine.model, { maxSteps })
    .map(({ initial, steps }): Run => ({ initial, steps }))
    .filter((run) => firstShown(machine, run, property) !== undefined)
}

describe.each(cases)('%s', (_, of, property, least) => {
  const machine = machineOf(of, property)
  const runs = showing(of, property, 40)
  const numRuns = property.kind === 'recoverable' ? 4 : 8

  test('every run is reduced to one that shows it, and is no larger', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const reduced = reduce(machine, run, property)
        expect(confirms(of, property, reduced)).toBe(true)
        expect(reduced.steps.length).toBeGreaterThanOrEqual(least)
        const [was, is] = [runSizeOf(machine, run), runSizeOf(machine, reduced)]
        expect(is.steps < was.steps || (is.steps === was.steps && is.switches <= was.switches)).toBe(true)
      }),
      { numRuns },
    )
  })

  test('no single step of it can be left out, and it is always reduced to the same', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const reduced = reduce(machine, run, property)
        const schedule = record(origin, replayOnWhole(of)(property, reduced))
        const shorter = schedule.steps.map((_step, at) =>
          follow(of, { ...schedule, steps: schedule.steps.toSpliced(at, 1) }),
        )
        expect(shorter.filter(({ kind }) => kind === 'confirmed')).toEqual([])
        expect(reduce(machine, reduced, property)).toEqual(reduced)
        expect(record(origin, replayOnWhole(of)(property, reduce(machine, run, property)))).toEqual(schedule)
      }),
      { numRuns },
    )
  })

  test('the shortest there is can come of it', () => {
    const found = fc
      .sample(runs, { numRuns: numRuns * 2, seed: 4 })
      .map((run) => reduce(machine, run, property).steps.length)
    expect(Math.min(...found)).toBe(least)
  })
})

const nouaf = violated('P-NOUAF', 'assertion')
const asPosted = machineOf(modelOf('as-posted', 'wide'), nouaf)

test('stopped after any of its tries, it shows the property', () => {
  fc.assert(
    fc.property(showing(asPosted.model, nouaf, 40), fc.nat(20), (run, tries) => {
      const sizes: number[] = []
      for (const { run: one } of reductions(asPosted, run, nouaf)) {
        sizes.push(one.steps.length)
        if (sizes.length <= tries) continue
        expect(firstShown(asPosted, one, nouaf)).toBe(one.steps.length)
        break
      }
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    }),
    { numRuns: 20 },
  )
})
