/**
 * States of every shape survive being packed, no value takes more bits than its type needs, and no piece stands on
 * another.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { bitsOf, partsOf } from '../../src/compiler/encoding.ts'
import type { ConfiguredModel, Expression, LocalDeclaration, Place, Statement, Type } from '../../src/language/ast.ts'
import { machine, plainState } from '../../src/semantics/machine.ts'
import type { PlainState } from '../../src/semantics/machine.ts'
import type { Plain } from '../../src/semantics/plain.ts'
import {
  array,
  assign,
  at,
  bool,
  configured,
  either,
  id,
  int,
  literal,
  local,
  oneOf,
  optional,
  queueOf,
  record,
  setOf,
  shared,
  some,
  statement,
  union,
  variable,
  zero,
} from '../support/ast.ts'

const sizes = { A: 3, One: 1 }

const scalar: fc.Arbitrary<Type> = fc.oneof(
  fc.constant(bool),
  fc.constantFrom(id('A'), id('One')),
  fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 9 })).map(([low, span]) => int(low, low + span)),
  fc.constantFrom(int(-(2 ** 30), 2 ** 30), int(0, 2 ** 30), int(7, 7), int(0, 255)),
  fc.integer({ min: 1, max: 5 }).map((n) => oneOf(...Array.from({ length: n }, (_, i) => `m${i}`))),
)
const listed = fc.oneof(
  fc.constant(bool),
  fc.constant(id('A')),
  fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 0, max: 6 })).map(([low, span]) => int(low, low + span)),
)
const { type: anyType } = fc.letrec<{ type: Type }>((tie) => {
  const fields = (min: number) =>
    fc
      .array(tie('type'), { minLength: min, maxLength: 3 })
      .map((types) => Object.fromEntries(types.map((t, i) => [`f${i}`, t])))
  return {
    type: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      tie('type')
        .filter(({ kind }) => kind !== 'optional')
        .map(optional),
      fields(1).map((all) => record('r', all)),
      fc
        .array(fields(0), { minLength: 1, maxLength: 3 })
        .map((cases) => union('u', Object.fromEntries(cases.map((all, i) => [`c${i}`, all])))),
      fc.tuple(listed, tie('type')).map(([index, of]) => array(index, of)),
      listed.map(setOf),
      fc.constant(setOf(int(-3, 60))),
      fc.tuple(tie('type'), fc.integer({ min: 0, max: 4 })).map(([of, capacity]) => queueOf(of, capacity)),
    ),
  }
})

const counted = (type: Type): readonly Plain[] => {
  switch (type.kind) {
    case 'bool':
      return [false, true]
    case 'id':
      return [0, 1, 2]
    case 'int':
      return Array.from({ length: Number(type.high) - Number(type.low) + 1 }, (_, i) => Number(type.low) + i)
    default:
      return []
  }
}
function valueOf(type: Type): fc.Arbitrary<Plain> {
  const all = (fields: Readonly<Record<string, Type>>): fc.Arbitrary<{ readonly [key: string]: Plain }> =>
    fc.record(Object.fromEntries(Object.entries(fields).map(([key, t]) => [key, valueOf(t)])), {
      noNullPrototype: true,
    })
  switch (type.kind) {
    case 'bool':
      return fc.boolean()
    case 'int':
      return fc.integer({ min: Number(type.low), max: Number(type.high) })
    case 'enum':
      return fc.constantFrom(...type.members)
    case 'id':
      return fc.nat((type.sort === 'A' ? 3 : 1) - 1)
    case 'optional':
      return fc.option(valueOf(type.of))
    case 'record':
      return all(type.fields)
    case 'union':
      return fc.oneof(
        ...Object.entries(type.cases).map(([is, fields]) =>
          all(fields).map((values): Plain => ({ is, fields: values })),
        ),
      )
    case 'array':
      return fc.tuple(...counted(type.index).map(() => valueOf(type.of)))
    case 'set':
      return fc.subarray([...counted(type.of)])
    case 'queue':
      return fc.array(valueOf(type.of), { maxLength: Number(type.capacity) })
  }
}

/** Statements that put a value together, piece by piece, in locals; what it is then. */
function build(type: Type, value: Plain, locals: LocalDeclaration[], body: Statement[]): Expression {
  const fresh = (): Extract<Place, { kind: 'local' }> => {
    const place = local(locals.length)
    locals.push({ id: locals.length, name: `x${locals.length}`, type })
    return place
  }
  const inner = (of: Type, part: Plain | undefined): Expression => build(of, part ?? null, locals, body)
  const fields = (types: Readonly<Record<string, Type>>, values: Plain | undefined): Record<string, Expression> =>
    Object.fromEntries(
      Object.entries(types).map(([key, of]) => [key, inner(of, (values as Record<string, Plain>)[key])]),
    )
  const list = value as readonly Plain[]
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'enum':
    case 'id':
      return literal(value as string, type)
    case 'optional':
      return value === null ? zero(type) : some(inner(type.of, value), type)
    case 'record':
      return { kind: 'record', fields: fields(type.fields, value), type }
    case 'union': {
      const { is, fields: values } = value as { readonly is: string; readonly fields: Plain }
      return { kind: 'case', tag: is, fields: fields(type.cases[is] ?? {}, values), type }
    }
    case 'array': {
      const place = fresh()
      for (const [n, index] of counted(type.index).entries()) {
        const cell = inner(type.of, list[n])
        body.push(assign(at(place, literal(index as number, type.index)), cell))
      }
      return place
    }
    case 'set': {
      const place = fresh()
      for (const element of list)
        body.push(statement({ kind: 'insert', target: place, value: literal(element as number, type.of) }))
      return place
    }
    case 'queue': {
      const place = fresh()
      for (const element of list) {
        const x = inner(type.of, element)
        body.push(statement({ kind: 'push', target: place, value: x }))
      }
      return place
    }
  }
}

/** Variables that hold the ones or the others at first. */
function model(types: readonly Type[], ...alternatives: readonly (readonly Plain[])[]): ConfiguredModel {
  const locals: LocalDeclaration[] = []
  const branches = alternatives.map((values) => {
    const body: Statement[] = []
    types.forEach((type, n) => {
      const whole = build(type, values[n] ?? null, locals, body)
      body.push(assign(shared(`v${n}`), whole))
    })
    return body
  })
  return configured({
    sizes,
    variables: types.map((type, n) => variable(`v${n}`, type)),
    initially: { locals, body: [either(...branches)] },
  })
}
const typesAndValues = fc
  .array(anyType, { minLength: 1, maxLength: 4 })
  .chain((types) => fc.tuple(fc.constant(types), fc.tuple(...types.map(valueOf)), fc.tuple(...types.map(valueOf))))
const stateOf = (values: readonly Plain[]): PlainState => ({
  shared: Object.fromEntries(values.map((v, n) => [`v${n}`, v])),
  threads: [],
})

/**
 * The bits a value may take: one that is larger than a word is taken apart, and the cases of a union do not share
 * their bits then.
 */
const most = (type: Type): number =>
  bitsOf(type, sizes) <= 64 ? bitsOf(type, sizes) : partsOf(type, sizes).reduce((sum, part) => sum + most(part.type), 0)

test('a packed state is read as it was written, another is not it, and none has more bits than its types', () => {
  let widest = 0,
    narrow = 0
  fc.assert(
    fc.property(typesAndValues, ([types, a, b]) => {
      const whole = model(types, a, b)
      const compiled = compile(whole)
      const reference = machine(whole)
      const states = reference.initial.map(({ state }) => plainState(reference, state))
      expect(states[0]).toEqual(stateOf(a))
      expect(states.at(-1)).toEqual(stateOf(b))
      const packed = states.map((state) => compiled.encode(state))
      for (const [n, words] of packed.entries()) {
        expect(compiled.decode(words)).toEqual(states[n])
        expect(words).toHaveLength(compiled.layout.words)
        for (const word of words) expect(word >> 64n).toBe(0n)
      }
      expect(new Set(packed.map((words) => words.join())).size).toBe(states.length)
      expect(compiled.layout.bits).toBeLessThanOrEqual(types.reduce((sum, type) => sum + most(type), 0))
      widest = Math.max(widest, compiled.layout.words)
      if (compiled.layout.words === 1) narrow++
    }),
    { numRuns: 300 },
  )
  expect(widest).toBeGreaterThan(3)
  expect(narrow).toBeGreaterThan(30)
})

describe('bits of a type', () => {
  test.each<readonly [string, Type, number]>([
    ['a bool', bool, 1],
    ['one value', int(7, 7), 0],
    ['two values', int(-1, 0), 1],
    ['three values', int(-1, 1), 2],
    ['256 values', int(0, 255), 8],
    ['257 values', int(0, 256), 9],
    ['a wide range', int(-(2 ** 30), 2 ** 30), 32],
    ['one member', oneOf('a'), 0],
    ['ids', id('A'), 2],
    ['none or one of three', optional(id('A')), 2],
    ['none or one of four', optional(int(0, 3)), 3],
    ['none or a record', optional(record('r', { a: bool, b: int(0, 3) })), 4],
    ['a set', setOf(int(-3, 60)), 64],
    ['an array', array(int(2, 6), int(0, 4)), 15],
    ['a queue', queueOf(int(0, 3), 3), 8],
    ['no queue', queueOf(bool, 0), 0],
    ['a union', union('u', { none: {}, present: { page: int(0, 5), write: bool }, other: { x: bool } }), 6],
    ['a record of nothing', record('r', {}), 0],
  ])('%s', (_, type, bits) => {
    expect(bitsOf(type, sizes)).toBe(bits)
  })
})
