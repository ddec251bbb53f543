/** What is too large for the engine is refused as a mistake of the model, not met as an error inside the tool. */
import { expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { check } from '../../src/explorer/check.ts'
import type { Statement } from '../../src/language/ast.ts'
import { and, Bool, Choose, configure, If, model, ModelError, range, shared as shared_, Step, thread as languageThread } from '../../src/language/index.ts'
import { array, assign, at, binary, bool, choose, configured, int, local, num, setOf, shared, step, variable, when, yes, zero } from '../support/ast.ts'
import { small } from '../support/engine.ts'

test('very many successors', () => {
  const model = configured({ threads: [{ locals: [int(0, 2 ** 21)], body: [choose(0)] }] })
  expect(() => compile(model)).toThrow(/^HMM035: a state can have 2097153 successors/)
})
test('very many by choices one behind the other: which, where, and what to do', () => {
  const x = shared_('x', range(0, 3))
  const written = model('m', { threads: [languageThread('t', () => {
    const [a, b] = [Choose('a', range(0, 1023)), Choose('b', range(0, 1023))]
    const c = Choose('c', Bool)
    return Step('use', () => If(and(c, a.eq(b)), () => x.set(1)))
  })] })
  const closed = configure(written, { sizes: {}, constants: {} })
  const [error] = [() => compile(closed)].map((build) => { try { build(); return undefined } catch (thrown) { return thrown } })
  expect(error).toBeInstanceOf(ModelError)
  if (!(error instanceof ModelError)) return
  expect(error.what).toBe('a state can have 2097152 successors; at most 1048576 are supported; t alone has 2097152 here, by a of 1024 times b of 1024 times c of 2')
  expect(error.at).toMatch(/test\/compiler\/too-large\.test\.ts:\d+, in t 0$/)
  expect(error.remedy).toMatch(/^put a step that touches shared state between them/)
})
test('between which a step stands, are few', () => {
  const x = shared_('x', range(0, 1023))
  const apart = model('m', { threads: [languageThread('t', () => {
    const a = Choose('a', range(0, 1023))
    x.set(a)
    const [b, c] = [Choose('b', range(0, 511)), Choose('c', Bool)]
    return Step('use', () => If(and(c, b.eq(x)), () => x.set(1)))
  })] })
  expect(() => compile(configure(apart, { sizes: {}, constants: {} }))).not.toThrow()
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
