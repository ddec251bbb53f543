/**
 * The packing of a value in the state. It has the bits that the values it can hold need: these may be fewer than its
 * type has, or none.
 */
import type { Type } from '../language/ast.ts'
import { bitsFor, bitsOf, internal, isLeaf, lowOf, partNamed, partsOf, type SortSizes } from './encoding.ts'
import type { ValueRange } from './value-ranges/range.ts'

interface PartPacking {
  readonly packing: Packing
  readonly offset: number
}
export type Packing =
  /** All of the type, as `encoding.ts` packs it. */
  | { readonly kind: 'whole'; readonly type: Type; readonly bits: number }
  /** A leaf whose code is `base` and what stands in its bits. */
  | { readonly kind: 'leaf'; readonly type: Type; readonly bits: number; readonly base: bigint }
  | {
      readonly kind: 'parts'
      readonly type: Type
      readonly bits: number
      readonly parts: Readonly<Record<string, PartPacking>>
    }

export const whole = (type: Type, sizes: SortSizes): Packing => ({ kind: 'whole', type, bits: bitsOf(type, sizes) })

/** The packing that is enough for the reachable values. */
export function packingOf(type: Type, range: ValueRange, sizes: SortSizes): Packing {
  const all = whole(type, sizes)
  if (range.kind === 'any') return all
  if (isLeaf(type, sizes)) {
    if (range.kind !== 'leaf') return internal('a leaf in parts')
    const codes = [...range.values].map((v) => v - lowOf(type))
    const base = codes.length === 0 ? 0 : Math.min(...codes),
      bits = codes.length === 0 ? 0 : bitsFor(Math.max(...codes) - base + 1)
    return bits === all.bits ? all : { kind: 'leaf', type, bits, base: BigInt(base) }
  }
  const rangeOf = (key: string): ValueRange =>
    range.kind === 'parts'
      ? (range.parts[key] ?? { kind: 'any' })
      : range.kind === 'each'
        ? key === 'length'
          ? (range.length ?? { kind: 'any' })
          : range.of
        : internal('a composite that is a leaf')
  // one packing for all cells, so that an index that is found while searching is a matter of shifting
  const cells = new Map<Type, Packing>()
  const longest =
    type.kind === 'queue' && range.kind === 'each' && range.length?.kind === 'leaf'
      ? Math.max(0, ...range.length.values)
      : Infinity
  const cellPacking = (t: Type): Packing => {
    const known = cells.get(t)
    if (known !== undefined) return known
    const made = packingOf(t, rangeOf('0'), sizes)
    cells.set(t, made)
    return made
  }
  const packing = (key: string, t: Type): Packing => {
    if (type.kind === 'queue' && key !== 'length') return Number(key) >= longest ? empty(t, sizes) : cellPacking(t)
    return type.kind === 'array' ? cellPacking(t) : packingOf(t, rangeOf(key), sizes)
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
      const made = { packing: packing(p.key, p.type), offset }
      offset += made.packing.bits
      widest = Math.max(widest, offset)
      return [p.key, made]
    }),
  )
  const same = widest === all.bits && Object.values(parts).every(({ packing: s }) => s.kind === 'whole')
  return same ? all : { kind: 'parts', type, bits: widest, parts }
}
/** Holds nothing but zero bits. */
export function empty(type: Type, sizes: SortSizes): Packing {
  if (isLeaf(type, sizes)) return { kind: 'leaf', type, bits: 0, base: 0n }
  return {
    kind: 'parts',
    type,
    bits: 0,
    parts: Object.fromEntries(partsOf(type, sizes).map((p) => [p.key, { packing: empty(p.type, sizes), offset: 0 }])),
  }
}

/** A part of a packing, and its offset. */
export function partOfPacking(
  packing: Packing,
  key: string,
  sizes: SortSizes,
): { readonly packing: Packing; readonly offset: number } {
  switch (packing.kind) {
    case 'leaf':
      return internal(`the part ${key} of a leaf`)
    case 'parts':
      return packing.parts[key] ?? internal(`no part ${key}`)
    case 'whole': {
      const p = partNamed(packing.type, key, sizes)
      return { packing: whole(p.type, sizes), offset: p.offset }
    }
  }
}

/** Bits from one cell of an array to the next. */
export const strideOf = (packing: Packing, sizes: SortSizes): number =>
  packing.type.kind === 'array' ? partOfPacking(packing, '0', sizes).packing.bits : internal('the stride of no array')
