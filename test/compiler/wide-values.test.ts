/**
 * Values of more than a word that hold an integer whose range does not begin at 0, however they came to be and
 * wherever they are put: what is stored is the code of the place's type. Each kind of value, in each use, is compiled
 * and interpreted, state by state.
 */
import { describe, test } from 'vitest'
import type { Expression, Statement, Type } from '../../src/language/ast.ts'
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
  int,
  local,
  no,
  num,
  optional,
  queueOf,
  record,
  setOf,
  shared,
  some,
  statement,
  step,
  union,
  variable,
  when,
  yes,
  zero,
} from '../support/ast.ts'
import { agree } from '../support/engine.ts'

const word = setOf(int(0, 63))
const cond = (condition: Expression, then: Expression, otherwise: Expression): Expression => ({
  kind: 'conditional',
  condition,
  then,
  otherwise,
})
const fill = (of: Expression, type: Type): Expression => ({ kind: 'fill', of, type })
const oneCase = (tag: string, fields: Record<string, Expression>, type: Type): Expression => ({
  kind: 'case',
  tag,
  fields,
  type,
})
const aRecord = (fields: Record<string, Expression>, type: Type): Expression => ({ kind: 'record', fields, type })
const value = (of: Expression): Expression => ({ kind: 'value', of })
const payload = (of: Expression, name: string): Expression => ({ kind: 'payload', of, tag: 'some', name })
const head = (of: Expression): Expression => ({ kind: 'head', of })

const low = record('low', { n: int(1, 4), s: word })
const below = record('below', { s: word, n: int(-5, -2), more: optional(int(3, 6)) })
const either = union('either', { none: {}, few: { n: int(-3, 3) }, many: { n: int(1, 4), s: word } })
const cells = array(int(0, 15), int(1, 20))
const few = zero(word)
const lowOf = (n: number, s: Expression): Expression => aRecord({ n: num(n), s }, low)
const belowOf = (n: number): Expression =>
  aRecord({ s: few, n: num(n), more: some(num(n + 8), optional(int(3, 6))) }, below)

/** A type, and three of its values. */
const types: Readonly<
  Record<string, { readonly type: Type; readonly values: readonly [Expression, Expression, Expression] }>
> = {
  'a record': { type: low, values: [lowOf(1, few), lowOf(2, few), lowOf(4, few)] },
  'a record below zero': { type: below, values: [belowOf(-5), belowOf(-2), zero(below)] },
  'a union': {
    type: either,
    values: [
      oneCase('many', { n: num(3), s: few }, either),
      oneCase('few', { n: num(-1) }, either),
      oneCase('none', {}, either),
    ],
  },
  'an array': { type: cells, values: [fill(num(20), cells), fill(num(2), cells), zero(cells)] },
  'an array of records': {
    type: array(int(5, 6), low),
    values: [
      fill(lowOf(3, few), array(int(5, 6), low)),
      fill(lowOf(2, few), array(int(5, 6), low)),
      zero(array(int(5, 6), low)),
    ],
  },
  'an optional': {
    type: optional(low),
    values: [some(lowOf(3, few), optional(low)), some(lowOf(1, few), optional(low)), zero(optional(low))],
  },
  'an optional of a union': {
    type: optional(either),
    values: [
      some(oneCase('few', { n: num(2) }, either), optional(either)),
      some(oneCase('many', { n: num(1), s: few }, either), optional(either)),
      zero(optional(either)),
    ],
  },
  'a record of 65 bits': {
    type: record('edge', { n: int(7, 8), s: word }),
    values: [1, 2, 3].map((k) =>
      aRecord({ n: num(7 + (k % 2)), s: few }, record('edge', { n: int(7, 8), s: word })),
    ) as [Expression, Expression, Expression],
  },
  'a record that just fits': {
    type: record('fits', { n: int(7, 8), s: setOf(int(0, 62)) }),
    values: [7, 8, 7].map((n) =>
      aRecord({ n: num(n), s: zero(setOf(int(0, 62))) }, record('fits', { n: int(7, 8), s: setOf(int(0, 62)) })),
    ) as [Expression, Expression, Expression],
  },
}

describe.each(Object.entries(types))('%s', (_, { type, values: [one, two, three] }) => {
  const box = record('box', { inside: type, flag: bool }),
    rows = array(int(2, 3), type),
    maybe = optional(box),
    queue = queueOf(type, 2),
    cases = union('cases', { none: {}, some: { it: type } })
  const boxOf = (of: Expression): Expression => aRecord({ inside: of, flag: yes }, box)
  const c = shared('c'),
    x = shared('x'),
    y = shared('y')
  const other: Expression = { kind: 'not', of: c }
  /** Two things of the same type, one of which is taken. */
  const of = (make: (v: Expression) => Expression): Expression => cond(c, make(x), make(y))
  const sources: readonly Expression[] = [
    // one of two variables
    of((v) => v),
    // one of a variable and what is new
    cond(c, x, two),
    // one of one of two
    cond(
      other,
      cond(c, x, y),
      of((v) => v),
    ),
    // a field of one of two
    field(of(boxOf), 'inside'),
    // a field of one of two variables
    field(cond(c, shared('b'), boxOf(y)), 'inside'),
    // a cell of one of two
    at(
      of((v) => fill(v, rows)),
      num(3),
    ),
    // a cell of one of two variables
    at(cond(c, shared('a'), fill(y, rows)), cond(c, num(2), num(3))),
    // the value of one of two
    field(value(of((v) => some(boxOf(v), maybe))), 'inside'),
    // the head of one of two
    cond(c, x, head(cond(other, shared('q'), zero(queue)))),
    // the payload of one of two
    payload(
      of((v) => oneCase('some', { it: v }, cases)),
      'it',
    ),
  ]
  const uses: readonly (readonly [string, (v: Expression) => readonly Statement[]])[] = [
    ['assigned', (v) => [assign(shared('z'), v)]],
    [
      'assigned to a part',
      (v) => [assign(field(shared('b'), 'inside'), v), assign(at(shared('a'), cond(c, num(2), num(3))), v)],
    ],
    ['kept in a local', (v) => [assign(local(1), v), assign(shared('z'), local(1))]],
    [
      'bound',
      (v) => [
        statement({
          kind: 'if',
          condition: c,
          then: { binds: [{ local: 1, value: v }], body: [assign(shared('z'), local(1))] },
          otherwise: arm(),
        }),
      ],
    ],
    [
      'pushed, and taken out again',
      (v) => [
        statement({ kind: 'push', target: shared('q'), value: v }),
        statement({ kind: 'discard', target: shared('q'), value: v }),
        statement({ kind: 'push', target: shared('q'), value: v }),
        statement({ kind: 'pop', target: shared('q') }),
      ],
    ],
    [
      'a part of what is new',
      (v) => [
        assign(shared('b'), boxOf(v)),
        assign(shared('a'), fill(v, rows)),
        assign(shared('o'), some(boxOf(v), maybe)),
        assign(shared('u'), oneCase('some', { it: v }, cases)),
      ],
    ],
    [
      'within one step',
      (v) => [
        step(
          assign(shared('z'), v),
          assign(x, y),
          assign(y, shared('z')),
          when(binary(v, '==', y), [assign(shared('z'), x)], [assign(x, v)]),
        ),
      ],
    ],
    [
      'compared',
      (v) => [
        step(assert('same', binary(v, '==', cond(c, v, v))), when(binary(v, '==', two), [assign(shared('z'), v)])),
      ],
    ],
  ]
  const variables = [
    variable('c', bool),
    variable('x', type, one),
    variable('y', type, three),
    variable('z', type, two),
    variable('b', box, boxOf(two)),
    variable('a', rows, fill(two, rows)),
    variable('o', maybe),
    variable('q', queue),
    variable('u', cases),
  ]
  const properties = [
    { name: 'same', kind: 'assertion' },
    { name: 'met', kind: 'sometimes', condition: binary(shared('z'), '==', one) },
    ...['z', 'b', 'a', 'o', 'q', 'u'].map(
      (name) =>
        ({
          name: `${name} is itself`,
          kind: 'invariant',
          condition: binary(shared(name), '==', shared(name)),
        }) as const,
    ),
    {
      name: 'changed',
      kind: 'transition',
      condition: binary(
        { kind: 'before', of: of((v) => v) },
        '==',
        of((v) => v),
      ),
    },
  ] as const
  test.each(uses)('%s', async (_use, use) => {
    const body = [
      choose(0),
      step(
        when(binary(local(0), '==', num(1)), [assign(y, two)]),
        when(binary(local(0), '==', num(2)), [assign(c, yes)]),
        statement({ kind: 'push', target: shared('q'), value: y }),
      ),
      ...sources.flatMap((source) => use(source)),
      assign(c, no),
    ]
    await agree(configured({ variables, threads: [{ locals: [int(0, 2), type], body }], properties }))
  })
})
