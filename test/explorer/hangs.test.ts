/**
 * Hangs are judged of every model that is offered, and a deadlock of the model as it is written, however it is asked
 * for.
 */
import { describe, expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { defaultRecoveryLimit, recoveryLimit } from '../../src/explorer/recovery.ts'
import type { CheckOptions } from '../../src/explorer/result.ts'
import type { ConfiguredModel, Model } from '../../src/language/ast.ts'
import { withHangs } from '../../src/language/hangs.ts'
import {
  Assert,
  assertion,
  Await,
  Bool,
  Choose,
  configure,
  deadlock,
  Idle,
  If,
  invariant,
  Loop,
  model,
  not,
  range,
  recoverable,
  shared,
  sometimes,
  Step,
  thread,
} from '../../src/language/index.ts'
import { fuzz } from '../../src/schedules/fuzz.ts'
import { firstShown } from '../../src/schedules/judge.ts'
import { uniform } from '../../src/schedules/strategies/uniform.ts'
import { bool, configured, shared as named, skip, variable, wait } from '../support/ast.ts'

const closed = (one: Model): ConfiguredModel => configure(one, { sizes: {}, constants: {} })

const never = shared('never', Bool)
const x = shared('x', Bool)
const level = shared('level', range(0, 3))
const waits = thread('driver', () => {
  Await(never)
})

/**
 * Each: what the other thread does round and round, and in how many steps no step changes the state; undefined if
 * never.
 */
const rounds: readonly (readonly [string, () => void, number | undefined])[] = [
  [
    'a variable that is read to be changed only',
    () => {
      x.set(not(x))
    },
    undefined,
  ],
  [
    'a variable that is set to what it is',
    () => {
      x.set(true)
    },
    1,
  ],
  [
    'a local that is never read',
    () => {
      Step('looks', () => {
        Choose('c', Bool)
      })
    },
    undefined,
  ],
  [
    'a local that only an assertion reads',
    () => {
      Step('looks', () => {
        const c = Choose('c', Bool)
        If(c, () => {
          Assert('A', not(never))
        })
      })
    },
    undefined,
  ],
  [
    'a step that changes nothing',
    () => {
      Step('nothing', () => {
        level.set(level)
      })
    },
    0,
  ],
  [
    'a number that stays at its end',
    () => {
      Step('up', () => {
        If(level.lt(3), () => {
          level.increment()
        })
      })
    },
    3,
  ],
]

describe.each(rounds)('beside a thread that waits for ever: %s', (_, round, steps) => {
  const properties = [deadlock(), sometimes('x is set', x), sometimes('level is 2', level.eq(2)), assertion('A')]
  const whole = closed(
    model('m', {
      threads: [
        waits,
        thread('cpu', () => {
          Loop(() => {
            Idle()
            round()
          })
        }),
      ],
      properties,
    }),
  )
  const asked: readonly (readonly [string, CheckOptions])[] = [
    ['all together', {}],
    ['alone', { properties: ['deadlock'] }],
    ['with one that reads x', { properties: ['deadlock', 'x is set'] }],
    ['dead locals kept', { keepDeadLocals: true }],
    ['alone, dead locals kept', { properties: ['deadlock'], keepDeadLocals: true }],
    ['two workers', { workers: 2 }],
    ['stopped at first', { stopAtFirst: true, properties: ['deadlock'] }],
  ]
  test.each(asked)('%s', async (__, options) => {
    const found = (await check(whole, options)).properties.find(({ kind }) => kind === 'deadlock')
    expect({ verdict: found?.verdict, steps: found?.steps }).toEqual(
      steps === undefined ? { verdict: 'holds', steps: undefined } : { verdict: 'violated', steps },
    )
    if (found?.counterexample === undefined) return
    const { machine: graph, run, property } = found.counterexample
    expect(firstShown(graph, run, property)).toBe(steps)
  })
  test('in random runs', async () => {
    const { properties: seen } = await fuzz(whole, { runs: 60, seed: 1, strategy: uniform, maxSteps: 30 })
    expect(seen.find(({ kind }) => kind === 'deadlock')).toMatchObject(
      steps === undefined ? { seen: 'unseen' } : { seen: 'violated' },
    )
  })
})

describe('of every model', () => {
  const hanging = (parts: Partial<Parameters<typeof model>[1]> = {}): Model =>
    model('m', {
      threads: [
        waits,
        thread('cpu', () => {
          Loop(() => {
            Idle()
            x.set(not(x))
          })
        }),
      ],
      ...parts,
    })
  const verdicts = async (one: Model): Promise<readonly string[]> =>
    (await check(closed(withHangs(one)))).properties.map(({ name, verdict }) => `${name} ${verdict}`)

  test('a thread that waits for ever beside one that goes on is found', async () => {
    expect(await verdicts(hanging())).toEqual(['deadlock holds', 'lock-deadlock holds', 'recoverable violated'])
  })
  test('what is declared is added no second time', async () => {
    expect(await verdicts(hanging({ properties: [recoverable(), deadlock()] }))).toEqual([
      'recoverable violated',
      'deadlock holds',
      'lock-deadlock holds',
    ])
    const twice = withHangs(hanging())
    expect(withHangs(twice)).toBe(twice)
  })
  test('what is left out is not judged', async () => {
    expect(await verdicts(hanging({ without: { recoverable: 'it waits for hardware that may be gone' } }))).toEqual([
      'deadlock holds',
      'lock-deadlock holds',
    ])
  })
  test.each([
    ['without a reason', () => hanging({ without: { recoverable: ' ' } }), 'HMM046'],
    ['and declared', () => hanging({ without: { deadlock: 'why' }, properties: [deadlock()] }), 'HMM046'],
    ['under a name that is none', () => hanging({ without: Object.fromEntries([['deadlok', 'why']]) }), 'HMM046'],
    [
      'beside another of its name',
      () => withHangs(hanging({ properties: [invariant('deadlock', not(never))] })),
      'HMM045',
    ],
  ])('left out %s: a mistake', (_, make, code) => {
    expect(make).toThrow(code)
  })

  test('of more than a million states recoverable is not judged unless it is declared, and the verdict is that of the rest', async () => {
    const bits = Array.from({ length: 20 }, (_, n) => shared(`b${n}`, Bool))
    const many = (properties: readonly ReturnType<typeof recoverable>[]): Model =>
      model('m', {
        threads: bits.map((bit, n) =>
          thread(`t${n}`, () => {
            bit.set(true)
          }),
        ),
        properties: [...properties, ...bits.map((bit, n) => sometimes(`s${n}`, bit))],
        without: { 'lock-deadlock': 'no locks' },
      })
    const { states, verdict, properties } = await check(closed(withHangs(many([]))))
    expect(states).toBeGreaterThan(defaultRecoveryLimit)
    expect(verdict).toBe('holds')
    expect(properties.find(({ kind }) => kind === 'recoverable')).toMatchObject({
      verdict: 'undecided',
      why: expect.stringMatching(/^not judged: more than 1,000,000 states/) as unknown,
    })
  })

  describe('of a graph that symmetry makes small', () => {
    /** Eight threads alike, each with so many steps; at the end it may rest, or it waits for ever. */
    const alike = (steps: number, ends: boolean, byDefault = false): ConfiguredModel =>
      configured({
        variables: [variable('never', bool)],
        threads: [{ count: 8, body: [...Array.from({ length: steps }, () => skip), ...(ends ? [] : [stuck])] }],
        properties: [{ name: 'recoverable', kind: 'recoverable', ...(byDefault && { byDefault }) }],
      })
    const stuck = wait(named('never'))

    test('recoverable counts what is stored, where it is declared', async () => {
      const { states, stored, properties } = await check(alike(9, true))
      expect(states).toBe(10 ** 8)
      expect(states).toBeGreaterThan(recoveryLimit)
      expect(stored).toBe(24_310)
      expect(properties).toMatchObject([{ name: 'recoverable', verdict: 'holds' }])
      expect((await check(alike(9, false))).properties).toMatchObject([{ name: 'recoverable', verdict: 'violated' }])
    })

    test('it counts all states where it is not, so that symmetry does not change its answer', async () => {
      for (const symmetry of [true, false])
        expect((await check(alike(5, true, true), { symmetry })).properties).toMatchObject([
          { name: 'recoverable', verdict: 'undecided' },
        ])
    })
  })
})
