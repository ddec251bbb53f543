/**
 * The compiler and the interpreter decide alike whether a choice is carried, on random steps behind it: tests, loops
 * over sorts, and variables that are made of each other.
 */
import fc from 'fast-check'
import { Map } from 'immutable'
import { expect, test } from 'vitest'
import { lowerThread } from '../../src/compiler/lowering/lower.ts'
import type { ConfiguredModel, Expression, Statement } from '../../src/language/ast.ts'
import { siteAt, threadTextOf } from '../../src/semantics/control.ts'
import { contains, visitStatements } from '../../src/language/walk.ts'
import { machine } from '../../src/semantics/machine.ts'
import { isCarried } from '../../src/semantics/waiting.ts'
import {
  array,
  assign,
  at,
  binary,
  bool,
  choose,
  configured,
  forEach,
  id,
  local,
  no,
  not,
  setOf,
  shared,
  step,
  variable,
  wait,
  when,
  yes,
} from '../support/ast.ts'

const variables = ['a', 'b', 'c']
const CHOSEN = 0
const COPY = 1
const FIRST_LOOP = 2

const cell: fc.Arbitrary<Expression> = fc.oneof(
  fc.constantFrom<Expression>(yes, no, local(CHOSEN), local(COPY)),
  fc.constantFrom(...variables).map((name) => shared(name)),
  fc.constantFrom(...variables).map((name) => not(shared(name))),
)
const simple: fc.Arbitrary<Statement> = fc.oneof(
  fc.tuple(fc.constantFrom(...variables), cell).map(([name, value]) => assign(shared(name), value)),
  cell.map((value) => assign(local(COPY), value)),
  fc.tuple(cell, cell).map(([index, value]) => assign(at(shared('cells'), index), value)),
)
const statements: fc.Arbitrary<readonly Statement[]> = fc.letrec<{ list: readonly Statement[]; one: Statement }>(
  (tie) => ({
    list: fc.array(tie('one'), { minLength: 1, maxLength: 3 }),
    one: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      simple,
      cell.map((condition) => wait(condition)),
      fc.tuple(cell, tie('list'), tie('list')).map(([c, then, otherwise]) => when(c, [...then], [...otherwise])),
      cell.chain((c) => tie('list').map((then) => when(c, [...then]))),
      tie('list').map((body) => forEach(FIRST_LOOP, FIRST_LOOP + 1, id('A'), ...body)),
    ),
  }),
).list

const own: fc.Arbitrary<Expression> = fc.constantFrom<Expression>(yes, no, local(CHOSEN), local(COPY))
/** Between the choice and the step: the thread's own locals alone, another choice, and what shared state decides. */
const between: fc.Arbitrary<readonly Statement[]> = fc.array(
  fc.oneof(
    own.map((value) => assign(local(COPY), value)),
    fc.tuple(own, own).map(([condition, value]) => when(condition, [assign(local(COPY), value)])),
    fc.constant(choose(COPY)),
    own.map((value) => choose(COPY, binary(local(COPY), '==', value))),
    cell.map((condition) => when(condition, [assign(local(COPY), local(CHOSEN))], [choose(COPY)])),
  ),
  { maxLength: 2 },
)

/** Each loop has an element and a rest of its own. */
function withOwnLoops(body: readonly Statement[]): { readonly body: readonly Statement[]; readonly loops: number } {
  let loops = 0
  const renamed = (list: readonly Statement[]): Statement[] =>
    list.map((s) => {
      if (s.kind === 'if')
        return {
          ...s,
          then: { ...s.then, body: renamed(s.then.body) },
          otherwise: { ...s.otherwise, body: renamed(s.otherwise.body) },
        }
      if (s.kind !== 'forEach') return s
      const n = FIRST_LOOP + 2 * loops++
      return { ...s, local: n, remaining: n + 1, body: renamed(s.body) }
    })
  return { body: renamed(body), loops }
}

const models: fc.Arbitrary<ConfiguredModel> = fc
  .tuple(between, statements, fc.integer({ min: 1, max: 3 }))
  .map(([before, text, size]) => {
    const { body, loops } = withOwnLoops(text)
    const locals = Array.from({ length: loops }, () => [id('A'), setOf(id('A'))]).flat()
    return configured({
      sizes: { A: size },
      variables: [...variables.map((name) => variable(name, bool)), variable('cells', array(bool, bool))],
      threads: [{ locals: [bool, bool, ...locals], body: [choose(CHOSEN), ...before, step(...body)] }],
    })
  })

test('compiler and interpreter agree', () => {
  let carried = 0
  const runs = 3_000
  fc.assert(
    fc.property(models, (model) => {
      const [thread] = model.threads
      const plain = machine(model)
      if (thread === undefined) throw new Error('the model has one thread')
      const { own: separate } = lowerThread(model, thread)
      const text = threadTextOf(thread.body, plain.values, Map())
      visitStatements(thread.body, (s) => {
        if (s.kind !== 'choose' || (s.where !== undefined && contains(s.where, ({ kind }) => kind === 'shared'))) return
        const isAlone = separate.has(s.path)
        expect(isCarried(text, plain.values, siteAt(text, s.path)), s.path).toBe(!isAlone)
        if (s.path === '0' && !isAlone) carried += 1
      })
    }),
    { numRuns: runs, seed: 5 },
  )
  expect(carried).toBeGreaterThan(runs / 10)
  expect(carried).toBeLessThan((runs * 9) / 10)
})
