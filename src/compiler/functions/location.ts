/** The location of a value in the packed state, also where an index says it only when the transition runs. */
import type { Type } from '../../language/ast.ts'
import { binaryOp, constantIn, i64, type W } from '../../wasm/expression.ts'
import { internal } from '../encoding.ts'
import { partOfSlot, type Slot } from '../layout.ts'
import { partOfPacking, strideOf, type Packing } from '../packing.ts'
import { keep, type Writing } from './writing.ts'

export interface BitsLocation {
  readonly kind: 'bits'
  readonly type: Type
  readonly word: number
  readonly shift: W
  readonly packing: Packing
}
export type Location =
  | BitsLocation
  | { readonly kind: 'parts'; readonly type: Type; readonly slot: Extract<Slot, { kind: 'parts' }> }
  /** One of several, by the code of an index. */
  | { readonly kind: 'choice'; readonly type: Type; readonly index: W; readonly cells: readonly Location[] }

export const locate = (slot: Slot): Location =>
  slot.kind === 'packed'
    ? { kind: 'bits', type: slot.type, word: slot.word, shift: i64(slot.shift), packing: slot.packing }
    : { kind: 'parts', type: slot.type, slot }

/** The place of a part of a composite. */
export function partAt(w: Writing, at: Location, key: string): Location {
  switch (at.kind) {
    case 'bits': {
      const { packing, offset } = partOfPacking(at.packing, key, w.sizes)
      return {
        kind: 'bits',
        type: packing.type,
        word: at.word,
        shift: binaryOp('add64', at.shift, i64(offset)),
        packing,
      }
    }
    case 'parts':
      return locate(partOfSlot(at.slot, key))
    case 'choice': {
      const cells = at.cells.map((cell) => partAt(w, cell, key))
      return { ...at, type: cells[0]?.type ?? internal('a choice of nothing'), cells }
    }
  }
}

/** The place of a cell of an array, by the code of its index. */
export function cellAt(w: Writing, at: Location, index: W): Location {
  const known = constantIn(index)
  if (known !== undefined) return partAt(w, at, String(known))
  if (at.type.kind !== 'array') return internal('a cell of no array')
  const type = at.type.of
  switch (at.kind) {
    case 'bits':
      return {
        kind: 'bits',
        type,
        word: at.word,
        shift: keep(w, binaryOp('add64', binaryOp('mul64', index, i64(strideOf(at.packing, w.sizes))), at.shift)),
        packing: partOfPacking(at.packing, '0', w.sizes).packing,
      }
    case 'parts':
      return {
        kind: 'choice',
        type,
        index: keep(w, index),
        cells: Object.keys(at.slot.parts).map((_, n) => partAt(w, at, String(n))),
      }
    case 'choice':
      return { kind: 'choice', type, index: at.index, cells: at.cells.map((cell) => cellAt(w, cell, keep(w, index))) }
  }
}
