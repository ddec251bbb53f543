/**
 * Random runs of a model: the same by seed, judged by the interpreter, reduced, and honest about what they did not
 * see.
 */
import { definedFields } from '../../src/language/defined-fields.ts'
import { exampleOf } from '../../src/semantics/counterexample.ts'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import {
  array,
  assertion,
  Assert,
  Await,
  configure,
  Cover,
  deadlock,
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
} from '../../src/language/index.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { fuzz } from '../../src/schedules/fuzz.ts'
import type { FuzzOptions, FuzzResult } from '../../src/schedules/fuzz.ts'
import { uniform } from '../../src/schedules/strategies/uniform.ts'
import { notifier } from '../support/notifier.ts'

const modelOf = (variant: string): ConfiguredModel =>
  configure(notifier.model, settingOf(notifier, { variant }).configuration)
const options: FuzzOptions = { runs: 100, seed: 1, strategy: uniform, maxSteps: 60 }

const said = ({ properties, ...result }: FuzzResult) => ({
  ...result,
  seconds: 0,
  properties: properties.map(({ counterexample, witness, ...one }) => ({
    ...one,
    labels: exampleOf({ ...definedFields({ counterexample, witness }) })?.run.steps.map(
      ({ transition: { thread, label } }) => `${thread} ${label}`,
    ),
  })),
})

test('the same seed gives the same answer, another seed another', async () => {
  const [one, again, other] = [
    await fuzz(modelOf('as-posted'), options),
    await fuzz(modelOf('as-posted'), options),
    await fuzz(modelOf('as-posted'), { ...options, seed: 2 }),
  ]
  expect(said(again)).toEqual(said(one))
  expect(said(other)).not.toEqual(said(one))
})

test('more runs begin with the same runs', async () => {
  const [few, many] = [
    await fuzz(modelOf('as-posted'), { ...options, runs: 50 }),
    await fuzz(modelOf('as-posted'), options),
  ]
  const firsts = ({ properties }: FuzzResult) =>
    properties.filter(({ first }) => first !== undefined && first.run <= 50).map(({ name, first }) => [name, first])
  expect(firsts(few)).toEqual(firsts(many))
  expect(firsts(few).length).toBeGreaterThan(0)
})

describe('what is seen', () => {
  test.each(['as-posted', 'without-lock_order', 'fixed'])('of %s', async (variant) => {
    const [walked, explored] = [await fuzz(modelOf(variant), { ...options, runs: 400 }), await check(modelOf(variant))]
    const expected = explored.properties.map(({ name, kind, verdict, steps }) => ({
      name,
      seen: kind === 'sometimes' && verdict === 'holds' ? 'witnessed' : verdict === 'violated' ? 'violated' : 'unseen',
      steps,
    }))
    expect(
      walked.properties.map((one) => ({ name: one.name, seen: one.seen, steps: exampleOf(one)?.run.steps.length })),
    ).toEqual(expected)
    expect(walked.verdict).toBe(explored.verdict === 'violated' ? 'violated' : 'incomplete')
    expect({ states: walked.states, transitions: walked.transitions, neverTaken: walked.neverTaken }).toEqual({
      states: explored.states,
      transitions: explored.transitions,
      neverTaken: explored.neverTaken,
    })
    expect(walked).toMatchObject({ runs: 400, atLeast: false, interrupted: false })
  })

  test('a model that holds is never said to', async () => {
    expect((await fuzz(modelOf('fixed'), options)).verdict).toBe('incomplete')
  })

  test('--stop-at-first: no run after the one that saw a violation; a witness is none', async () => {
    const { properties, runs } = await fuzz(modelOf('as-posted'), { ...options, stopAtFirst: true })
    const firsts = properties.flatMap(({ name, first }) => (first === undefined ? [] : [[name, first.run] as const]))
    expect(Object.fromEntries(firsts)['P-NOUAF']).toBe(runs)
    expect(runs).toBeLessThan(100)
    expect(firsts.every(([, run]) => run <= runs)).toBe(true)
  })
})

const n = shared('n', range(0, 3))
const cells = shared('cells', array(range(0, 1), range(0, 1)))
/** Misuse, a domain error, an assertion that fails, a way without a way back, and a relation. */
const faults = configure(
  model('faults', {
    threads: [
      thread(
        'counter',
        () => {
          Loop(() => {
            Idle()
            Step('up', () => {
              Cover('up')
              Misuse('misused', n.lt(2))
              n.increment()
            })
          })
        },
        { daemon: true },
      ),
      thread('stuck', () => {
        Step('out of the cells', () => {
          cells.at(n).set(1)
        })
        Step('asserts', () => {
          Assert('zero', n.eq(0))
        })
        Await(n.eq(3))
      }),
    ],
    properties: [
      assertion('zero'),
      invariant('not one', n.ne(1)),
      sometimes('up'),
      sometimes('never', n.gt(3)),
      deadlock(),
      recoverable(),
    ],
  }),
  { sizes: {}, constants: {} },
)

describe('kinds of properties', () => {
  test('those of the model, then what is wrong in itself', async () => {
    const { properties } = await fuzz(faults, options)
    expect(properties.map((one) => [one.name, one.kind, one.seen, exampleOf(one)?.run.steps.length])).toEqual([
      ['zero', 'assertion', 'violated', 3],
      ['not one', 'invariant', 'violated', 1],
      ['up', 'sometimes', 'witnessed', 1],
      ['never', 'sometimes', 'unseen', undefined],
      ['deadlock', 'deadlock', 'unseen', undefined],
      ['recoverable', 'recoverable', 'beyond', undefined],
      ['domain', 'domain', 'violated', 3],
      ['misuse: misused', 'misuse', 'violated', 3],
    ])
  })

  test('of these alone', async () => {
    const { properties } = await fuzz(faults, { ...options, properties: ['never', 'recoverable'] })
    expect(properties.map(({ name, seen }) => [name, seen])).toEqual([
      ['never', 'unseen'],
      ['recoverable', 'beyond'],
      ['domain', 'violated'],
      ['misuse: misused', 'violated'],
    ])
  })

  test('nothing that a run could show', async () => {
    await expect(fuzz(faults, { ...options, properties: ['recoverable'] })).rejects.toThrow(
      'HMM241: no single run can violate recoverable',
    )
  })
})

test('stops when it is told to, with the counts so far', async () => {
  const stop = new AbortController()
  const seen: number[] = []
  const result = await fuzz(modelOf('fixed'), {
    ...options,
    runs: 1e9,
    signal: stop.signal,
    onProgress: ({ runs }) => {
      seen.push(runs)
      stop.abort()
    },
  })
  expect(result).toMatchObject({ verdict: 'incomplete', interrupted: true })
  expect(seen.length).toBe(1)
  expect(result.runs).toBeGreaterThanOrEqual(seen[0] ?? Infinity)
})
