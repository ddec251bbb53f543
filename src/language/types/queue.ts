/** First in, first out, of bounded length: the waiters of a lock, a list. */
import type { Bound, Expression } from '../ast.ts'
import { recordStatement, type Recorded } from '../recorder.ts'
import { mustBeType, nodeOf } from '../given.ts'
import { binary, equality, type Bool } from './bool.ts'
import { boundAsExpression, cardinality, countType } from './count.ts'
import { intLiteral, type Int } from './int.ts'
import { asPlace, assign, type Settable } from './place.ts'
import { defineType, extendType, type AnyType, type Given, type TypeHandle, type ValueOf } from './type.ts'
import type { Handle } from './handle.ts'

export interface Queue<T extends AnyType> extends Handle {
  readonly type: 'queue'
  readonly element: T
  /** The first element; of an empty queue a domain error. */
  readonly head: ValueOf<T>
  readonly isEmpty: Bool
  readonly isFull: Bool
  readonly length: Int
  has(element: Given<T>): Bool
  eq(other: Queue<T>): Bool
  ne(other: Queue<T>): Bool
}
export interface QueuePlace<T extends AnyType> extends Queue<T>, Settable<Queue<T>> {
  /** Appends; to a full queue a domain error. */
  push(element: Given<T>): Recorded
  /** Drops the head; of an empty queue a domain error. */
  pop(): Recorded
  /** Takes the first element equal to this one out, wherever it stands; no effect if there is none. */
  discard(element: Given<T>): Recorded
  clear(): Recorded
}
export interface QueueType<T extends AnyType> extends TypeHandle<Queue<T>, QueuePlace<T>, Queue<T>> {
  readonly empty: Queue<T>
}

/** A queue of at most `capacity` elements; empty until set. */
export function queueOf<T extends AnyType>(element: T, capacity: Bound): QueueType<T> {
  mustBeType(element, 'queueOf', 1)
  const shape = { kind: 'queue', of: element.shape, capacity } as const
  const lift = (given: Queue<T>): Expression => nodeOf(given, shape)
  const type = defineType<Queue<T>, QueuePlace<T>, Queue<T>>({
    name: 'queue',
    shape,
    lift,
    value: {
      type: 'queue',
      element,
      // The cast: T's own method makes ValueOf<T>.
      get head() {
        return element.expr({ kind: 'head', of: this.node }) as ValueOf<T>
      },
      get isEmpty() {
        return binary('==', cardinality(this.node), intLiteral(0))
      },
      get isFull() {
        return binary('==', cardinality(this.node), boundAsExpression(capacity))
      },
      get length() {
        return countType(capacity).expr(cardinality(this.node))
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
      push(x) {
        return recordStatement({ kind: 'push', target: asPlace(this.node), value: element.lift(x) })
      },
      pop() {
        return recordStatement({ kind: 'pop', target: asPlace(this.node) })
      },
      discard(x) {
        return recordStatement({ kind: 'discard', target: asPlace(this.node), value: element.lift(x) })
      },
      clear() {
        return assign(this.node, { kind: 'zero', type: shape })
      },
    },
  })
  return extendType(type, { empty: type.expr({ kind: 'zero', type: shape }) })
}
