/** Sets of small values: who holds a lock, which devices are registered. */
import type { Expression } from '../ast.ts'
import { recordStatement, type Recorded } from '../recorder.ts'
import { mustBeType, nodeOf } from '../given.ts'
import { binary, equality, type Bool } from './bool.ts'
import { cardinality, countType } from './count.ts'
import { intLiteral, type Int } from './int.ts'
import { asPlace, assign, type Settable } from './place.ts'
import { defineType, extendType, type AnyType, type Given, type TypeHandle } from './type.ts'
import type { Handle } from './handle.ts'

export interface SetOf<T extends AnyType> extends Handle {
  readonly type: 'set'
  readonly element: T
  readonly isEmpty: Bool
  readonly size: Int
  has(element: Given<T>): Bool
  eq(other: SetOf<T>): Bool
  ne(other: SetOf<T>): Bool
}
export interface SetPlace<T extends AnyType> extends SetOf<T>, Settable<SetOf<T>> {
  /** Puts the element in; no effect if it is there. */
  add(element: Given<T>): Recorded
  /** Takes the element out; no effect if it is not there. */
  remove(element: Given<T>): Recorded
  clear(): Recorded
}
export interface SetType<T extends AnyType> extends TypeHandle<SetOf<T>, SetPlace<T>, SetOf<T>> {
  /** The set of all elements. */
  readonly all: SetOf<T>
  readonly empty: SetOf<T>
}

/** A set over a sort, a range, an enumeration or Bool, of at most 64 possible elements; empty until set. */
export function setOf<T extends AnyType>(element: T): SetType<T> {
  mustBeType(element, 'setOf', 1)
  const shape = { kind: 'set', of: element.shape } as const
  const lift = (given: SetOf<T>): Expression => nodeOf(given, shape)
  const type = defineType<SetOf<T>, SetPlace<T>, SetOf<T>>({
    name: 'set',
    shape,
    lift,
    value: {
      type: 'set',
      element,
      get isEmpty() {
        return binary('==', cardinality(this.node), intLiteral(0))
      },
      get size() {
        return countType(element.shape).expr(cardinality(this.node))
      },
      has(x) {
        return binary('has', this.node, element.lift(x))
      },
      ...equality(lift),
    },
    place: {
      set(value) {
        return assign(this.node, lift(value))
      },
      add(x) {
        return recordStatement({ kind: 'insert', target: asPlace(this.node), value: element.lift(x) })
      },
      remove(x) {
        return recordStatement({ kind: 'remove', target: asPlace(this.node), value: element.lift(x) })
      },
      clear() {
        return assign(this.node, { kind: 'zero', type: shape })
      },
    },
  })
  return extendType(type, {
    all: type.expr({ kind: 'all', type: shape }),
    empty: type.expr({ kind: 'zero', type: shape }),
  })
}
