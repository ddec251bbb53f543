/**
 * What is known to be absent is never read, but what reads it is compiled: optionals that nothing sets, queues
 * without capacity, sorts without elements.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfiguredModel, Expression, Statement, Type } from '../../src/language/ast.ts'
import { mapStatement } from '../../src/language/walk.ts'
import {
  array,
  arm,
  assert,
  assign,
  at,
  binary,
  bool,
  choose,
  configured,
  field,
  id,
  int,
  local,
  num,
  optional,
  queueOf,
  record,
  shared,
  some,
  statement,
  step,
  thread,
  union,
  variable,
  when,
  yes,
  zero,
} from '../support/ast.ts'
import { agree } from '../support/engine.ts'
import { compare, report } from '../fuzz/compare.ts'
import { isValid, modelArbitrary } from '../fuzz/model-arbitrary.ts'

const value = (of: Expression): Expression => ({ kind: 'value', of })
const head = (of: Expression): Expression => ({ kind: 'head', of })
const isSome = (of: Expression): Expression => ({ kind: 'isSome', of })
const pair = record('pair', { page: id('Page'), n: int(3, 5) })
const either = union('either', { none: {}, held: { page: id('Page') } })

const held: Expression = { kind: 'payload', of: shared('u'), tag: 'held', name: 'page' }
const isHeld: Expression = { kind: 'isCase', of: shared('u'), tag: 'held' }
/** What reads the absent: under a test that it is there, and without one. */
const readers: readonly (readonly [string, Expression, Expression])[] = [
  ['the cell of an optional index', isSome(shared('owner')), at(shared('flags'), value(shared('owner')))],
  [
    'the cell of the head of a queue',
    binary({ kind: 'size', of: shared('q') }, '>', num(0)),
    at(shared('flags'), head(shared('q'))),
  ],
  ['the cell of a payload', isHeld, at(shared('flags'), held)],
  ['a cell of a cell', isSome(shared('owner')), at(at(shared('grid'), value(shared('owner'))), value(shared('owner')))],
  ['a field of an optional', isSome(shared('maybe')), binary(field(value(shared('maybe')), 'n'), '==', num(4))],
  [
    'a number that is never there',
    isSome(shared('number')),
    binary(at(shared('numbers'), value(shared('number'))), '==', num(0)),
  ],
  [
    'the head of a queue of numbers',
    binary({ kind: 'size', of: shared('none') }, '>', num(0)),
    binary(head(shared('none')), '==', num(4)),
  ],
  [
    'an element of a queue without capacity',
    yes,
    {
      kind: 'elements',
      quantifier: 'every',
      bound: 5,
      of: shared('none'),
      body: binary({ kind: 'bound', id: 5 }, '==', num(4)),
    },
  ],
  [
    'an index that is reckoned',
    isSome(shared('number')),
    at(shared('flags'), value(some(value(shared('owner')), optional(id('Page'))))),
  ],
]

const body = (test: Expression, read: Expression): readonly Statement[] => [
  step(when(binary(test, 'and', read), [assign(shared('seen'), yes)])),
  when(test, [assign(shared('seen'), read)]),
  statement({ kind: 'if', condition: test, then: { binds: [{ local: 0, value: read }], body: [] }, otherwise: arm() }),
  choose(1),
  step(
    assert('reads', { kind: 'conditional', condition: test, then: read, otherwise: yes }),
    when(local(1), [assign(shared('seen'), read)]),
  ),
]

describe.each([0, 1, 2])('%i pages', (pages) => {
  test.each(readers)('%s', async (_, condition, read) => {
    const types: Readonly<Record<string, Type>> = {
      owner: optional(id('Page')),
      flags: array(id('Page'), bool),
      grid: array(id('Page'), array(id('Page'), bool)),
      q: queueOf(id('Page'), pages),
      u: either,
      maybe: optional(pair),
      number: optional(int(1, 3)),
      numbers: array(int(1, 3), int(0, 1)),
      none: queueOf(int(4, 6), 0),
      seen: bool,
    }
    const variables = Object.entries(types).map(([name, type]) => variable(name, type))
    const properties = [
      { name: 'reads', kind: 'assertion' },
      { name: 'read', kind: 'sometimes', condition: binary(condition, 'and', read) },
      { name: 'unread', kind: 'invariant', condition: read },
      { name: 'changed', kind: 'transition', condition: binary({ kind: 'before', of: read }, '==', read) },
    ] as const
    await agree(
      configured({
        variables,
        sizes: { Page: pages },
        threads: [{ locals: [bool, bool], body: body(condition, read) }],
        properties,
      }),
    )
  })
})

/** The model in which nothing changes the variable. */
function without(model: ConfiguredModel, name: string): ConfiguredModel {
  const root = (e: Expression): Expression => (e.kind === 'field' || e.kind === 'index' ? root(e.of) : e)
  const changes = (s: Statement): boolean => {
    if (!('target' in s)) return false
    const target = root(s.target)
    return target.kind === 'shared' && target.name === name
  }
  const block = (list: readonly Statement[]): readonly Statement[] =>
    list.map(
      (s): Statement =>
        changes(s)
          ? { kind: 'step', label: 'nothing', body: [], path: s.path, at: s.at }
          : mapStatement(s, { expression: (e) => e, block }),
    )
  return { ...model, threads: model.threads.map((t) => ({ ...t, body: block(t.body) })) }
}

test('random models in which one variable is never set', { timeout: 600_000 }, async () => {
  const options = { maxTransitions: 300, maxStates: 15, engine: { partitionBytes: 2 ** 22 } }
  let tried = 0
  await fc.assert(
    fc.asyncProperty(modelArbitrary, fc.nat(), async (model, n) => {
      const name = model.variables[n % model.variables.length]?.name ?? ''
      // with nothing but its zero, or with what it starts with
      const started =
        n % 2 === 0
          ? model
          : { ...model, variables: model.variables.map((v) => (v.name === name ? { ...v, initial: [] } : v)) }
      const changed = without(started, name)
      if (!isValid(changed)) return
      tried += 1
      const { difference } = await compare(changed, options)
      if (difference !== undefined)
        throw new Error(`${name} is never set: ${difference}\n\n${await report(changed, options)}`)
    }),
    { numRuns: 60, seed: 5, endOnFailure: true },
  )
  expect(tried).toBeGreaterThanOrEqual(30)
})

test('control: a thread of a model without a variable does as before', () => {
  const before = configured({
    variables: [variable('x', bool), variable('y', bool)],
    threads: [{ body: [assign(shared('x'), yes), assign(shared('y'), zero(bool))] }],
  })
  const after = without(before, 'x')
  expect(after.threads[0]?.body.map(({ kind }) => kind)).toEqual(['step', 'assign'])
  expect(thread({ body: after.threads[0]?.body ?? [] }).body.map(({ path }) => path)).toEqual(['0', '1'])
})
