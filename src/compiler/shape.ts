/**
 * How a value stands in the state: with the bits that what it can hold needs, which may be fewer than its type has,
 * or none.
 */
import type { Type } from '../language/ast.ts'
import { bitsFor, bitsOf, internal, lowOf, ordinalCount, partNamed, partsOf, type Sizes } from './encoding.ts'
import type { Reach } from './reach.ts'

interface PartShape {
  readonly shape: Shape
  readonly offset: number
}
export type Shape =
  /** All of the type, as `encoding.ts` packs it. */
  | { readonly kind: 'whole'; readonly type: Type; readonly bits: number }
  /** A leaf whose code is `base` and what stands in its bits. */
  | { readonly kind: 'leaf'; readonly type: Type; readonly bits: number; readonly base: bigint }
  | {
      readonly kind: 'parts'
      readonly type: Type
      readonly bits: number
      readonly parts: Readonly<Record<string, PartShape>>
    }

const isLeaf = (type: Type, sizes: Sizes): boolean => ordinalCount(type, sizes) !== undefined || type.kind === 'set'
export const whole = (type: Type, sizes: Sizes): Shape => ({ kind: 'whole', type, bits: bitsOf(type, sizes) })

/** What is enough for what can be reached. */
export function shapeOf(type: Type, reach: Reach, sizes: Sizes): Shape {
  const all = whole(type, sizes)
  if (reach.kind === 'any') return all
  if (isLeaf(type, sizes)) {
    if (reach.kind !== 'leaf') return internal('a leaf in parts')
    const codes = [...reach.values].map((v) => v - lowOf(type))
    const base = codes.length === 0 ? 0 : Math.min(...codes),
      bits = codes.length === 0 ? 0 : bitsFor(Math.max(...codes) - base + 1)
    return bits === all.bits ? all : { kind: 'leaf', type, bits, base: BigInt(base) }
  }
  const reachOf = (key: string): Reach =>
    reach.kind === 'parts'
      ? (reach.parts[key] ?? { kind: 'any' })
      : reach.kind === 'each'
        ? key === 'length'
          ? (reach.length ?? { kind: 'any' })
          : reach.of
        : internal('a composite that is a leaf')
  // one shape for all cells, so that an index that is found while searching is a matter of shifting
  const cells = new Map<Type, Shape>()
  const longest =
    type.kind === 'queue' && reach.kind === 'each' && reach.length?.kind === 'leaf'
      ? Math.max(0, ...reach.length.values)
      : Infinity
  const cellShape = (t: Type): Shape => {
    const known = cells.get(t)
    if (known !== undefined) return known
    const made = shapeOf(t, reachOf('0'), sizes)
    cells.set(t, made)
    return made
  }
  const shape = (key: string, t: Type): Shape => {
    if (type.kind === 'queue' && key !== 'length') return Number(key) >= longest ? empty(t, sizes) : cellShape(t)
    return type.kind === 'array' ? cellShape(t) : shapeOf(t, reachOf(key), sizes)
  }
  let offset = 0,
    caseStart: number | undefined,
    caseName = '',
    widest = 0
  const parts = Object.fromEntries(
    partsOf(type, sizes).map((p) => {
      // the cases of a union begin at the same place
      if (type.kind === 'union' && p.key !== 'tag') {
        const name = p.key.slice(0, p.key.indexOf('.'))
        caseStart ??= offset
        if (name !== caseName) {
          offset = caseStart
          caseName = name
        }
      }
      const made = { shape: shape(p.key, p.type), offset }
      offset += made.shape.bits
      widest = Math.max(widest, offset)
      return [p.key, made]
    }),
  )
  const same = widest === all.bits && Object.values(parts).every(({ shape: s }) => s.kind === 'whole')
  return same ? all : { kind: 'parts', type, bits: widest, parts }
}
/** Holds nothing but zero bits. */
export function empty(type: Type, sizes: Sizes): Shape {
  if (isLeaf(type, sizes)) return { kind: 'leaf', type, bits: 0, base: 0n }
  return {
    kind: 'parts',
    type,
    bits: 0,
    parts: Object.fromEntries(partsOf(type, sizes).map((p) => [p.key, { shape: empty(p.type, sizes), offset: 0 }])),
  }
}

/** A part of a shape, and its offset. */
export function partOfShape(
  shape: Shape,
  key: string,
  sizes: Sizes,
): { readonly shape: Shape; readonly offset: number } {
  switch (shape.kind) {
    case 'leaf':
      return internal(`the part ${key} of a leaf`)
    case 'parts':
      return shape.parts[key] ?? internal(`no part ${key}`)
    case 'whole': {
      const p = partNamed(shape.type, key, sizes)
      return { shape: whole(p.type, sizes), offset: p.offset }
    }
  }
}

/** Bits from one cell of an array to the next. */
export const strideOf = (shape: Shape, sizes: Sizes): number =>
  shape.type.kind === 'array' ? partOfShape(shape, '0', sizes).shape.bits : internal('the stride of no array')
