/**
 * The range of a value: the lattice of the analysis. A range grows by `join`, up to `any`: of a leaf that can have
 * more than a few values, the analysis knows nothing.
 */
import type { Type } from '../../language/ast.ts'
import { isLeaf, lowOf, number, partsOf, zeroCode, type SortSizes } from '../encoding.ts'

/** Leaves are values: numbers of an int, else codes. A leaf without values was never set; `any` is any of its type. */
export type ValueRange =
  | { readonly kind: 'any' }
  | { readonly kind: 'leaf'; readonly values: ReadonlySet<number> }
  | { readonly kind: 'parts'; readonly parts: Readonly<Record<string, ValueRange>> }
  /** All cells of an array, or of a queue behind its `length`. */
  | { readonly kind: 'each'; readonly of: ValueRange; readonly length?: ValueRange }

export const anything: ValueRange = { kind: 'any' }
/** A leaf with more values than this is `any`. */
export const mostValues = 64
/** The elements of a set whose values are listed, each a number of so many bits. */
export const listedElements = 6

export function leaf(values: Iterable<number>): ValueRange {
  const set = new Set(values)
  return set.size > mostValues ? anything : { kind: 'leaf', values: set }
}
export const only = (value: number): ValueRange => leaf([value])
export const eitherTruth: ValueRange = leaf([0, 1])
/** A truth value that can be true, and can be false. */
export const truthRange = (canBe: boolean, cannot: boolean): ValueRange =>
  leaf([...(cannot ? [0] : []), ...(canBe ? [1] : [])])

/** The values of a leaf; nothing if they are not known. */
export const valuesIn = (range: ValueRange): ReadonlySet<number> | undefined =>
  range.kind === 'leaf' ? range.values : undefined
/** Whether a leaf can have the value. */
export const canBe = (range: ValueRange, value: number): boolean => valuesIn(range)?.has(value) ?? true
/** The range of a part. */
export const partRange = (range: ValueRange, key: string): ValueRange =>
  range.kind === 'parts' ? (range.parts[key] ?? anything) : anything
/** The range of a cell. */
export const cellRange = (range: ValueRange): ValueRange => (range.kind === 'each' ? range.of : anything)
export const lengthRange = (range: ValueRange): ValueRange =>
  range.kind === 'each' ? (range.length ?? anything) : anything

/** The numbers from `from` to `to`. */
export const span = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

/** The union of two ranges; `a` itself if it includes `b`. */
export function join(a: ValueRange, b: ValueRange): ValueRange {
  if (a === b || a.kind === 'any') return a
  if (b.kind === 'any') return b
  if (a.kind === 'leaf' && b.kind === 'leaf') {
    for (const v of b.values) if (!a.values.has(v)) return leaf([...a.values, ...b.values])
    return a
  }
  if (a.kind === 'parts' && b.kind === 'parts') {
    const parts = Object.entries(a.parts).map(([key, one]) => {
      const other = b.parts[key]
      return [key, one, other === undefined ? one : join(one, other)] as const
    })
    return parts.every(([, before, now]) => before === now)
      ? a
      : { kind: 'parts', parts: Object.fromEntries(parts.map(([key, , now]) => [key, now])) }
  }
  if (a.kind === 'each' && b.kind === 'each') {
    const of = join(a.of, b.of),
      length = a.length === undefined || b.length === undefined ? a.length : join(a.length, b.length)
    return of === a.of && length === a.length ? a : { kind: 'each', of, ...(length === undefined ? {} : { length }) }
  }
  return anything
}

/** A composite, from what its parts can be; all cells together. */
export function compositeRange(
  type: Type,
  sizes: SortSizes,
  part: (key: string, type: Type) => ValueRange,
): ValueRange {
  const parts = partsOf(type, sizes)
  if (type.kind !== 'array' && type.kind !== 'queue')
    return { kind: 'parts', parts: Object.fromEntries(parts.map((p) => [p.key, part(p.key, p.type)])) }
  const cells = parts.filter(({ key }) => key !== 'length')
  const [first = leaf([]), ...others] = cells.map((p) => part(p.key, p.type))
  const of = others.reduce(join, first)
  if (type.kind === 'array') return { kind: 'each', of }
  const length = part('length', { kind: 'int', low: 0, high: number(type.capacity), overflow: 'error' })
  return { kind: 'each', of, length }
}

/** The range of a place that was never set. */
export const unset = (type: Type, sizes: SortSizes): ValueRange =>
  isLeaf(type, sizes) ? leaf([]) : compositeRange(type, sizes, (_, part) => unset(part, sizes))

/** The range of a place whose bits are all zero. */
export const blankRange = (type: Type, sizes: SortSizes): ValueRange =>
  isLeaf(type, sizes) ? only(lowOf(type)) : compositeRange(type, sizes, (_, part) => blankRange(part, sizes))

/** The range of a place before it is set. */
export function zeroRange(type: Type, sizes: SortSizes): ValueRange {
  if (isLeaf(type, sizes)) return only(Number(zeroCode(type, sizes)) + lowOf(type))
  const first = type.kind === 'union' ? `${Object.keys(type.cases)[0]}.` : undefined
  return compositeRange(type, sizes, (key, part) =>
    type.kind === 'record' || type.kind === 'array' || (first !== undefined && key.startsWith(first))
      ? zeroRange(part, sizes)
      : blankRange(part, sizes),
  )
}

/** An integer as it is stored in a place of the type. */
export function storedRange(range: ValueRange, type: Type): ValueRange {
  const values = valuesIn(range)
  if (type.kind !== 'int' || values === undefined) return range
  const low = number(type.low),
    high = number(type.high),
    count = high - low + 1
  switch (type.overflow) {
    case 'error':
      return leaf([...values].filter((v) => v >= low && v <= high))
    case 'wrap':
      return leaf([...values].map((v) => ((((v - low) % count) + count) % count) + low))
    case 'saturate':
      return leaf([...values].map((v) => Math.min(Math.max(v, low), high)))
  }
}
