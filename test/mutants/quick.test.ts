/**
 * The shortest test of the whole engine: a few random models, the small oracles, and shapes that the other files
 * leave out. `npm run mutants:engine` ends with it.
 */
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Property } from '../../src/language/ast.ts'
import { compare } from '../fuzz/compare.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { holdsToTable, transitionsOf } from '../oracles/engine.ts'
import { oracles } from '../oracles/table.ts'
import {
  arm,
  assign,
  binary,
  choose,
  configured,
  either,
  goto,
  int,
  label,
  local,
  loop,
  not,
  num,
  shared,
  skip,
  statement,
  step,
  variable,
  wait,
} from '../support/ast.ts'
import { cube, cubeCounts } from '../support/counters.ts'
import { agree, said } from '../support/engine.ts'

vi.setConfig({ testTimeout: 300_000 })

const small = oracles.filter((oracle) => transitionsOf(oracle) <= 5_000)
test.each(small)('$name', async (oracle) => {
  await holdsToTable(oracle, 1, true)
})

test('an idle label is a barrier for what was done before it', async () => {
  // what is chosen and copied before the label is done before the thread rests at it; the jump back rests there too
  const model = configured({
    variables: [variable('y', int(0, 2))],
    threads: [
      {
        locals: [int(0, 2), int(0, 2)],
        body: [
          choose(0),
          assign(local(1), local(0)),
          label(1, true),
          assign(shared('y'), local(1)),
          either([goto(1)], [skip]),
        ],
      },
    ],
    properties: [{ name: 'y', kind: 'sometimes', condition: binary(shared('y'), '==', num(2)) }],
  })
  expect((await said(model)).properties).toEqual({ y: 'holds in 2' })
  await agree(model)
})

test('a choice is a transition of its own where the guard behind it reads it', async () => {
  const model = configured({
    variables: [variable('y', int(0, 2))],
    threads: [
      { locals: [int(0, 2)], body: [choose(0), wait(binary(local(0), '==', num(1))), assign(shared('y'), local(0))] },
    ],
    properties: [{ name: 'deadlock', kind: 'deadlock' }],
  })
  expect((await said(model)).properties).toEqual({ deadlock: 'violated in 1' })
  await agree(model)
})

test('what an arm binds is there in it, read from the very state that was tested', async () => {
  const model = configured({
    variables: [variable('x', int(0, 3)), variable('y', int(0, 3))],
    threads: [
      {
        locals: [int(0, 3)],
        body: [
          statement({
            kind: 'if',
            condition: binary(shared('x'), '>', num(0)),
            then: { binds: [{ local: 0, value: shared('x') }], body: [skip, assign(shared('y'), local(0))] },
            otherwise: arm(),
          }),
        ],
      },
      { body: [1, 2, 3].map((n) => assign(shared('x'), num(n))) },
    ],
    properties: [
      { name: 'y is 1', kind: 'sometimes', condition: binary(shared('y'), '==', num(1)) },
      { name: 'y is 3', kind: 'sometimes', condition: binary(shared('y'), '==', num(3)) },
    ],
  })
  expect((await said(model)).properties).toEqual({ 'y is 1': 'holds in 4', 'y is 3': 'holds in 6' })
  await agree(model)
})

test('locals of one control point stand side by side', async () => {
  const model = configured({
    variables: [variable('y', int(0, 8))],
    threads: [
      {
        locals: [int(0, 2), int(0, 2)],
        body: [
          choose(0),
          choose(1),
          skip,
          assign(shared('y'), binary(binary(local(0), '+', local(0)), '+', binary(local(1), '-', local(0)))),
        ],
      },
    ],
    properties: [
      { name: 'y', kind: 'sometimes', condition: binary(shared('y'), '==', num(4)) },
      { name: 'not 5', kind: 'invariant', condition: binary(shared('y'), '!=', num(5)) },
    ],
  })
  expect(await said(model)).toMatchObject({ states: 15, properties: { y: 'holds in 2', 'not 5': 'holds' } })
  await agree(model)
})

test('the thread that is lost soonest is shown', async () => {
  const lost = (steps: number) => ({
    body: [...Array.from({ length: steps }, () => skip), either([skip], [loop(1, skip)])],
  })
  const recoverable: Property = { name: 'recoverable', kind: 'recoverable' }
  expect((await said(configured({ threads: [lost(1), lost(4)], properties: [recoverable] }))).properties).toEqual({
    recoverable: 'violated in 2',
  })
  expect((await said(configured({ threads: [lost(4), lost(1)], properties: [recoverable] }))).properties).toEqual({
    recoverable: 'violated in 2',
  })
})

test('partitions are split with the zero state in one of them', async () => {
  // the first thread's end is control point 0, and there all counters may be back at zero: the zero state is met
  // before and after the split
  const rounds = configured({
    variables: ['a', 'b', 'c'].map((name) => variable(name, int(0, 39, 'wrap'))),
    threads: [
      { body: [step(wait(not(binary(shared('a'), '==', num(0)))))] },
      ...['a', 'b', 'c'].map((name) => ({
        daemon: true,
        body: [loop(1, assign(shared(name), binary(shared(name), '+', num(1))))],
      })),
    ],
    properties: [
      {
        name: 'a',
        kind: 'sometimes',
        condition: binary(binary(shared('a'), '+', shared('b')), '==', binary(shared('c'), '+', num(41))),
      },
    ],
  })
  const one = await said(rounds, { partitionBytes: 2 ** 26 })
  expect(one).toMatchObject({ states: 128_000 })
  expect(await said(rounds, { partitionBytes: 2 ** 16 })).toEqual(one)
})

test('a long way through large chunks is found again', async () => {
  expect(await said(cube(3, 49), { partitionBytes: 2 ** 24 })).toMatchObject({
    ...cubeCounts(3, 49),
    properties: { 'not all at their end': 'violated in 147' },
  })
})

test('random models', async () => {
  let n = 0
  await fc.assert(
    fc.asyncProperty(modelArbitrary, async (model) => {
      const engine = [{}, { partitionBytes: 2 ** 16 }, { hashBits: 4 }][n++ % 3] ?? {}
      expect(
        (await compare(model, { maxTransitions: 2_000, maxStates: 60, engine: { partitionBytes: 2 ** 22, ...engine } }))
          .difference,
      ).toBeUndefined()
    }),
    { numRuns: 60, seed: 11, endOnFailure: true },
  )
})
