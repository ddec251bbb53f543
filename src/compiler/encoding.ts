/**
 * The encoding of values as bits: the code of each value, and where the parts of a packed composite stand. Zero of
 * every part is not always code 0 (see `zeroCode`).
 */
import type { Type } from '../language/ast.ts'

export type SortSizes = Readonly<Record<string, number>>

/** Errors inside the tool itself. */
export function internal(what: string): never {
  throw new Error(`HMM900: internal error in the compiler: ${what}. Please report the model that caused it`)
}

/** The bits that distinguish `count` values. */
export const bitsFor = (values: number): number => (values <= 1 ? 0 : 32 - Math.clz32(values - 1))

export const number = (bound: Extract<Type, { kind: 'int' }>['low']): number =>
  typeof bound === 'number' ? bound : internal('a symbolic bound in a configured model')
const sortSize = (sort: string, sizes: SortSizes): number => sizes[sort] ?? internal(`sort ${sort} has no size`)

/**
 * The number of codes of a type that is numbered as a whole (bool, int, enum, id, and an optional of those), else
 * undefined. An empty sort has no value to choose, but zero can stand in a local and be put into an optional.
 */
export function ordinalCount(type: Type, sizes: SortSizes): number | undefined {
  switch (type.kind) {
    case 'bool':
      return 2
    case 'int':
      return number(type.high) - number(type.low) + 1
    case 'enum':
      return type.members.length
    case 'id':
      return sortSize(type.sort, sizes)
    case 'optional': {
      const n = ordinalCount(type.of, sizes)
      return n === undefined ? undefined : Math.max(1, n) + 1
    }
    default:
      return undefined
  }
}
/** Whether a value is not a composite: a scalar, or a set. */
export const isLeaf = (type: Type, sizes: SortSizes): boolean =>
  ordinalCount(type, sizes) !== undefined || type.kind === 'set'

/** The number of values that can be chosen or run through. */
export const valueCount = (type: Type, sizes: SortSizes): number =>
  type.kind === 'optional'
    ? valueCount(type.of, sizes) + 1
    : (ordinalCount(type, sizes) ?? internal(`a ${type.kind} has no numbered values`))

/** The number of values that can be in a set: zero can be put into one, too, of a sort without elements. */
export const elementCount = (type: Extract<Type, { kind: 'set' }>, sizes: SortSizes): number =>
  Math.max(1, ordinalCount(type.of, sizes) ?? internal(`a set of ${type.of.kind}`))

/** The low code that stands for the first value: subtract it to get a code. */
export const lowOf = (type: Type): number => (type.kind === 'int' ? number(type.low) : 0)

/** Remembers what was computed of a type; types are never changed. */
function remembered<R>(compute: (type: Type, sizes: SortSizes) => R): (type: Type, sizes: SortSizes) => R {
  const known = new WeakMap<SortSizes, WeakMap<Type, R>>()
  return (type, sizes) => {
    let mine = known.get(sizes)
    if (mine === undefined) known.set(sizes, (mine = new WeakMap()))
    let result = mine.get(type)
    if (result === undefined) mine.set(type, (result = compute(type, sizes)))
    return result
  }
}

/** The bits of a value of the type, packed. */
export const bitsOf: (type: Type, sizes: SortSizes) => number = remembered(countBits)
function countBits(type: Type, sizes: SortSizes): number {
  const n = ordinalCount(type, sizes)
  if (n !== undefined) return bitsFor(n)
  switch (type.kind) {
    case 'optional':
      return 1 + bitsOf(type.of, sizes)
    case 'record':
      return Object.values(type.fields).reduce((sum, t) => sum + bitsOf(t, sizes), 0)
    case 'union':
      return (
        tagBits(type) +
        Math.max(
          0,
          ...Object.values(type.cases).map((fields) =>
            Object.values(fields).reduce((sum, t) => sum + bitsOf(t, sizes), 0),
          ),
        )
      )
    case 'array':
      return valueCount(type.index, sizes) * bitsOf(type.of, sizes)
    case 'set':
      return elementCount(type, sizes)
    case 'queue':
      return lengthBits(type) + number(type.capacity) * bitsOf(type.of, sizes)
    default:
      return internal(`bits of a ${type.kind}`)
  }
}
export const tagBits = (type: Extract<Type, { kind: 'union' }>): number => bitsFor(Object.keys(type.cases).length)
const lengthBits = (type: Extract<Type, { kind: 'queue' }>): number => bitsFor(number(type.capacity) + 1)

/** Parts of a composite: its name, type and the offset from its lowest bit. */
export interface Part {
  readonly key: string
  readonly type: Type
  readonly offset: number
}
const range = (high: number): Type => ({ kind: 'int', low: 0, high, overflow: 'error' })

/**
 * The parts of a composite. The keys: field names; indices; `length` and indices; `tag` and `case.field`; `present`
 * and `value`.
 */
export const partsOf: (type: Type, sizes: SortSizes) => readonly Part[] = remembered(findParts)
function findParts(type: Type, sizes: SortSizes): readonly Part[] {
  let offset = 0
  const next = (key: string, t: Type): Part => {
    const part = { key, type: t, offset }
    offset += bitsOf(t, sizes)
    return part
  }
  switch (type.kind) {
    case 'record':
      return Object.entries(type.fields).map(([key, t]) => next(key, t))
    case 'array':
      return Array.from({ length: valueCount(type.index, sizes) }, (_, i) => next(String(i), type.of))
    case 'queue':
      return [
        next('length', range(number(type.capacity))),
        ...Array.from({ length: number(type.capacity) }, (_, i) => next(String(i), type.of)),
      ]
    case 'optional':
      return [next('present', { kind: 'bool' }), next('value', type.of)]
    case 'union': {
      const tag = next('tag', range(Object.keys(type.cases).length - 1))
      const start = offset
      return [
        tag,
        ...Object.entries(type.cases).flatMap(([name, fields]) => {
          offset = start
          return Object.entries(fields).map(([key, t]) => next(`${name}.${key}`, t))
        }),
      ]
    }
    default:
      return internal(`parts of a ${type.kind}`)
  }
}

/** The part of that name. */
export function partNamed(type: Type, key: string, sizes: SortSizes): Part {
  return partsByName(type, sizes).get(key) ?? internal(`no part ${key}`)
}
const partsByName: (type: Type, sizes: SortSizes) => ReadonlyMap<string, Part> = remembered(
  (type, sizes) => new Map(partsOf(type, sizes).map((part) => [part.key, part])),
)

/** The code of the value everything has before it is set. */
export function zeroCode(type: Type, sizes: SortSizes): bigint {
  switch (type.kind) {
    case 'int': {
      const low = number(type.low),
        high = number(type.high)
      return low <= 0 && high >= 0 ? BigInt(-low) : 0n
    }
    case 'record':
    case 'array':
      return partsOf(type, sizes).reduce((code, p) => code | (zeroCode(p.type, sizes) << BigInt(p.offset)), 0n)
    case 'union': {
      const first = Object.keys(type.cases)[0]
      return partsOf(type, sizes).reduce(
        (code, p) => (p.key.startsWith(`${first}.`) ? code | (zeroCode(p.type, sizes) << BigInt(p.offset)) : code),
        0n,
      )
    }
    default:
      return 0n
  }
}

/** The values a choice, a `forEach` or a quantifier runs over, as codes in the order of the type. */
export const codesOf = (type: Type, sizes: SortSizes): readonly bigint[] =>
  Array.from({ length: valueCount(type, sizes) }, (_, i) => BigInt(i))
