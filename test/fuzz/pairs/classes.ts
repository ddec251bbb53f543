/** Types by class and width: what the random models are made around. */
import { bitsOf, ordinalCount } from '../../../src/compiler/encoding.ts'
import type { Type } from '../../../src/language/ast.ts'
import { array, bool, id, int, oneOf, optional, queueOf, record, setOf, union } from '../../support/ast.ts'
import { chance, pick } from '../draw.ts'
import type { Draw } from '../draw.ts'
import type { Sizes } from '../types.ts'

export const classes = [
  'bool',
  'int',
  'shifted int',
  'negative int',
  'enum',
  'id',
  'thread',
  'optional',
  'set',
  'record',
  'union',
  'array',
  'wide optional',
  'queue',
] as const
export type Class = (typeof classes)[number]

export const widths = ['no bits', '1 bit', 'under a word', '62 to 65 bits', 'over a word', 'over two words'] as const
export type Width = (typeof widths)[number]

/** The sorts of every model, by the number of their elements; `Thread` is added by the threads that there are. */
export const sorts: Sizes = { None: 0, One: 1, Two: 2, Some: 3 }

/** Whether a type is numbered as a whole, so that its values can be listed (but for an optional). */
export const isScalar = (kind: Class): boolean =>
  ['bool', 'int', 'shifted int', 'negative int', 'enum', 'id', 'thread'].includes(kind)

/** Why there is no type of the class of that width. */
export function noType(kind: Class, width: Width): string | undefined {
  const isWide = width === '62 to 65 bits' || width === 'over a word' || width === 'over two words'
  if (kind === 'bool' && width !== '1 bit') return 'a bool has 1 bit'
  if (isWide && (isScalar(kind) || kind === 'optional')) return 'what is numbered as a whole has at most 31 bits'
  if (width === 'over a word' || width === 'over two words')
    return kind === 'set' ? 'a set has at most 64 possible elements' : undefined
  if (width !== 'no bits') return undefined
  if (kind === 'set') return 'a set has at least one possible element: of a sort without elements, its zero'
  return kind === 'optional' || kind === 'wide optional' ? 'an optional is none or some: 1 bit' : undefined
}

/** The width class of a type. */
export function widthOf(type: Type, sizes: Sizes): Width | undefined {
  const bits = bitsOf(type, sizes)
  if (bits > 128) return 'over two words'
  if (bits > 65) return 'over a word'
  if (bits >= 62) return '62 to 65 bits'
  return bits === 0 ? 'no bits' : bits === 1 ? '1 bit' : 'under a word'
}

/** A type of the class and the width. `exact` turns through 62, 63, 64 and 65 bits. */
export function typeOf(draw: Draw, kind: Class, width: Width, exact: number): Type {
  const bits = bitsIn(draw, kind, width, exact)
  switch (kind) {
    case 'bool':
      return bool
    case 'int':
      return range(draw, 0, bits)
    case 'shifted int':
      return range(draw, 1 + draw(5), bits)
    case 'negative int':
      return range(draw, -1 - draw(5), bits)
    case 'enum':
      return oneOf(...['red', 'green', 'blue', 'white', 'black'].slice(0, valuesIn(draw, Math.min(bits, 2))))
    case 'id':
      return id(bits === 0 ? 'One' : bits === 1 ? 'Two' : 'Some')
    case 'thread':
      return id('Thread')
    case 'optional':
      return optional(
        bits === 1
          ? pick(draw, [id('One'), id('None'), int(3, 3), oneOf('red')])
          : pick(draw, [bool, id('Some'), range(draw, 1, 2), range(draw, -2, 3), oneOf('red', 'green', 'blue')]),
      )
    case 'set':
      return setOf(elementsOf(draw, bits))
    case 'record':
      return recordOf(draw, bits)
    case 'union':
      return unionOf(draw, bits)
    case 'array':
      return arrayOf(draw, bits)
    case 'wide optional':
      return optional(
        chance(draw, 70) || bits < 3 ? recordOf(draw, bits - 1) : pick(draw, [unionOf, arrayOf])(draw, bits - 1),
      )
    case 'queue':
      return queue(draw, bits)
  }
}

function bitsIn(draw: Draw, kind: Class, width: Width, exact: number): number {
  switch (width) {
    case 'no bits':
      return 0
    case '1 bit':
      return 1
    case 'under a word':
      return isScalar(kind) ? 2 + draw(kind === 'enum' ? 1 : 2) : 2 + draw(chance(draw, 50) ? 8 : 60)
    case '62 to 65 bits':
      return kind === 'set' ? 62 + (exact % 3) : 62 + (exact % 4)
    case 'over a word':
      return 66 + draw(63)
    case 'over two words':
      return 129 + draw(70)
  }
}

/** So many values that it takes just these bits to tell them apart. */
const valuesIn = (draw: Draw, bits: number): number => (bits === 0 ? 1 : 2 ** (bits - 1) + 1 + draw(2 ** (bits - 1)))

export function range(draw: Draw, low: number, bits: number): Type {
  return int(low, low + valuesIn(draw, bits) - 1, pick(draw, ['error', 'wrap', 'saturate']))
}

/** An int whose range does not begin at 0. */
const shifted = (draw: Draw, bits: number): Type => range(draw, pick(draw, [1, 2, 5, -1, -3]), bits)

/** A type of so many elements. */
function elementsOf(draw: Draw, count: number): Type {
  const low = pick(draw, [0, 1, -2])
  const others: Readonly<Record<number, readonly Type[]>> = {
    1: [id('One'), id('None'), oneOf('red')],
    2: [bool, id('Two')],
    3: [id('Some'), oneOf('red', 'green', 'blue')],
  }
  return pick(draw, [int(low, low + count - 1, pick(draw, ['error', 'wrap', 'saturate'])), ...(others[count] ?? [])])
}

/** Fields that fill so many bits: sets, arrays of bools and of ints. */
function padding(draw: Draw, bits: number): readonly Type[] {
  if (bits === 0) return []
  const here = Math.min(bits, 64)
  const cells = here % 4 === 0 && here <= 24 ? array(int(0, here / 4 - 1), int(0, 15, 'wrap')) : undefined
  const flags = here <= 12 ? array(int(1, here), bool) : undefined
  return [
    pick(draw, [
      setOf(int(0, here - 1)),
      setOf(int(1, here)),
      ...(cells === undefined ? [] : [cells]),
      ...(flags === undefined ? [] : [flags]),
    ]),
    ...padding(draw, bits - here),
  ]
}

/**
 * Fields of so many bits together: an int whose range does not begin at 0, and what fills the rest, before or behind
 * it.
 */
function fields(draw: Draw, bits: number): Readonly<Record<string, Type>> {
  const mine = Math.min(bits, 1 + draw(3))
  const rest = padding(draw, bits - mine).map((type, n): [string, Type] => [`rest${n}`, type])
  const n: [string, Type] = ['n', shifted(draw, mine)]
  return Object.fromEntries(chance(draw, 50) ? [n, ...rest] : [...rest, n])
}

function recordOf(draw: Draw, bits: number): Type {
  const inner = fields(draw, bits)
  return record(
    `struct${draw(2 ** 20)}`,
    chance(draw, 25) ? { inside: record(`struct${draw(2 ** 20)}`, inner) } : inner,
  )
}

function unionOf(draw: Draw, bits: number): Type {
  if (bits === 0) return union(`union${draw(2 ** 20)}`, { one: chance(draw, 50) ? {} : { n: shifted(draw, 0) } })
  const last = fields(draw, bits - 1)
  return union(`union${draw(2 ** 20)}`, chance(draw, 60) ? { none: {}, some: last } : { some: last, none: {} })
}

function arrayOf(draw: Draw, bits: number): Type {
  if (bits === 0)
    return pick(draw, [
      array(id('None'), recordOf(draw, 70)),
      array(id('None'), shifted(draw, 2)),
      array(int(3, 3), shifted(draw, 0)),
      array(bool, shifted(draw, 0)),
    ])
  const counts = [1, 2, 3, 4, 5, 13, 16, 21, 31].filter((count) => bits % count === 0 && bits / count <= 64)
  const count = counts.length === 0 ? 1 : pick(draw, counts)
  const each = bits / count
  return array(
    count === 1 ? id('One') : elementsOf(draw, count),
    each <= 4 ? shifted(draw, each) : recordOf(draw, each),
  )
}

function queue(draw: Draw, bits: number): Type {
  const element = (each: number): Type => (each <= 4 && chance(draw, 60) ? shifted(draw, each) : recordOf(draw, each))
  if (bits === 0) return queueOf(pick(draw, [recordOf(draw, 70), shifted(draw, 2), id('None'), id('Two')]), 0)
  const capacities = [1, 2, 3].filter((capacity) => {
    const length = capacity === 1 ? 1 : 2
    return bits >= length && (bits - length) % capacity === 0
  })
  const capacity = pick(draw, capacities)
  return queueOf(element((bits - (capacity === 1 ? 1 : 2)) / capacity), capacity)
}

/** The number of threads that a model has whose subject is a thread. */
export function threadsFor(draw: Draw, width: Width): number {
  return width === 'no bits' ? 1 : width === '1 bit' ? 2 : pick(draw, [3, 5, 33, 53, 54, 55, 63, 64])
}

/** The parts that a value of the type may have, by what takes them. */
export function isListable(type: Type, sizes: Sizes): boolean {
  return type.kind !== 'optional' && ordinalCount(type, sizes) !== undefined
}
