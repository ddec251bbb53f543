/** Every kind of property is recognised in a run, at its step; a run that could mean two transitions says which. */
import { replayOnWhole } from '../../src/explorer/whole.ts'
import { describe, expect, test } from 'vitest'
import {
  and,
  anyOf,
  assertion,
  Assert,
  Await,
  before,
  Bool,
  Break,
  Choose,
  configure,
  deadlock,
  Either,
  Idle,
  invariant,
  Loop,
  Misuse,
  model,
  range,
  recoverable,
  shared,
  sometimes,
  Step,
  thread,
  transition,
} from '../../src/language/index.ts'
import type { ConfiguredModel, Model } from '../../src/language/ast.ts'
import { firstShown } from '../../src/schedules/judge.ts'
import { record } from '../../src/schedules/record.ts'
import { follow } from '../../src/schedules/replay.ts'
import type { Schedule, ScheduleProperty } from '../../src/schedules/schedule.ts'
import { selectProperties } from '../../src/language/select.ts'
import { machine, transitions } from '../../src/semantics/machine.ts'
import type { Run } from '../../src/semantics/machine.ts'

const close = (open: Model): ConfiguredModel => configure(open, { sizes: {}, constants: {} })
const origin = { model: 'm', variant: 'v', configuration: { scenario: 's', sizes: {}, constants: {}, threads: null } }

/** The run that takes the first transition whose label is the next of these. */
function runOf(closed: ConfiguredModel, labels: readonly string[], initial = 0): Run {
  const graph = machine(closed)
  const start = graph.initial[initial]
  if (start === undefined) throw new Error('an initial state')
  const steps: Run['steps'][number][] = []
  let { state } = start
  for (const label of labels) {
    const all = transitions(graph, state)
    const found = all.find((one) => one.label === label)
    if (found === undefined) throw new Error(`${label} is not among ${all.map((one) => one.label).join(', ')}`)
    const next = found.outcome.kind === 'next' ? found.outcome.state : undefined
    steps.push({ transition: found, ...(next === undefined ? {} : { state: next }) })
    state = next ?? state
  }
  return { initial: start, steps }
}

const n = shared('n', range(0, 3))
const counting = close(
  model('counting', {
    threads: [
      thread(
        'counter',
        () => {
          Loop(() => {
            Step('up', () => {
              Assert('below-three', n.lt(3))
              n.increment()
            })
          })
        },
        { daemon: true },
      ),
    ],
    properties: [
      invariant('never-two', n.ne(2)),
      transition('not-from-one', and(before(n).ne(1))),
      sometimes('zero', n.eq(0)),
      sometimes('three', n.eq(3)),
      sometimes('five', n.gt(4)),
      assertion('below-three'),
    ],
  }),
)

describe('first shown', () => {
  const shown = (
    name: string,
    kind: ScheduleProperty['kind'],
    labels: readonly string[],
    closed = counting,
  ): number | undefined => firstShown(machine(closed), runOf(closed, labels), { name, kind, outcome: 'violated' })
  const three = ['up', 'up', 'up']

  test.each([
    ['never-two', 'invariant', three, 2],
    ['never-two', 'invariant', ['up'], undefined],
    ['not-from-one', 'transition', three, 2],
    ['three', 'sometimes', three, 3],
    ['five', 'sometimes', three, undefined],
    ['below-three', 'assertion', [...three, 'up'], 4],
    ['below-three', 'assertion', three, undefined],
  ] as const)('%s (%s) of %j: %s', (name, kind, labels, steps) => {
    expect(shown(name, kind, labels)).toBe(steps)
  })

  test('a domain error, without anything that was declared', () => {
    expect(shown('domain', 'domain', ['up', 'up', 'up', 'up'], selectProperties(counting, []))).toBe(4)
  })

  test('lock misuse stays when other assertions go', () => {
    const free = shared('free', Bool)
    const misused = close(
      model('misused', {
        threads: [
          thread('t', () => {
            Step('unlock', () => {
              Misuse('not locked', free)
              free.set(false)
            })
          }),
        ],
      }),
    )
    expect(shown('misuse: not locked', 'misuse', ['unlock'], selectProperties(misused, []))).toBe(1)
  })

  const go = shared('go', Bool)
  const stuck = close(
    model('stuck', {
      threads: [
        thread('t', () => {
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
        }),
      ],
      properties: [deadlock(), recoverable()],
    }),
  )

  test('deadlock, and that a thread is lost', () => {
    expect(shown('deadlock', 'deadlock', ['badly'], stuck)).toBe(1)
    expect(shown('deadlock', 'deadlock', ['well'], stuck)).toBeUndefined()
    expect(shown('recoverable', 'recoverable', ['badly'], stuck)).toBe(1)
    expect(shown('recoverable', 'recoverable', ['well'], stuck)).toBeUndefined()
  })

  test('that a thread is lost, where more can happen afterwards than the interpreter follows', () => {
    const many = range(0, 49)
    const one = shared('one', many)
    const other = shared('other', many)
    const changing = (name: string, place: typeof one) =>
      thread(name, () =>
        Loop(() => {
          Idle()
          Step('change', () => {
            const value = Choose('value', many)
            place.set(value)
          })
        }),
      )
    const busy = close(
      model('busy', {
        threads: [
          thread('t', () => {
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
          }),
          changing('u', one),
          changing('v', other),
        ],
        properties: [recoverable()],
      }),
    )
    expect(shown('recoverable', 'recoverable', ['badly', 'change'], busy)).toBe(2)
    expect(shown('recoverable', 'recoverable', ['well', 'change'], busy)).toBeUndefined()
  })

  test('an initial state shows it after no step', () => {
    expect(shown('zero', 'sometimes', [])).toBe(0)
  })
})

describe('names', () => {
  const property: ScheduleProperty = { name: 'end', kind: 'sometimes', outcome: 'witnessed' }
  const played = (
    closed: ConfiguredModel,
    run: Run,
  ): { readonly schedule: Schedule; readonly again: ReturnType<typeof follow> } => {
    const schedule = record(origin, replayOnWhole(closed)(property, run))
    return { schedule, again: follow(selectProperties(closed, ['end']), schedule) }
  }

  const low = shared('low', range(0, 3), anyOf(1, 2))
  const high = shared('high', range(0, 9), 4)

  test('an initial value out of several is a choice', () => {
    const closed = close(
      model('initial', {
        threads: [
          thread('t', () => {
            Step('add', () => {
              high.set(low.plus(high))
            })
          }),
        ],
        properties: [sometimes('end', high.eq(6))],
      }),
    )
    const { schedule, again } = played(closed, runOf(closed, ['add'], 1))
    expect(schedule.initial).toEqual({ choices: [{ name: 'low', value: 2 }] })
    expect(again.kind).toBe('confirmed')
    expect(follow(closed, { ...schedule, initial: { choices: [{ name: 'low', value: 1 }] } }).kind).toBe('unconfirmed')
  })

  test('an either before the same choices is told by its branch', () => {
    const closed = close(
      model('initially', {
        threads: [
          thread('t', () => {
            Step('add', () => {
              high.set(high.plus(1))
            })
          }),
        ],
        initially: () => {
          Either(
            () => {
              high.set(2)
            },
            () => {
              high.set(5)
            },
          )
        },
        properties: [sometimes('end', high.eq(6))],
      }),
    )
    const { schedule, again } = played(closed, runOf(closed, ['add'], 1))
    expect(schedule.initial).toEqual({ choices: [], branch: 1 })
    expect(again.kind).toBe('confirmed')
  })

  test('two ways through one step, too', () => {
    const closed = close(
      model('step', {
        threads: [
          thread('t', () => {
            Step('jump', () => {
              Either(
                () => {
                  high.set(2)
                },
                () => {
                  high.set(6)
                },
              )
            })
          }),
        ],
        properties: [sometimes('end', high.eq(6))],
      }),
    )
    const run = runOf(closed, ['jump'])
    const other = transitions(machine(closed), run.initial.state)[1]
    if (other?.outcome.kind !== 'next') throw new Error('a second way')
    const { schedule, again } = played(closed, { ...run, steps: [{ transition: other, state: other.outcome.state }] })
    expect(schedule.steps).toEqual([{ thread: 't', path: '0', label: 'jump', choices: [], branch: 1 }])
    expect(again.kind).toBe('confirmed')
    expect(follow(closed, { ...schedule, steps: schedule.steps.map((step) => ({ ...step, branch: 0 })) }).kind).toBe(
      'unconfirmed',
    )
  })

  test('the same value chosen twice in a step is two choices', () => {
    const closed = close(
      model('twice', {
        threads: [
          thread('t', () => {
            Step('both', () => {
              const a = Choose('digit', range(0, 2))
              const b = Choose('digit', range(0, 2))
              high.set(a.plus(b).plus(2))
            })
            Loop(() => {
              Break()
            })
          }),
        ],
        properties: [sometimes('end', high.eq(6))],
      }),
    )
    const first = runOf(closed, ['both'])
    const last = transitions(machine(closed), first.initial.state).at(-1)
    if (last?.outcome.kind !== 'next') throw new Error('a last way')
    const { schedule, again } = played(closed, { ...first, steps: [{ transition: last, state: last.outcome.state }] })
    expect(schedule.steps[0]?.choices).toEqual([
      { name: 'digit', value: 2 },
      { name: 'digit', value: 2 },
    ])
    expect(again.kind).toBe('confirmed')
  })
})
