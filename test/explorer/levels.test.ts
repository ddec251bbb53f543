/** What is kept of a graph that is deep and narrow, or of a state that is large, is in proportion to it. */
import { expect, test } from 'vitest'
import { levels } from '../../src/explorer/levels.ts'
import {
  assign,
  array,
  at,
  binary,
  bool,
  configured,
  int,
  loop,
  num,
  shared,
  step,
  variable,
  wait,
  yes,
} from '../support/ast.ts'
import { said, search } from '../support/engine.ts'

/** Counts to n, by one thread. */
const counter = (n: number) =>
  configured({
    variables: [variable('x', int(0, n))],
    threads: [
      {
        daemon: true,
        body: [
          loop(1, step(wait(binary(shared('x'), '<', num(n))), assign(shared('x'), binary(shared('x'), '+', num(1))))),
        ],
      },
    ],
    properties: [
      { name: 'in range', kind: 'invariant', condition: binary(shared('x'), '<=', num(n)) },
      { name: 'far', kind: 'sometimes', condition: binary(shared('x'), '==', num(n)) },
    ],
  })

test('a level keeps its states, and no room beside them', async () => {
  const kept = levels(1_000_000)
  const { states, depth } = await search(counter(3_000), { levels: kept })
  expect([states, depth]).toEqual([3_001, 3_001])
  const chunks = kept.all() ?? []
  expect(chunks.map(({ level }) => level)).toEqual(Array.from({ length: 3_001 }, (_, n) => n + 1))
  expect(chunks.reduce((sum, { chunk }) => sum + chunk.states.buffer.byteLength, 0)).toBe(3_001 * 8)
  expect(kept.of(7).map(({ first, count }) => [first, count])).toEqual([[6, 1]])
  expect(kept.of(4_000)).toEqual([])
})

test('beyond its limit nothing is kept', async () => {
  const kept = levels(100)
  await search(counter(300), { levels: kept })
  expect([kept.all(), kept.of(3), kept.keeping()]).toEqual([undefined, [], false])
})

test('a graph of many levels is judged as one of few', async () => {
  expect(await said(counter(20_000))).toEqual({
    verdict: 'holds',
    states: 20_001,
    transitions: 20_000,
    depth: 20_001,
    properties: { 'in range': 'holds', far: 'holds in 20000' },
  })
})

test('a large array of which few cells are used', async () => {
  const cell = (n: number) => at(shared('q'), num(n))
  const model = configured({
    variables: [variable('q', array(int(0, 65_535), bool))],
    threads: [{ body: [assign(cell(65_535), yes)] }],
    properties: [
      { name: 'alike', kind: 'invariant', condition: binary(cell(3), '==', cell(65_534)) },
      { name: 'set', kind: 'sometimes', condition: cell(65_535) },
    ],
  })
  expect(await said(model)).toEqual({
    verdict: 'holds',
    states: 2,
    transitions: 1,
    depth: 2,
    properties: { alike: 'holds', set: 'holds in 1' },
  })
})
