/** What each kind of expression is worth: every kind, its domain errors, what is not evaluated. */
import { List, Map, Set } from 'immutable'
import { describe, expect, test } from 'vitest'
import type { Expression, Type } from '../../src/language/ast.ts'
import { evaluate, holdsInDomain, write } from '../../src/semantics/evaluate.ts'
import type { Scope } from '../../src/semantics/evaluate.ts'
import { Case, DomainError, fitDomain, plain, valuesOf, zero as zeroOf } from '../../src/semantics/values.ts'
import type { Value } from '../../src/semantics/values.ts'
import {
  array,
  at,
  binary,
  bool,
  bound,
  current,
  field,
  id,
  int,
  literal,
  local,
  no,
  not,
  num,
  oneOf,
  optional,
  queueOf,
  record,
  self,
  setOf,
  shared,
  some,
  union,
  yes,
  zero,
} from '../support/ast.ts'

const sizes = { Page: 3, Thread: 2 }
const digit = int(0, 9)
const pte = union('pte', { none: {}, present: { page: id('Page'), write: bool } })
const point = record('point', { x: int(0, 9), y: int(1, 4) })
const present: Expression = {
  kind: 'case',
  tag: 'present',
  fields: { page: literal(2, id('Page')), write: yes },
  type: pte,
}

const parts = (values: Record<string, Value>): Map<Value, Value> => Map(Object.entries(values))

const scope: Scope = {
  sizes,
  values: (type) => valuesOf(sizes, type),
  shared: Map(
    Object.entries<Value>({
      n: 5,
      cells: Map<Value, Value>([
        [0, 7],
        [1, 8],
      ]),
      set: Set([1, 2]),
      queue: List([3, 1, 3]),
      nothing: null,
      something: 4,
      pte: Case({ tag: 'present', fields: parts({ page: 2, write: true }) }),
      empty: List(),
      maybe: List([null, 1]),
      point: parts({ x: 1, y: 2 }),
      byColour: parts({ red: 1, green: 2 }),
    }),
  ),
  locals: Map([[0, 6]]),
  bound: Map([[9, 1]]),
  current: 1,
  self: 2,
}
/** An expression that must not be evaluated. */
const bad: Expression = { kind: 'value', of: shared('nothing') }
const badBool = binary(bad, '==', num(0))
const quantified = (quantifier: 'every' | 'some' | 'count', over: Type, body: Expression): Expression => ({
  kind: 'quantified',
  quantifier,
  bound: 0,
  name: 'i',
  over,
  body,
})
const elements = (quantifier: 'every' | 'some' | 'count', body: Expression): Expression => ({
  kind: 'elements',
  quantifier,
  bound: 0,
  of: shared('queue'),
  body,
})
const isOne = binary(bound(0), '==', num(1))

const worth: readonly (readonly [string, Expression, unknown])[] = [
  ['literal', num(-3), -3],
  ['literal of an enum', literal('red', oneOf('red', 'green')), 'red'],
  ['zero', zero(bool), false],
  ['all', { kind: 'all', type: setOf(id('Page')) }, [0, 1, 2]],
  ['some', some(num(3), optional(digit)), 3],
  ['some that wraps', some(num(5), optional(int(0, 3, 'wrap'))), 1],
  ['record', { kind: 'record', fields: { x: num(1), y: num(4) }, type: point }, { x: 1, y: 4 }],
  ['case', present, { is: 'present', fields: { page: 2, write: true } }],
  ['fill', { kind: 'fill', of: num(9), type: array(bool, digit) }, [9, 9]],
  ['shared', shared('n'), 5],
  ['shared that is none', shared('nothing'), null],
  ['local', local(0), 6],
  ['self', self, 2],
  ['current', current, 1],
  ['bound', bound(9), 1],
  ['field', field(shared('point'), 'y'), 2],
  ['index', at(shared('cells'), num(1)), 8],
  ['index by an enum', at(shared('byColour'), literal('green', oneOf('red', 'green'))), 2],
  ['isSome', { kind: 'isSome', of: shared('something') }, true],
  ['isSome of none', { kind: 'isSome', of: shared('nothing') }, false],
  ['value', { kind: 'value', of: shared('something') }, 4],
  ['isCase', { kind: 'isCase', of: shared('pte'), tag: 'present' }, true],
  ['isCase of another', { kind: 'isCase', of: shared('pte'), tag: 'none' }, false],
  ['payload', { kind: 'payload', of: shared('pte'), tag: 'present', name: 'page' }, 2],
  ['not', not(yes), false],
  ['==', binary(shared('pte'), '==', present), true],
  ['== of an optional and none', binary(shared('something'), '==', zero(optional(digit))), false],
  ['!=', binary(shared('pte'), '!=', zero(pte)), true],
  ['<', binary(num(1), '<', num(1)), false],
  ['<=', binary(num(1), '<=', num(1)), true],
  ['>', binary(num(2), '>', num(1)), true],
  ['>=', binary(num(0), '>=', num(1)), false],
  ['+ over the integers', binary(num(9), '+', num(9)), 18],
  ['- over the integers', binary(num(0), '-', num(9)), -9],
  ['% of a number below 0', binary(num(-7), '%', num(4)), 1],
  ['%', binary(num(7), '%', num(4)), 3],
  ['&', binary(num(6), '&', num(3)), 2],
  ['|', binary(num(6), '|', num(3)), 7],
  ['&~', binary(num(6), '&~', num(3)), 4],
  ['and', binary(yes, 'and', no), false],
  ['and that is decided', binary(no, 'and', badBool), false],
  ['or', binary(no, 'or', yes), true],
  ['or that is decided', binary(yes, 'or', badBool), true],
  ['has in a set', binary(shared('set'), 'has', num(2)), true],
  ['has in a queue', binary(shared('queue'), 'has', num(2)), false],
  ['has outside the type', binary(shared('set'), 'has', num(99)), false],
  ['conditional', { kind: 'conditional', condition: yes, then: num(1), otherwise: bad }, 1],
  ['conditional, the other side', { kind: 'conditional', condition: no, then: bad, otherwise: num(2) }, 2],
  ['size of a set', { kind: 'size', of: shared('set') }, 2],
  ['size of a queue', { kind: 'size', of: shared('queue') }, 3],
  ['head', { kind: 'head', of: shared('queue') }, 3],
  ['a head that is none', { kind: 'head', of: shared('maybe') }, null],
  ['every', quantified('every', int(0, 2), binary(bound(0), '<', num(3))), true],
  ['every, stopped by a false', quantified('every', int(0, 2), binary(isOne, 'and', badBool)), false],
  ['every of nothing', quantified('every', int(1, 0), badBool), true],
  [
    'some of a type',
    quantified('some', int(0, 2), binary(isOne, 'or', binary(binary(bound(0), '>', num(1)), 'and', badBool))),
    true,
  ],
  ['some of nothing', quantified('some', int(1, 0), badBool), false],
  ['count', quantified('count', id('Page'), binary(bound(0), '>', num(0))), 2],
  ['every element', elements('every', binary(bound(0), '>', num(1))), false],
  ['some element', elements('some', isOne), true],
  ['count of elements, equal ones each', elements('count', binary(bound(0), '==', num(3))), 2],
]

test.each(worth)('%s', (_name, expression, expected) => {
  expect(json(evaluate(scope, expression))).toEqual(expected)
})

const outside: readonly (readonly [string, Expression])[] = [
  ['the value of none', bad],
  ['a case that is not there', { kind: 'payload', of: zero(pte), tag: 'present', name: 'page' }],
  ['an index below', at(shared('cells'), num(-1))],
  ['an index above', at(shared('cells'), num(2))],
  ['the head of an empty queue', { kind: 'head', of: shared('empty') }],
  ['and whose left side does not decide', binary(yes, 'and', badBool)],
  ['a part of a record', { kind: 'record', fields: { x: num(1), y: num(0) }, type: point }],
  ['a part of an optional', some(num(10), optional(digit))],
  ['every cell', { kind: 'fill', of: num(10), type: array(bool, digit) }],
  ['a count that goes on behind a true', quantified('count', bool, badBool)],
]

test.each(outside)('outside the domain: %s', (_name, expression) => {
  expect(() => evaluate(scope, expression)).toThrow(DomainError)
  expect(holdsInDomain(scope, binary(expression, '==', expression))).toBe(false)
})

test('before is the state before, everything around it after', () => {
  const both = { ...scope, before: { ...scope, shared: scope.shared.set('n', 4) } }
  expect(evaluate(both, binary(shared('n'), '-', { kind: 'before', of: shared('n') }))).toBe(1)
  expect(
    evaluate(both, quantified('count', int(0, 9), { kind: 'before', of: binary(bound(0), '<', shared('n')) })),
  ).toBe(4)
})

test('a write changes one place and nothing else', () => {
  const written = write(scope, at(shared('cells'), num(1)), 0)
  expect(json(written.shared.get('cells') ?? null)).toEqual([7, 0])
  expect(written.shared.delete('cells').equals(scope.shared.delete('cells'))).toBe(true)
  expect(() => write(scope, at(shared('cells'), num(2)), 0)).toThrow(DomainError)
  expect(json(write(scope, field(shared('point'), 'x'), 9).shared.get('point') ?? null)).toEqual({ x: 9, y: 2 })
})

describe('types', () => {
  test.each<readonly [string, Type, unknown]>([
    ['bool', bool, false],
    ['int', int(-2, 2), 0],
    ['int without 0', int(3, 5), 3],
    ['int below 0', int(-5, -3), -5],
    ['enum', oneOf('b', 'a'), 'b'],
    ['id', id('Page'), 0],
    ['optional', optional(bool), null],
    ['record', point, { x: 0, y: 1 }],
    ['union', pte, { is: 'none', fields: {} }],
    ['array', array(oneOf('a', 'b'), int(1, 2)), [1, 1]],
    ['set', setOf(bool), []],
    ['queue', queueOf(bool, 2), []],
  ])('zero of %s', (_name, type, expected) => {
    expect(plain(sizes, type, zeroOf(sizes, type))).toEqual(expected)
  })
  test.each<readonly [string, Type, unknown]>([
    ['bool', bool, [false, true]],
    ['int', int(-1, 1), [-1, 0, 1]],
    ['enum, as declared', oneOf('b', 'a'), ['b', 'a']],
    ['id', id('Page'), [0, 1, 2]],
    ['optional, none first', optional(bool), [null, false, true]],
  ])('the values of %s in order', (_name, type, expected) => {
    expect(valuesOf(sizes, type)).toEqual(expected)
  })
  test.each([
    ['wrap', 4, 0],
    ['wrap', -1, 3],
    ['wrap', 9, 1],
    ['saturate', 4, 3],
    ['saturate', -7, 0],
    ['error', 3, 3],
  ] as const)('%s: %i is stored as %i in 0..3', (overflow, value, stored) => {
    expect(fitDomain(int(0, 3, overflow), value)).toBe(stored)
  })
  test('a range that wraps need not begin at 0', () => {
    expect([0, 1, 2, 5, 6].map((value) => fitDomain(int(2, 4, 'wrap'), value))).toEqual([3, 4, 2, 2, 3])
  })
  test('a set is listed in the order of its type', () => {
    expect(plain(sizes, setOf(oneOf('b', 'a')), Set(['a', 'b']))).toEqual(['b', 'a'])
  })
})

/** Values as JSON without their types; arrays, here indexed from 0, and sets are lists. */
function json(value: Value): unknown {
  if (List.isList(value) || Set.isSet(value)) return [...value].map(json)
  if (Map.isMap(value))
    return value.every((_, key) => typeof key === 'string')
      ? Object.fromEntries([...value].map(([key, of]) => [key, json(of)]))
      : [...value.values()].map(json)
  return value !== null && typeof value === 'object' ? { is: value.tag, fields: json(value.fields) } : value
}
