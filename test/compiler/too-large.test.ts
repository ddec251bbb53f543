/** What is too large for the engine is refused as a mistake of the model, not met as an error inside the tool. */
import { expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { check } from '../../src/explorer/check.ts'
import type { Statement } from '../../src/language/ast.ts'
import { array, assign, at, binary, bool, choose, configured, int, local, num, setOf, shared, step, variable, when, yes, zero } from '../support/ast.ts'
import { small } from '../support/engine.ts'

test('very many successors', () => {
  const model = configured({ threads: [{ locals: [int(0, 2 ** 21)], body: [choose(0)] }] })
  expect(() => compile(model)).toThrow(/^HMM035: a state can have 2097153 successors/)
})
test('a set of more than 64 elements', () => {
  expect(() => compile(configured({ variables: [variable('s', setOf(int(0, 64)))] }))).toThrow(/^HMM009: a set of 65 bits/)
})
test('a state that no table could hold', () => {
  const model = configured({ variables: [variable('all', array(int(0, 1_999), int(0, 2 ** 20)))], threads: [{ locals: [int(0, 1_000_000)], body: [choose(0)] }] })
  expect(() => compile(model)).toThrow(/^HMM035: a state has \d+ bits/)
})
test('a step with very many ways through it is not: what follows each branch is written once', async () => {
  const either = (n: number): Statement => when(at(shared('x'), num(n)), [choose(0), assign(at(shared('x'), num(n + 16)), binary(local(0), '==', num(1)))])
  const model = configured({
    variables: [variable('x', array(int(0, 31), bool), zero(array(int(0, 31), bool)), { kind: 'fill', of: yes, type: array(int(0, 31), bool) })], threads: [{ locals: [int(0, 2)], body: [step(...Array.from({ length: 9 }, (_, n) => either(n)))] }],
    properties: [{ name: 'x', kind: 'sometimes', condition: at(shared('x'), num(3)) }],
  })
  // from all unset one way; from all set 3 ways nine times, which differ in 9 bits
  expect(await check(model, small)).toMatchObject({ verdict: 'holds', states: 2 + 1 + 2 ** 9, transitions: 1 + 3 ** 9 })
})
