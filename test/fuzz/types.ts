/**
 * Random types, small enough that what holds them does not multiply the states too much; and how many bits they take.
 */
import type { Type } from '../../src/language/ast.ts'
import { array, bool, id, int, oneOf, optional, queueOf, record, setOf, union } from '../support/ast.ts'
import { chance, pick, times, weighted } from './draw.ts'
import type { Draw } from './draw.ts'

export type Sizes = Readonly<Record<string, number>>

/** The types of a model: a few of each kind, so that values of one type meet. */
export interface Types {
  /** Types whose values can be listed: indices, elements, what is chosen. */
  readonly scalars: readonly Type[]
  readonly all: readonly Type[]
}

export function typesOf(draw: Draw, sizes: Sizes): Types {
  const sorts = Object.keys(sizes).filter((sort) => sort !== 'Thread')
  const scalars = [
    bool,
    int(0, 1 + draw(2)),
    intType(draw),
    oneOf(...['red', 'green', 'blue'].slice(0, 2 + draw(2))),
    ...sorts.map(id),
    id('Thread'),
  ]
  const scalar = (): Type => pick(draw, scalars)
  const inner = (): Type =>
    weighted<Type>(draw, [
      [65, scalar],
      [20, () => optional(scalar())],
      [5, () => setOf(scalar())],
      [5, () => queueOf(scalar(), 1 + draw(2))],
      [5, () => array(bool, scalar())],
    ])
  const fields = (count: number): Record<string, Type> => Object.fromEntries(times(count, (n) => [`f${n}`, inner()]))
  const records = times(1 + draw(2), (n) => record(`struct${n}`, fields(1 + draw(2))))
  const unions = times(1 + draw(2), (n) =>
    union(
      `union${n}`,
      Object.fromEntries(times(2 + draw(2), (tag) => [`c${tag}`, fields(tag === 0 ? draw(2) : 1 + draw(2))])),
    ),
  )
  const simple = (): Type =>
    weighted(draw, [
      [60, scalar],
      [15, () => pick(draw, records)],
      [15, () => pick(draw, unions)],
      [10, () => optional(scalar())],
    ])
  const composite = [
    (): Type => optional(chance(draw, 70) ? scalar() : pick(draw, [...records, ...unions])),
    (): Type => array(scalar(), simple()),
    (): Type => setOf(scalar()),
    (): Type => queueOf(simple(), 1 + draw(3)),
  ]
  const composites = [...composite.map((make) => make()), ...times(2, () => pick(draw, composite)())]
  return { scalars, all: [...scalars, ...records, ...unions, ...composites] }
}

function intType(draw: Draw): Type {
  const low = draw(4) - 1
  return int(low, low + 1 + draw(3), pick(draw, ['error', 'wrap', 'wrap', 'saturate', 'saturate']))
}

/** A type that takes at least that many bits. */
export function padding(draw: Draw, bits: number): Type {
  const width = 3 + draw(6)
  const cells = Math.ceil(bits / width)
  const cell = int(0, 2 ** width - 1, pick(draw, ['wrap', 'saturate']))
  return cells <= 40
    ? array(int(0, cells - 1), cell)
    : array(int(0, Math.ceil(cells / 2) - 1), record('pair', { a: cell, b: cell }))
}

/** The number of values of a type whose values can be listed. */
export function count(sizes: Sizes, type: Type): number {
  switch (type.kind) {
    case 'bool':
      return 2
    case 'int':
      return Number(type.high) - Number(type.low) + 1
    case 'enum':
      return type.members.length
    case 'id':
      return sizes[type.sort] ?? 0
    case 'optional':
      return 1 + count(sizes, type.of)
    default:
      throw new TypeError(`the values of a ${type.kind} are not listed`)
  }
}

/** The bits that a straightforward layout gives a type. */
export function bits(sizes: Sizes, type: Type): number {
  const fields = (types: Readonly<Record<string, Type>>): number =>
    Object.values(types).reduce((sum, of) => sum + bits(sizes, of), 0)
  const needed = (values: number): number => Math.ceil(Math.log2(Math.max(1, values)))
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'enum':
    case 'id':
      return needed(count(sizes, type))
    case 'optional':
      return 1 + bits(sizes, type.of)
    case 'record':
      return fields(type.fields)
    case 'union':
      return needed(Object.keys(type.cases).length) + Math.max(...Object.values(type.cases).map(fields))
    case 'array':
      return count(sizes, type.index) * bits(sizes, type.of)
    case 'set':
      return count(sizes, type.of)
    case 'queue':
      return needed(Number(type.capacity) + 1) + Number(type.capacity) * bits(sizes, type.of)
  }
}
