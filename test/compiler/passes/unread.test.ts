/** What nothing reads is left out of the state, and no transition with it. */
import { describe, expect, test } from 'vitest'
import { dropUnread } from '../../../src/compiler/passes/unread.ts'
import { check } from '../../../src/explorer/check.ts'
import type { Statement, Variable } from '../../../src/language/ast.ts'
import { visitStatements } from '../../../src/language/walk.ts'
import {
  arm,
  array,
  assign,
  at,
  binary,
  bool,
  choose,
  configured,
  cover,
  int,
  local,
  loop,
  num,
  setOf,
  shared,
  skip,
  statement,
  step,
  variable,
  wait,
  when,
  yes,
} from '../../support/ast.ts'
import { small } from '../../support/engine.ts'

const ghost = (one: Variable): Variable => ({ ...one, ghost: true })
const variables = [
  variable('x', int(0, 2)),
  variable('y', int(0, 2)),
  ghost(variable('g', int(0, 2))),
  ghost(variable('h', array(bool, int(0, 2)))),
  variable('b', bool),
  variable('s', setOf(int(0, 2))),
]
const x2 = { name: 'x', kind: 'sometimes', condition: binary(shared('x'), '==', num(2)) } as const
const droppedBy = (body: readonly Statement[], properties: Parameters<typeof configured>[0]['properties'] = [x2]) =>
  dropUnread(configured({ variables, threads: [{ body, locals: [int(0, 2), bool] }], properties: properties ?? [] }))
    .dropped

describe('is read', () => {
  test.each<readonly [string, Statement, readonly string[]]>([
    ['by a guard', wait(binary(shared('y'), '==', num(0))), ['g', 'h', 'b', 's']],
    ['by a test of a transition of its own, whatever follows', when(shared('b'), [], []), ['y', 'g', 'h', 's']],
    [
      'by a test in a step, if what follows is seen',
      step(when(shared('b'), [assign(shared('x'), num(1))])),
      ['y', 'g', 'h', 's'],
    ],
    [
      'by what is bound',
      statement({
        kind: 'if',
        condition: yes,
        then: { binds: [{ local: 0, value: shared('y') }], body: [] },
        otherwise: arm(),
      }),
      ['g', 'h', 'b', 's'],
    ],
    ['by the condition of a choice', choose(0, binary(shared('s'), 'has', local(0))), ['y', 'g', 'h', 'b']],
    ['by a cover', step(cover('x', shared('b'))), ['y', 'g', 'h', 's']],
    ['by who blocks', wait(yes, { bound: 3, condition: shared('b') }), ['y', 'g', 'h', 's']],
    ['by a value that is kept', assign(shared('x'), shared('y')), ['g', 'h', 'b', 's']],
    [
      'not by the index of a cell of what is not',
      assign(at(shared('h'), shared('b')), num(0)),
      ['y', 'g', 'h', 'b', 's'],
    ],
  ])('%s', (_, s, dropped) => {
    expect(droppedBy([s])).toEqual(dropped)
  })
  test('through others that are read', () => {
    expect(droppedBy([step(assign(shared('g'), shared('y')), assign(shared('x'), shared('g')))])).toEqual([
      'h',
      'b',
      's',
    ])
  })
  test('not by others that are not', () => {
    expect(droppedBy([step(assign(shared('g'), shared('y')), assign(shared('y'), shared('g')))])).toEqual([
      'y',
      'g',
      'h',
      'b',
      's',
    ])
  })
  test('by the property that is asked for', () => {
    const reads = {
      name: 'h',
      kind: 'invariant',
      condition: binary(at(shared('h'), shared('b')), '==', num(0)),
    } as const
    expect(droppedBy([step(assign(at(shared('h'), yes), shared('g')))], [reads])).toEqual(['x', 'y', 's'])
  })
})

describe('is left out', () => {
  const body = [
    assign(shared('g'), num(1)),
    step(
      assign(shared('x'), num(1)),
      when(shared('b'), [assign(shared('g'), num(2))], [assign(at(shared('h'), yes), num(2))]),
    ),
    when(shared('b'), [skip], [assign(shared('y'), num(1)), step(assign(shared('y'), num(2)))]),
    loop(1, step(choose(1), assign(at(shared('h'), local(1)), num(1)), assign(shared('x'), num(2)))),
  ]
  const model = configured({
    variables,
    threads: [{ body, locals: [int(0, 2), bool] }],
    properties: [x2, { name: 'deadlock', kind: 'deadlock' }],
  })
  test('by name, and from every statement', () => {
    const { model: slim, dropped } = dropUnread(model)
    expect(dropped).toEqual(['y', 'g', 'h', 's'])
    expect(slim.variables.map(({ name }) => name)).toEqual(['x', 'b'])
    for (const name of dropped) expect(JSON.stringify(slim.threads)).not.toContain(`"${name}"`)
  })
  test('while every transition stays, with its place and label', async () => {
    const result = await check(model, { ...small, keepDeadLocals: true })
    // five states in a row, and the last with both choices
    expect(result).toMatchObject({
      droppedGhosts: ['y', 'g', 'h', 's'],
      neverTaken: [{ path: '2.then/0' }, { path: '2.then' }].toReversed(),
    })
    const { model: slim } = dropUnread(model)
    const paths = (of: typeof model): readonly string[] => {
      const found: string[] = []
      for (const t of of.threads)
        visitStatements(t.body, (s) => {
          if (!s.path.startsWith('1/') && !s.path.startsWith('3/') && !s.path.includes('else/1/')) found.push(s.path)
        })
      return found
    }
    expect(paths(slim)).toEqual(paths(model))
  })
  test('an if outside a step stays, though its branches do nothing any more', async () => {
    const tested = configured({
      variables,
      threads: [{ body: [when(shared('b'), [assign(shared('g'), num(1))], [])] }, { body: [assign(shared('b'), yes)] }],
      properties: [x2],
    })
    // before b is set the test leads to the end; behind it, to the ghost's assignment, which is a transition still
    expect(await check(tested, small)).toMatchObject({ droppedGhosts: ['y', 'g', 'h', 's'], states: 5, transitions: 5 })
  })
})

test('a choice stays a transition of its own, though the variable that its value entered is left out', async () => {
  const model = configured({
    variables,
    threads: [{ body: [choose(0), assign(shared('g'), local(0)), assign(shared('x'), num(2))], locals: [int(0, 2)] }],
    properties: [x2],
  })
  const result = await check(model, small)
  expect(result).toMatchObject({ droppedGhosts: ['y', 'g', 'h', 'b', 's'], properties: [{ steps: 3 }] })
  // chosen and forgotten at once: the ghost was its only reader
  expect(result).toMatchObject({ transitions: 5, states: 4 })
})

test('nothing is left out where everything is read', () => {
  const model = configured({
    variables: [variable('x', int(0, 2))],
    threads: [{ body: [assign(shared('x'), num(1))] }],
    properties: [x2],
  })
  expect(dropUnread(model)).toEqual({ model, dropped: [] })
})
