/**
 * The analysis of what variables can hold, by itself: small models with the ranges that follow by hand, and on random
 * models the law that it must keep: every value that the reference interpreter meets lies in the range.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lowerThread } from '../../src/compiler/lowering/lower.ts'
import { valueRanges, type ValueRanges } from '../../src/compiler/value-ranges/analysis.ts'
import { rangesOfStates } from '../../src/compiler/value-ranges/initial.ts'
import type { ValueRange } from '../../src/compiler/value-ranges/range.ts'
import type {
  ConfiguredModel,
  Expression,
  LocalDeclaration,
  Statement,
  Type,
  Variable,
} from '../../src/language/ast.ts'
import { machine, plainState, transitions } from '../../src/semantics/machine.ts'
import type { State } from '../../src/semantics/machine.ts'
import type { Plain } from '../../src/semantics/plain.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'
import {
  array,
  assert,
  assign,
  at,
  binary,
  bool,
  choose,
  configured,
  current,
  either,
  field,
  id,
  int,
  leave,
  literal,
  local,
  loop,
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
  union,
  variable,
  wait,
  when,
  zero,
} from '../support/ast.ts'

/** @param copies nodes of code that may be written again: 0 makes everything that two paths come to a block */
function rangesOf(model: ConfiguredModel, copies?: number): ValueRanges {
  const reference = machine(model)
  return valueRanges(
    model,
    model.threads.map((thread) => lowerThread(model, thread, copies)),
    rangesOfStates(
      model,
      reference.initial.map(({ state }) => plainState(reference, state)),
    ),
  )
}

/** A range to be read: the numbers or codes of a leaf, in order. */
type Shown = 'any' | readonly number[] | { readonly [part: string]: Shown }
function shown(range: ValueRange): Shown {
  switch (range.kind) {
    case 'any':
      return 'any'
    case 'leaf':
      return [...range.values].sort((a, b) => a - b)
    case 'parts':
      return Object.fromEntries(Object.entries(range.parts).map(([key, part]) => [key, shown(part)]))
    case 'each':
      return { ...(range.length === undefined ? {} : { length: shown(range.length) }), each: shown(range.of) }
  }
}

const x = shared('x'),
  y = shared('y')
const plus = (e: Expression, n: number): Expression => binary(e, '+', num(n))
const is = (e: Expression, n: number): Expression => binary(e, '==', num(n))
const less = (e: Expression, n: number): Expression => binary(e, '<', num(n))
const forever = (...body: Statement[]): Statement => loop(1, ...body)
const insert = (value: Expression): Statement => statement({ kind: 'insert', target: x, value })
const remove = (value: Expression): Statement => statement({ kind: 'remove', target: x, value })
const push = (value: Expression): Statement => statement({ kind: 'push', target: x, value })
const pop = statement({ kind: 'pop', target: x })

const color = oneOf('red', 'green', 'blue')
const pair = record('pair', { a: int(0, 7), b: int(0, 7) })
const entry = union('entry', { none: {}, page: { n: int(0, 7) }, swap: { m: int(3, 9) } })
const maybe = optional(int(2, 5))
const queue = queueOf(int(0, 7), 2)

interface Row {
  readonly what: string
  readonly x: Variable | Type
  readonly y?: Variable | Type
  readonly locals?: readonly (Type | LocalDeclaration)[]
  readonly threads: readonly (readonly Statement[])[]
  readonly expected: Shown
}
const rows: readonly Row[] = [
  { what: 'a variable that nothing sets', x: int(0, 7), threads: [[assign(y, num(1))]], expected: [0] },
  {
    what: 'one of several initial values',
    x: variable('x', int(0, 7), num(2), num(5)),
    threads: [[step()]],
    expected: [2, 5],
  },
  { what: 'zero of a range without zero is its low end', x: int(3, 9), threads: [[step()]], expected: [3] },
  { what: 'what is assigned, and what was there', x: int(0, 7), threads: [[assign(x, num(4))]], expected: [0, 4] },
  {
    what: 'two threads, whichever comes first: y can be 1 or 3, and x what y can be and 1 more',
    x: int(0, 7),
    y: variable('y', int(0, 7), num(1)),
    threads: [[assign(x, y), assign(x, plus(y, 1))], [assign(y, num(3))]],
    expected: [0, 1, 2, 3, 4],
  },
  {
    what: 'a counter that a guard stops',
    x: int(0, 7),
    threads: [[forever(wait(less(x, 3)), assign(x, plus(x, 1)))]],
    // the analysis does not know that the guard and the assignment see the same value, but it cuts off at 7
    expected: [0, 1, 2, 3, 4, 5, 6, 7],
  },
  {
    what: 'a counter that its own range stops: what leaves it fails',
    x: int(0, 2),
    threads: [[forever(assign(x, plus(x, 1)))]],
    expected: [0, 1, 2],
  },
  {
    what: 'a counter that wraps, two by two from 1',
    x: variable('x', int(1, 6, 'wrap'), num(1)),
    threads: [[forever(assign(x, plus(x, 2)))]],
    expected: [1, 3, 5],
  },
  {
    what: 'a counter that saturates',
    x: variable('x', int(0, 5, 'saturate'), num(1)),
    threads: [[forever(assign(x, plus(x, 3)))]],
    expected: [1, 4, 5],
  },
  {
    what: 'a rest of what is below zero is not below zero',
    x: int(-9, 9),
    y: variable('y', int(-9, 9), num(-4)),
    threads: [[assign(x, binary(y, '%', num(3)))]],
    expected: [0, 2],
  },
  {
    what: 'bits of numbers',
    x: int(0, 15),
    y: variable('y', int(0, 15), num(6)),
    threads: [[assign(x, binary(y, '&~', num(2))), assign(x, binary(y, '|', num(9)))]],
    expected: [0, 4, 15],
  },
  {
    what: 'what stands behind a guard that never passes does not run',
    x: int(0, 7),
    threads: [[wait(is(y, 5)), assign(x, num(4))]],
    expected: [0],
  },
  {
    what: 'only the side of a test that can be taken runs',
    x: int(0, 7),
    threads: [[when(is(y, 0), [assign(x, num(1))], [assign(x, num(2))])]],
    expected: [0, 1],
  },
  {
    what: 'both sides of a test in a step',
    x: int(0, 7),
    y: variable('y', int(0, 7), num(0), num(1)),
    threads: [[step(when(is(y, 0), [assign(x, num(1))], [assign(x, num(2))]))]],
    expected: [0, 1, 2],
  },
  {
    what: 'what stands behind an assertion that always fails does not run',
    x: int(0, 7),
    threads: [[step(assert('misuse: never', is(y, 1), true), assign(x, num(4)))]],
    expected: [0],
  },
  {
    what: 'all branches of an either, and what follows a loop',
    x: int(0, 7),
    threads: [[forever(either([assign(x, num(1))], [leave('break', 1)])), assign(x, num(6))]],
    expected: [0, 1, 6],
  },
  {
    what: 'a local can be anything',
    x: int(0, 7),
    locals: [int(0, 1)],
    threads: [[choose(0), assign(x, local(0))]],
    expected: 'any',
  },
  {
    what: 'more values than are listed',
    x: int(0, 99),
    threads: [[forever(assign(x, plus(x, 1)))]],
    expected: 'any',
  },
  { what: 'a truth value', x: bool, threads: [[assign(x, not(is(y, 0)))]], expected: [0] },
  {
    what: 'a member of an enum, by its code',
    x: color,
    threads: [[assign(x, literal('blue', color))]],
    expected: [0, 2],
  },
  {
    what: 'an optional number, by its code: none is 0',
    x: maybe,
    threads: [[assign(x, some(num(4), maybe))]],
    expected: [0, 3],
  },
  {
    what: 'an optional of the thread itself: any thread',
    x: optional(id('Thread')),
    threads: [[assign(x, some(current, optional(id('Thread'))))], [step()]],
    expected: [0, 1, 2],
  },
  {
    what: 'the fields of a record each by itself',
    x: pair,
    threads: [[assign(field(x, 'b'), num(5))]],
    expected: { a: [0], b: [0, 5] },
  },
  {
    what: 'a case, and blank fields of the others: of 3..9 the low end',
    x: entry,
    threads: [[assign(x, { kind: 'case', type: entry, tag: 'page', fields: { n: num(6) } })]],
    expected: { tag: [0, 1], 'page.n': [0, 6], 'swap.m': [3] },
  },
  {
    what: 'a payload of what is known to be that case',
    x: int(0, 7),
    y: variable('y', entry, { kind: 'case', type: entry, tag: 'page', fields: { n: num(6) } }),
    threads: [[assign(x, { kind: 'payload', of: y, tag: 'page', name: 'n' })]],
    expected: [0, 6],
  },
  {
    what: 'all cells of an array together',
    x: array(int(0, 3), int(0, 7)),
    threads: [[assign(at(x, num(2)), num(5))]],
    expected: { each: [0, 5] },
  },
  {
    what: 'a set, as a mask: elements come one by one, and leave',
    x: setOf(int(1, 3)),
    threads: [[insert(num(1)), insert(num(3)), remove(num(1))]],
    // in any order: {}, {1}, {3}, {1, 3}
    expected: [0b000, 0b001, 0b100, 0b101],
  },
  {
    what: 'a set that only loses',
    x: variable('x', setOf(int(1, 3)), { kind: 'all', type: setOf(int(1, 3)) }),
    threads: [[remove(num(2))]],
    expected: [0b101, 0b111],
  },
  { what: 'a set of many', x: setOf(int(0, 9)), threads: [[insert(num(1))]], expected: 'any' },
  {
    what: 'a queue: lengths up to its capacity, and what was pushed',
    x: queue,
    threads: [[forever(push(num(6)))]],
    expected: { length: [0, 1, 2], each: [0, 6] },
  },
  {
    what: 'a queue that is pushed to once and popped',
    x: queue,
    threads: [[push(num(6)), pop, assign(y, num(1))]],
    // the analysis takes both in any order and as often as it may be: it does not count
    expected: { length: [0, 1, 2], each: [0, 6] },
  },
  {
    what: 'the head and the size of a queue that is empty for ever',
    x: int(0, 7),
    y: variable('y', queue),
    threads: [
      [assign(x, { kind: 'size', of: y })],
      [wait({ kind: 'binary', operator: 'has', left: y, right: num(0) })],
    ],
    expected: [0],
  },
  {
    what: 'a conditional value whose condition is known',
    x: int(0, 7),
    threads: [[assign(x, { kind: 'conditional', condition: is(y, 0), then: num(1), otherwise: num(2) })]],
    expected: [0, 1],
  },
  {
    what: 'how many of a range are so: at most those that can be',
    x: int(0, 7),
    y: variable('y', int(0, 7), num(1), num(2)),
    threads: [
      [
        assign(x, {
          kind: 'quantified',
          quantifier: 'count',
          over: int(0, 3),
          bound: 0,
          name: 'n',
          body: binary({ kind: 'bound', id: 0 }, '<', y),
        }),
      ],
    ],
    // below 1: one; below 2: two
    expected: [0, 1, 2],
  },
  {
    what: 'a whole record is written',
    x: pair,
    threads: [[assign(x, { kind: 'record', type: pair, fields: { a: num(1), b: num(2) } }), assign(x, zero(pair))]],
    expected: { a: [0, 1], b: [0, 2] },
  },
]

const named = (name: string, given: Variable | Type): Variable =>
  'name' in given && 'type' in given ? given : variable(name, given)
function modelOf({ x: first, y: second = int(0, 7), locals = [], threads }: Row): ConfiguredModel {
  return configured({
    variables: [named('x', first), named('y', second)],
    threads: threads.map((body, n) => ({ name: `t${n}`, body: [...body], locals })),
  })
}

/** The control points that each thread can come to, by name. */
function reachedPoints(model: ConfiguredModel, copies?: number): readonly ReadonlySet<string>[] {
  const { points } = rangesOf(model, copies)
  return model.threads.map(
    (thread, n) =>
      new Set(
        lowerThread(model, thread, copies).points.flatMap(({ name }, point) => (points[n]?.has(point) ? [name] : [])),
      ),
  )
}

describe('ranges by hand', () => {
  test.each(rows)('$what', (row) => {
    const range = rangesOf(modelOf(row)).variables.get('x')
    expect(range && shown(range)).toEqual(row.expected)
  })
})

test('control points that no thread comes to are not reached', () => {
  const model = configured({
    variables: [variable('x', int(0, 7))],
    threads: [{ body: [assign(x, num(1)), wait(is(x, 5)), assign(x, num(2)), assign(x, num(3))] }],
  })
  expect(reachedPoints(model)).toEqual([new Set(['0', '1'])])
})

/** Whether a value that the interpreter has is one that the range foresees. */
function includes(range: ValueRange, type: Type, value: Plain, sizes: Readonly<Record<string, number>>): boolean {
  if (range.kind === 'any') return true
  if (range.kind === 'leaf') return range.values.has(numberOf(type, value, sizes))
  return partsOf(type, value).every(([key, part, v]) => {
    const one =
      range.kind === 'parts'
        ? range.parts[key]
        : key === 'length'
          ? (range.length ?? { kind: 'any' as const })
          : range.of
    return one !== undefined && includes(one, part, v, sizes)
  })
}

/** The number by which a leaf is known: an integer itself, else its code. */
function numberOf(type: Type, value: Plain, sizes: Readonly<Record<string, number>>): number {
  switch (type.kind) {
    case 'bool':
      return value === true ? 1 : 0
    case 'enum':
      return type.members.indexOf(String(value))
    case 'optional':
      return value === null ? 0 : codeOf(type.of, value, sizes) + 1
    case 'set':
      return (Array.isArray(value) ? value : []).reduce<number>(
        (mask, v: Plain) => mask + 2 ** codeOf(type.of, v, sizes),
        0,
      )
    default:
      return Number(value)
  }
}
const codeOf = (type: Type, value: Plain, sizes: Readonly<Record<string, number>>): number =>
  numberOf(type, value, sizes) - (type.kind === 'int' ? Number(type.low) : 0)

/** The parts that a composite value has. */
function partsOf(type: Type, value: Plain): readonly (readonly [key: string, type: Type, value: Plain])[] {
  const cells = (Array.isArray(value) ? value : []) as readonly Plain[]
  const fields = (value ?? {}) as Readonly<Record<string, Plain>>
  switch (type.kind) {
    case 'array':
      return cells.map((v, n) => [String(n), type.of, v])
    case 'queue':
      return [['length', int(0, cells.length), cells.length], ...cells.map((v, n) => [String(n), type.of, v] as const)]
    case 'record':
      return Object.entries(type.fields).map(([key, t]) => [key, t, fields[key] ?? null])
    case 'optional':
      return value === null
        ? [['present', bool, false]]
        : [
            ['present', bool, true],
            ['value', type.of, value],
          ]
    case 'union': {
      const is = String(fields['is'])
      const given = (fields['fields'] ?? {}) as Readonly<Record<string, Plain>>
      return [
        ['tag', int(0, 99), Object.keys(type.cases).indexOf(is)],
        ...Object.entries(type.cases[is] ?? {}).map(([key, t]) => [`${is}.${key}`, t, given[key] ?? null] as const),
      ]
    }
    default:
      throw new TypeError(`a ${type.kind} has no parts`)
  }
}

/** What the interpreter meets that the ranges do not foresee, in the first states of a model. */
function unforeseen(model: ConfiguredModel, copies: number | undefined, limit: number): readonly string[] {
  const { variables } = rangesOf(model, copies)
  const reached = reachedPoints(model, copies)
  const reference = machine(model)
  const found = new Set<string>()
  const seen = new Set<string>()
  const queue: State[] = reference.initial.map(({ state }) => state)
  for (let state = queue.shift(); state !== undefined && seen.size < limit; state = queue.shift()) {
    const plain = plainState(reference, state)
    const key = JSON.stringify(plain)
    if (seen.has(key)) continue
    seen.add(key)
    for (const { name, type } of model.variables) {
      const range = variables.get(name)
      if (range === undefined || !includes(range, type, plain.shared[name] ?? null, model.sizes))
        found.add(`${name} = ${JSON.stringify(plain.shared[name])} of ${JSON.stringify(range && shown(range))}`)
    }
    plain.threads.forEach(({ point }, n) => {
      if (reached[model.instances[n]?.thread ?? -1]?.has(point) !== true) found.add(`thread ${n} at ${point}`)
    })
    for (const { outcome } of transitions(reference, state)) if (outcome.kind === 'next') queue.push(outcome.state)
  }
  return [...found]
}

describe('every value that the interpreter meets lies in the range', () => {
  test.each([
    { copies: undefined, seed: 1 },
    { copies: 0, seed: 2 },
  ])('on random models, copies of code: $copies', ({ copies, seed }) => {
    fc.assert(
      fc.property(modelArbitrary, (model) => {
        expect(unforeseen(model, copies, 60)).toEqual([])
      }),
      { numRuns: 60, seed, endOnFailure: true },
    )
  })

  test('by hand: in all states of the models above', () => {
    for (const row of rows) expect(unforeseen(modelOf(row), 0, 500), row.what).toEqual([])
  })

  test('control: a range without a value that is met is noticed', () => {
    const small: ValueRange = { kind: 'each', of: { kind: 'leaf', values: new Set([0, 1]) } }
    expect(includes(small, array(int(0, 1), int(0, 7)), [0, 1], {})).toBe(true)
    expect(includes(small, array(int(0, 1), int(0, 7)), [0, 2], {})).toBe(false)
    expect(includes({ kind: 'leaf', values: new Set([1]) }, maybe, null, {})).toBe(false)
    expect(includes({ kind: 'leaf', values: new Set([3]) }, maybe, 4, {})).toBe(true)
    expect(
      includes(
        { kind: 'parts', parts: { tag: { kind: 'leaf', values: new Set([0]) } } },
        entry,
        { is: 'page', fields: { n: 1 } },
        {},
      ),
    ).toBe(false)
  })
})
