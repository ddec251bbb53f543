/** A part of the packed state: a slot, or what stands within one. */
import type { Type } from '../language/ast.ts'
import type { SortSizes } from './encoding.ts'
import { partOfSlot, type Slot } from './layout.ts'
import { partOfPacking, type Packing } from './packing.ts'

export type StatePart =
  | Slot
  | {
      readonly kind: 'bits'
      readonly type: Type
      readonly word: number
      readonly shift: number
      readonly packing: Packing
    }

/** A part of a part that is a composite, by the keys of `partsOf`. */
export function statePartOf(part: StatePart, key: string, sizes: SortSizes): StatePart {
  if (part.kind === 'parts') return partOfSlot(part, key)
  const { packing, offset } = partOfPacking(part.packing, key, sizes)
  return { kind: 'bits', type: packing.type, word: part.word, shift: part.shift + offset, packing }
}
