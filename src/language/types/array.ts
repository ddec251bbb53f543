/** One cell for every value of an index type: `driver[NR_DEVICES]`. */
import type { Expression } from '../ast.ts'
import { mustBeType, nodeOf } from '../given.ts'
import { mentioned } from '../recorder.ts'
import { equality, type Bool } from './bool.ts'
import { assign, type Settable } from './place.ts'
import {
  defineType,
  extendType,
  type AnyType,
  type Given,
  type PlaceOf,
  type TypeHandle,
  type ValueOf,
} from './type.ts'
import type { Handle } from './handle.ts'

export interface ArrayOf<Index extends AnyType, T extends AnyType> extends Handle {
  readonly type: 'array'
  /** `array[index]` in C. */
  at(index: Given<Index>): ValueOf<T>
  eq(other: ArrayOf<Index, T>): Bool
  ne(other: ArrayOf<Index, T>): Bool
}
export interface ArrayPlace<Index extends AnyType, T extends AnyType>
  extends ArrayOf<Index, T>,
    Settable<ArrayOf<Index, T>> {
  at(index: Given<Index>): PlaceOf<T>
}
export interface ArrayType<Index extends AnyType, T extends AnyType>
  extends TypeHandle<ArrayOf<Index, T>, ArrayPlace<Index, T>, ArrayOf<Index, T>> {
  /** Every cell the same value. */
  filled(value: Given<T>): ArrayOf<Index, T>
}

/** An array over a sort, a range, an enumeration or Bool: `array(Device, struct('driver', { ... }))`. */
export function array<Index extends AnyType, T extends AnyType>(index: Index, element: T): ArrayType<Index, T> {
  mustBeType(index, 'array', 1)
  mustBeType(element, 'array', 2)
  const shape = { kind: 'array', index: index.shape, of: element.shape } as const
  const cell = (of: Expression, at: Given<Index>): Expression => ({ kind: 'index', of, index: index.lift(at) })
  const lift = (given: ArrayOf<Index, T>): Expression => nodeOf(given, shape)
  const type = defineType<ArrayOf<Index, T>, ArrayPlace<Index, T>, ArrayOf<Index, T>>({
    name: 'array',
    shape,
    lift,
    // The casts: T's own methods make ValueOf<T> and PlaceOf<T>, but the compiler takes them for those of any type.
    value: {
      type: 'array',
      at(i) {
        return element.expr(mentioned(cell(this.node, i), this.node)) as ValueOf<T>
      },
      ...equality(lift),
    },
    place: {
      at(i) {
        return element.place(mentioned(cell(this.node, i), this.node)) as PlaceOf<T>
      },
      set(value) {
        return assign(this.node, lift(value))
      },
    },
  })
  return extendType(type, {
    filled: (value: Given<T>) => type.expr({ kind: 'fill', of: element.lift(value), type: shape }),
  })
}
