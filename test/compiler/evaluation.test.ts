/**
 * Expressions and statements on values that are large, absent, negative or at the edge of their domain: compiled and
 * interpreted they mean the same.
 */
import { describe, expect, test } from 'vitest'
import type { ConfiguredModel, Expression, Statement, Type, Variable } from '../../src/language/ast.ts'
import {
  array,
  arm,
  assert,
  assign,
  at,
  back,
  binary,
  bool,
  call,
  choose,
  configured,
  cover,
  either,
  field,
  forEach,
  goto,
  id,
  int,
  label,
  literal,
  local,
  loop,
  no,
  not,
  num,
  oneOf,
  optional,
  queueOf,
  record,
  setOf,
  shared,
  some,
  statement,
  step,
  thread,
  union,
  variable,
  wait,
  when,
  yes,
  zero,
} from '../support/ast.ts'
import { agree, said } from '../support/engine.ts'

// Types of more than a word.
const cellsOf = array(int(0, 15), int(0, 31))
const big = record('big', { cells: cellsOf, flag: bool })
const bigUnion = union('large', { none: {}, small: { n: int(-2, 5) }, large: { big, n: int(0, 7) } })
const bigQueue = queueOf(big, 2)
const grid = array(int(0, 2), array(int(-1, 1), big))

const value = (of: Expression): Expression => ({ kind: 'value', of })
const isSome = (of: Expression): Expression => ({ kind: 'isSome', of })
const head = (of: Expression): Expression => ({ kind: 'head', of })
const size = (of: Expression): Expression => ({ kind: 'size', of })
const payload = (of: Expression, tag: string, name: string): Expression => ({ kind: 'payload', of, tag, name })
const isCase = (of: Expression, tag: string): Expression => ({ kind: 'isCase', of, tag })
const cond = (condition: Expression, then: Expression, otherwise: Expression): Expression => ({
  kind: 'conditional',
  condition,
  then,
  otherwise,
})
const fill = (of: Expression, type: Type): Expression => ({ kind: 'fill', of, type })
const aBig = (cell: Expression, flag: Expression): Expression => ({
  kind: 'record',
  fields: { cells: fill(cell, cellsOf), flag },
  type: big,
})
const aCase = (tag: string, fields: Record<string, Expression>): Expression => ({
  kind: 'case',
  tag,
  fields,
  type: bigUnion,
})
const quantified = (quantifier: 'every' | 'some' | 'count', over: Type, body: Expression): Expression => ({
  kind: 'quantified',
  quantifier,
  bound: 7,
  name: 'i',
  over,
  body,
})
const elements = (quantifier: 'every' | 'some' | 'count', of: Expression, body: Expression): Expression => ({
  kind: 'elements',
  quantifier,
  bound: 8,
  of,
  body,
})
const i: Expression = { kind: 'bound', id: 7 },
  e: Expression = { kind: 'bound', id: 8 }
const set = (kind: 'insert' | 'remove', target: string, x: Expression): Statement =>
  statement({ kind, target: shared(target), value: x })
const queue = (kind: 'push' | 'discard', target: string, x: Expression): Statement =>
  statement({ kind, target: shared(target), value: x })
const pop = (target: string): Statement => statement({ kind: 'pop', target: shared(target) })

/** n is 5, opt and optBig are none, q and bigQ are empty, u is none. */
const variables: readonly Variable[] = [
  variable('n', int(-9, 9), num(5)),
  variable('opt', optional(int(0, 3))),
  variable('optBig', optional(big)),
  variable('optSet', optional(setOf(int(0, 3)))),
  variable('q', queueOf(int(0, 3), 2)),
  variable('bigQ', bigQueue),
  variable('u', bigUnion),
  variable('grid', grid),
  variable('one', array(int(0, 0), big)),
  variable('unit', array(int(0, 1), int(3, 3))),
  variable('low', int(-7, -2)),
  variable('s', setOf(int(-2, 2))),
  variable('w', int(-3, 2, 'wrap')),
  variable('sat', int(-3, 2, 'saturate')),
  variable('full', setOf(int(0, 63))),
  variable('word', array(int(0, 63), bool)),
  variable('colour', oneOf('red', 'green')),
  variable('far', array(int(0, 3), array(int(1, 3), int(0, 1)))),
]
const n = shared('n')
const opt = shared('opt')
const optBig = shared('optBig')
const optSet = shared('optSet')
const q = shared('q')
const bigQ = shared('bigQ')
const u = shared('u')
const grids = shared('grid')
const one = shared('one')
const unit = shared('unit')
const low = shared('low')
const s = shared('s')
const w = shared('w')
const sat = shared('sat')
const full = shared('full')
const word = shared('word')

/** Another thread, that changes every variable once: so that none is taken for a constant. */
const stirring: readonly Statement[] = [
  step(
    assign(n, num(2)),
    assign(opt, some(num(2), optional(int(0, 3)))),
    assign(optBig, some(aBig(num(3), yes), optional(big))),
    assign(optSet, some({ kind: 'all', type: setOf(int(0, 3)) }, optional(setOf(int(0, 3))))),
    queue('push', 'q', num(2)),
    queue('push', 'bigQ', aBig(num(4), yes)),
    assign(u, aCase('large', { big: aBig(num(5), yes), n: num(3) })),
    assign(at(at(grids, num(0)), num(0)), aBig(num(6), yes)),
    assign(at(one, num(0)), aBig(num(7), yes)),
    assign(at(unit, num(1)), num(3)),
    assign(low, num(-3)),
    set('insert', 's', num(-1)),
    assign(w, num(-2)),
    assign(sat, num(-2)),
    set('insert', 'full', num(63)),
    assign(at(word, num(63)), yes),
    assign(shared('colour'), literal('green', oneOf('red', 'green'))),
  ),
]
const stirred = (model: ConfiguredModel): ConfiguredModel => ({
  ...model,
  threads: [...model.threads, thread({ name: 'other', body: stirring })],
  instances: [...model.instances, { name: 'other', thread: model.threads.length }],
  sizes: { ...model.sizes, Thread: model.instances.length + 1 },
})

const fails = 'domain error'
const conditions: readonly (readonly [string, Expression, boolean | typeof fails])[] = [
  // failures that a shorter way of reckoning would miss
  ['a comparison with what the type does not have', binary(value(opt), '==', num(7)), fails],
  ['has, of a set in none', binary(value(optSet), 'has', binary(n, '+', num(0))), fails],
  ['has, of an empty queue, with a failing element', binary(q, 'has', value(opt)), fails],
  [
    'equality of large values, the first parts of which differ',
    binary(some(aBig(num(1), yes), optional(big)), '==', some(aBig(value(opt), yes), optional(big))),
    fails,
  ],
  ['isSome of a large value that fails', isSome(some(aBig(head(q), yes), optional(big))), fails],
  ['a field beside one that fails', field(aBig(head(q), yes), 'flag'), fails],
  ['an index outside an array of one cell', field(at(one, n), 'flag'), fails],
  ['an index outside cells without bits', binary(at(unit, n), '==', num(3)), fails],
  ['an index below', binary(field(at(at(grids, num(0)), binary(num(0), '-', num(2))), 'flag'), '==', yes), fails],
  [
    'an index outside, by a number that may be missing',
    binary(
      at(
        at(shared('far'), value(some(binary(n, '-', num(3)), optional(int(0, 3))))),
        binary(value(some(binary(n, '-', num(3)), optional(int(0, 3)))), '+', num(2)),
      ),
      '==',
      num(0),
    ),
    fails,
  ],
  [
    'an index inside, by a number that may be missing',
    binary(
      at(
        at(shared('far'), value(some(binary(n, '-', num(4)), optional(int(0, 3))))),
        binary(value(some(binary(n, '-', num(4)), optional(int(0, 3)))), '+', num(1)),
      ),
      '==',
      num(0),
    ),
    true,
  ],
  ['a payload of another case', binary(payload(u, 'small', 'n'), '==', num(0)), fails],
  ['a large payload of another case', field(payload(u, 'large', 'big'), 'flag'), fails],
  ['none behind none', binary(value(some(value(opt), optional(int(0, 3)))), '==', num(0)), fails],
  ['the head of an empty queue of large values', field(head(bigQ), 'flag'), fails],
  ['a number too large for a new optional', isSome(some(binary(n, '+', num(3)), optional(int(0, 3)))), fails],
  [
    'a sum of truths, one of which fails',
    binary(quantified('count', int(0, 2), binary(value(opt), '==', i)), '>=', num(0)),
    fails,
  ],
  [
    'a failing condition of a choice of equals',
    binary(cond(binary(value(opt), '==', num(0)), num(1), num(1)), '==', num(1)),
    fails,
  ],
  // failures that are never come to
  ['and, decided by the left', binary(isSome(opt), 'and', binary(value(opt), '==', num(0))), false],
  ['or, decided by the left', binary(not(isSome(opt)), 'or', binary(value(opt), '==', num(0))), true],
  ['and, decided by the right', binary(binary(value(opt), '==', num(0)), 'and', isSome(opt)), fails],
  ['the side not taken', binary(cond(isSome(opt), value(opt), num(2)), '==', num(2)), true],
  ['the large side not taken', field(cond(isSome(optBig), value(optBig), aBig(num(3), yes)), 'flag'), true],
  [
    'every, decided before it fails',
    quantified(
      'every',
      int(0, 3),
      binary(binary(i, '<', num(2)), 'and', binary(cond(binary(i, '==', num(3)), value(opt), num(0)), '==', num(0))),
    ),
    false,
  ],
  [
    'some, decided before it fails',
    quantified(
      'some',
      int(0, 3),
      binary(binary(i, '==', num(1)), 'or', binary(cond(binary(i, '==', num(3)), value(opt), num(0)), '==', num(9))),
    ),
    true,
  ],
  ['every, of no element', elements('every', q, binary(value(opt), '==', e)), true],
  ['some, of no element', elements('some', bigQ, field(e, 'flag')), false],
  // numbers
  ['a zero that is not in range is the low end', binary(low, '==', num(-7)), true],
  ['a zero below which there are numbers', binary(w, '==', num(0)), true],
  ['a number below a set', binary(s, 'has', num(-3)), false],
  ['a number above a set', binary(s, 'has', n), false],
  ['a difference below zero', binary(binary(low, '-', n), '<', num(-11)), true],
  ['the rest of a number below zero', binary(binary(low, '%', num(4)), '==', num(1)), true],
  [
    'the rest of what may be below zero',
    binary(binary(binary(n, '-', num(9)), '%', num(5)), '==', binary(binary(n, '+', num(1)), '%', num(5))),
    true,
  ],
  [
    'bits that both have',
    binary(binary(num(6), '&', binary(n, '+', num(3))), '==', binary(binary(n, '+', num(3)), '&', num(6))),
    true,
  ],
  ['bits that one has', binary(binary(n, '|', num(8)), '==', binary(n, '+', num(8))), true],
  ['bits without others', binary(binary(binary(n, '|', num(8)), '&~', num(8)), '==', n), true],
  ['sizes', binary(binary(size(s), '+', size(full)), '==', size(q)), true],
  ['an enum', binary(shared('colour'), '==', literal('red', oneOf('red', 'green'))), true],
  ['large values that are equal', binary(at(grids, num(0)), '==', at(grids, num(2))), true],
  ['unions that are equal', binary(u, '==', aCase('none', {})), true],
  ['unions that are not', binary(u, '==', aCase('small', { n: num(-2) })), false],
  ['optionals that are not', binary(optBig, '==', some(aBig(num(0), no), optional(big))), false],
  ['a bit of 64', binary(at(word, num(63)), 'or', binary(full, 'has', num(63))), false],
  ['all of 64', binary({ kind: 'all', type: setOf(int(0, 63)) }, 'has', binary(n, '+', num(58))), true],
]

describe.each(conditions)('%s', (_, condition, expected) => {
  const model = configured({
    variables,
    threads: [{ body: [step(assert('assertion', condition))] }],
    properties: [
      { name: 'assertion', kind: 'assertion' },
      { name: 'sometimes', kind: 'sometimes', condition },
      { name: 'invariant', kind: 'invariant', condition },
      { name: 'transition', kind: 'transition', condition },
    ],
  })
  test(String(expected), async () => {
    const judged = (await said(model)).properties
    expect(judged).toEqual(
      expected === true
        ? { assertion: 'holds', sometimes: 'holds in 0', invariant: 'holds', transition: 'holds' }
        : expected === false
          ? {
              assertion: 'violated in 1',
              sometimes: 'violated',
              invariant: 'violated in 0',
              transition: 'violated in 1',
            }
          : {
              assertion: 'violated in 1',
              sometimes: 'violated',
              invariant: 'violated in 0',
              transition: 'violated in 1',
            },
    )
    await agree(model)
    await agree(stirred(model))
  })
})

const three = aBig(num(3), yes)
/** Steps, one after the other, on the same variables; what is true at the end. */
const bodies: readonly (readonly [string, readonly Statement[], Expression])[] = [
  [
    'a large value copied whole',
    [
      assign(at(grids, num(1)), at(grids, num(2))),
      assign(at(at(grids, num(2)), num(-1)), three),
      assign(at(at(grids, num(1)), num(1)), at(at(grids, num(2)), num(-1))),
    ],
    binary(at(at(grids, num(1)), num(1)), '==', three),
  ],
  [
    'cells by an index that is reckoned',
    [assign(at(field(at(at(grids, binary(n, '-', num(3))), num(0)), 'cells'), binary(n, '+', n)), num(17))],
    binary(at(field(at(at(grids, num(2)), num(0)), 'cells'), num(10)), '==', num(17)),
  ],
  [
    'a large optional',
    [
      assign(optBig, some(three, optional(big))),
      assign(at(at(grids, num(0)), num(0)), value(optBig)),
      assign(optBig, zero(optional(big))),
    ],
    binary(binary(optBig, '==', zero(optional(big))), 'and', field(at(at(grids, num(0)), num(0)), 'flag')),
  ],
  [
    'a large union, case by case',
    [
      assign(u, aCase('large', { big: three, n: num(7) })),
      assign(n, payload(u, 'large', 'n')),
      assign(u, aCase('small', { n: num(-2) })),
    ],
    binary(binary(n, '==', num(7)), 'and', binary(payload(u, 'small', 'n'), '==', num(-2))),
  ],
  [
    'a union that is none again leaves nothing',
    [assign(u, aCase('large', { big: three, n: num(7) })), assign(u, aCase('none', {}))],
    binary(u, '==', zero(bigUnion)),
  ],
  [
    'a queue of large values',
    [
      queue('push', 'bigQ', three),
      queue('push', 'bigQ', aBig(num(9), no)),
      pop('bigQ'),
      assign(at(one, num(0)), head(bigQ)),
      pop('bigQ'),
    ],
    binary(binary(at(one, num(0)), '==', aBig(num(9), no)), 'and', binary(size(bigQ), '==', num(0))),
  ],
  [
    'what is taken from the middle of a queue',
    [
      queue('push', 'q', num(2)),
      queue('push', 'q', num(3)),
      queue('discard', 'q', num(2)),
      queue('discard', 'q', num(1)),
    ],
    binary(binary(head(q), '==', num(3)), 'and', binary(size(q), '==', num(1))),
  ],
  [
    'a large element taken from a queue',
    [queue('push', 'bigQ', three), queue('push', 'bigQ', aBig(num(9), no)), queue('discard', 'bigQ', three)],
    binary(head(bigQ), '==', aBig(num(9), no)),
  ],
  [
    'an emptied queue is as at first',
    [queue('push', 'q', num(2)), queue('push', 'q', num(3)), queue('discard', 'q', num(3)), pop('q')],
    binary(q, '==', zero(queueOf(int(0, 3), 2))),
  ],
  ['a full queue', [queue('push', 'q', num(2)), queue('push', 'q', num(3)), queue('push', 'q', num(1))], yes],
  ['an empty queue', [pop('bigQ')], yes],
  ['a number round below', [assign(w, num(-4)), assign(w, binary(w, '-', num(6)))], binary(w, '==', num(2))],
  ['a number round above', [assign(w, num(3)), assign(w, binary(w, '+', num(12)))], binary(w, '==', num(-3))],
  [
    'a number that stays at the ends',
    [assign(sat, num(-9)), assign(n, sat), assign(sat, binary(sat, '+', num(9)))],
    binary(binary(n, '==', num(-3)), 'and', binary(sat, '==', num(2))),
  ],
  ['a number outside', [assign(low, binary(low, '-', num(1)))], yes],
  ['a number outside, above', [assign(low, n)], yes],
  ['a set with a number outside', [set('insert', 's', num(-3))], yes],
  [
    'out of a set what cannot be in it',
    [set('insert', 's', num(-2)), set('remove', 's', num(-9)), set('remove', 's', n)],
    binary(s, 'has', num(-2)),
  ],
  [
    'the first and the last of a set of 64',
    [set('insert', 'full', num(0)), set('insert', 'full', num(63)), set('remove', 'full', num(0))],
    binary(binary(size(full), '==', num(1)), 'and', binary(full, 'has', num(63))),
  ],
  [
    'every bit of a word',
    [assign(at(word, num(63)), yes), assign(at(word, binary(n, '+', num(58))), no), assign(at(word, n), yes)],
    binary(quantified('count', int(0, 63), at(word, i)), '==', num(1)),
  ],
  [
    'a match of a single case that fails',
    [statement({ kind: 'match', of: value(shared('lone')), arms: { only: arm(assign(n, num(1))) } })],
    yes,
  ],
  [
    'a match with only a rest that fails',
    [statement({ kind: 'match', of: value(shared('lone')), arms: {}, otherwise: arm(assign(n, num(1))) })],
    yes,
  ],
  [
    'both sides of a test meet',
    [
      step(
        when(
          isSome(opt),
          [assign(n, value(opt))],
          [assign(opt, some(num(2), optional(int(0, 3)))), assign(n, value(opt))],
        ),
        assign(w, value(opt)),
      ),
    ],
    binary(n, '==', num(2)),
  ],
  [
    'what a test told is forgotten when it changes',
    [
      assign(opt, some(num(2), optional(int(0, 3)))),
      step(wait(isSome(opt)), assign(opt, zero(optional(int(0, 3)))), assign(n, value(opt))),
    ],
    yes,
  ],
  [
    'what a test told of a cell is forgotten when another index means the same',
    [
      step(
        wait(isCase(u, 'none')),
        assign(u, aCase('small', { n: num(1) })),
        assign(n, payload(u, 'small', 'n')),
        wait(isCase(u, 'small')),
        assign(u, aCase('none', {})),
        assign(n, payload(u, 'small', 'n')),
      ),
    ],
    yes,
  ],
  [
    'fields of one word in turn',
    [
      step(
        assign(at(word, num(0)), yes),
        assign(word, fill(no, array(int(0, 63), bool))),
        assign(at(word, num(1)), at(word, num(0))),
        assign(at(word, num(2)), not(at(word, num(1)))),
      ),
    ],
    binary(quantified('count', int(0, 63), at(word, i)), '==', num(1)),
  ],
]

describe.each(bodies)('%s', (_, body, condition) => {
  const model = configured({
    variables: [...variables, variable('lone', optional(union('lone', { only: { x: bool } })))],
    threads: [{ body }],
    properties: [
      { name: 'end', kind: 'sometimes', condition },
      {
        name: 'large',
        kind: 'sometimes',
        condition: binary(
          binary(u, '!=', u),
          'or',
          binary(binary(grids, '!=', grids), 'or', binary(isSome(shared('lone')), 'or', isSome(optBig))),
        ),
      },
    ],
  })
  test('step by step', async () => {
    await agree(model)
    await agree(stirred(model))
    const { properties } = await said(model)
    expect(properties['domain'] !== undefined || properties['end']?.startsWith('holds')).toBe(true)
  })
  test('in one step', async () => {
    await agree({ ...model, threads: [thread({ name: 't0', body: [step(...body)] })] })
  })
})

describe('control inside and outside steps', () => {
  const rounds: readonly (readonly [string, readonly Statement[]])[] = [
    [
      'jumps out of a step',
      [
        label(1),
        step(
          choose(0),
          when(binary(local(0), '==', num(1)), [goto(1)]),
          when(binary(local(0), '==', num(2)), [back]),
          assign(n, local(0)),
        ),
        assign(n, num(7)),
      ],
    ],
    [
      'returns inside a step',
      [
        step(
          call(true, choose(0), when(binary(local(0), '==', num(1)), [back]), assign(n, local(0))),
          assign(w, local(0)),
        ),
      ],
    ],
    ['elements in every order', [forEach(1, 2, id('A'), choose(0), assign(n, local(0)))]],
    [
      'elements in a step',
      [step(forEach(1, 2, id('A'), choose(0), either([assign(n, local(0))], [assign(w, local(0))])))],
    ],
    ['an empty sort', [forEach(3, 4, id('None'), assign(n, num(1))), assign(n, num(2))]],
    [
      'a choice among many',
      [
        step(
          choose(5, binary(binary(local(5), '>', num(40)), 'and', binary(local(5), '<', num(60)))),
          assign(full, zero(setOf(int(0, 63)))),
          set('insert', 'full', local(5)),
        ),
      ],
    ],
    [
      'a choice whose condition fails for one',
      [
        choose(0, binary(cond(binary(local(0), '==', num(2)), value(opt), local(0)), '==', num(0))),
        assign(n, local(0)),
      ],
    ],
    ['a choice of optionals', [choose(6), when(isSome(local(6)), [assign(n, value(local(6)))])]],
    [
      'covers of what was chosen',
      [
        step(
          choose(0),
          either([cover('seen', binary(local(0), '==', num(2)))], [assign(n, local(0))]),
          cover('both', binary(n, '==', num(2))),
        ),
      ],
    ],
    [
      'rounds that are left by what was chosen',
      [
        loop(
          1,
          choose(0),
          when(binary(local(0), '==', num(0)), [statement({ kind: 'break', loop: 1 })]),
          when(binary(local(0), '==', num(1)), [statement({ kind: 'continue', loop: 1 })]),
          assign(n, local(0)),
        ),
      ],
    ],
  ]
  test.each(rounds)('%s', async (_, body) => {
    await agree(
      configured({
        sizes: { A: 3, None: 0 },
        variables,
        threads: [
          {
            body,
            locals: [
              int(0, 2),
              id('A'),
              setOf(id('A')),
              id('None'),
              setOf(id('None')),
              int(0, 99),
              optional(int(0, 1)),
            ],
          },
          { body: [assign(n, num(3))] },
        ],
        properties: [
          { name: 'n', kind: 'invariant', condition: binary(n, '!=', num(2)) },
          { name: 'w', kind: 'sometimes', condition: binary(w, '==', num(2)) },
          { name: 'seen', kind: 'sometimes' },
          { name: 'both', kind: 'sometimes' },
          { name: 'deadlock', kind: 'deadlock' },
          { name: 'full', kind: 'sometimes', condition: binary(full, 'has', num(63)) },
        ],
      }),
    )
  })
})
