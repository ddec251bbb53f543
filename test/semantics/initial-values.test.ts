/**
 * What a variable starts with is a value of its type: nothing is brought into a range, whatever the type does with
 * what is reckoned.
 */
import { describe, expect, test } from 'vitest'
import type { Expression, Type } from '../../src/language/ast.ts'
import { configure, model, ModelError, shared as sharedVariable, thread, wrapping } from '../../src/language/index.ts'
import { machine, plainState } from '../../src/semantics/machine.ts'
import {
  array,
  at,
  binary,
  bool,
  configured,
  int,
  num,
  optional,
  record,
  some,
  union,
  variable,
  yes,
} from '../support/ast.ts'

/** What x starts as, or what is wrong with it. */
function started(type: Type, ...initial: readonly Expression[]): unknown {
  try {
    const reference = machine(configured({ variables: [{ ...variable('x', type, ...initial), at: 'a.ts:7:3' }] }))
    return reference.initial.map(({ state }) => plainState(reference, state).shared['x'])
  } catch (error) {
    if (error instanceof ModelError) return `${error.code} ${error.what} at ${error.at}`
    throw error
  }
}
const ofRecord = record('r', { n: int(0, 1, 'wrap'), m: int(0, 3, 'saturate') })
const aRecord = (n: number, m: number): Expression => ({
  kind: 'record',
  fields: { n: num(n), m: num(m) },
  type: ofRecord,
})
const ofUnion = union('u', { none: {}, some: { n: int(1, 4, 'wrap') } })
const aCase = (n: number): Expression => ({ kind: 'case', tag: 'some', fields: { n: num(n) }, type: ofUnion })
const cells = array(int(0, 1), int(2, 3, 'saturate'))
const filled = (n: number): Expression => ({ kind: 'fill', of: num(n), type: cells })
const bits = array(int(0, 1), bool)

describe('a value outside its type is a mistake', () => {
  test.each<readonly [string, Type, Expression]>([
    ['a range', int(0, 2), num(5)],
    ['below a range', int(1, 2), num(0)],
    ['what wraps', int(0, 1, 'wrap'), num(5)],
    ['what saturates', int(0, 2, 'saturate'), num(-1)],
    ['a sum', int(0, 2, 'wrap'), binary(num(2), '+', num(1))],
    ['an optional', optional(int(0, 2, 'wrap')), some(num(3), optional(int(0, 2, 'wrap')))],
    ['a field', ofRecord, aRecord(2, 0)],
    ['another field', ofRecord, aRecord(0, 4)],
    ['a field of a case', ofUnion, aCase(5)],
    ['a cell', cells, filled(4)],
    [
      'a field of a cell',
      array(int(0, 0), ofRecord),
      { kind: 'fill', of: aRecord(0, 4), type: array(int(0, 0), ofRecord) },
    ],
    ['an index', bool, at({ kind: 'fill', of: yes, type: bits }, num(5))],
    ['what is in none', int(0, 2), { kind: 'value', of: { kind: 'zero', type: optional(int(0, 2)) } }],
  ])('%s', (_, type, initial) => {
    expect(started(type, initial)).toMatch(/^HMM040 the initial value of x: .* at a\.ts:7:3$/)
    expect(started(type)).toHaveLength(1)
  })

  test('one of several', () => {
    expect(started(int(0, 2), num(0), num(3))).toMatch(/^HMM040 the initial value of x: 3 is outside 0\.\.2/)
  })

  test('the line is that of the declaration', () => {
    const x = sharedVariable('x', wrapping(2), 5)
    const built = configure(
      model('m', {
        threads: [
          thread('t', () => {
            x.set(1)
          }),
        ],
        properties: [],
      }),
      { sizes: {}, constants: {} },
    )
    expect(() => machine(built)).toThrow(
      /HMM040: the initial value of x: 5 is outside 0\.\.1\n {2}at: .*initial-values\.test\.ts:\d+/,
    )
  })
})

test('values at the ends of their types are none', () => {
  expect([
    started(int(0, 2), num(0), num(2)),
    started(int(0, 1, 'wrap'), num(1)),
    started(ofRecord, aRecord(1, 3)),
    started(ofUnion, aCase(4)),
    started(cells, filled(3)),
  ]).toEqual([[0, 2], [1], [{ n: 1, m: 3 }], [{ is: 'some', fields: { n: 4 } }], [[3, 3]]])
})
