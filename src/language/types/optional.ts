/** A value or none: `struct page *page`, which may be NULL. */
import type { Expression } from '../ast.ts'
import { mustBeType } from '../given.ts'
import { bool, equality, type Bool } from './bool.ts'
import { assign, type Settable } from './place.ts'
import { defineType, isHandle, typeOf, type AnyType, type Given, type TypeHandle } from './type.ts'
import type { Handle } from './handle.ts'

/** The absence of a value. */
export interface None {
  readonly type: 'none'
}
/** No value: `place.set(none)`. */
export const none: None = { type: 'none' }

export interface Optional<T extends AnyType> extends Handle {
  readonly type: 'optional'
  readonly element: T
  readonly isNone: Bool
  readonly isSome: Bool
  eq(other: Given<T> | None | Optional<T>): Bool
  ne(other: Given<T> | None | Optional<T>): Bool
}
export interface OptionalPlace<T extends AnyType> extends Optional<T>, Settable<Given<T> | None | Optional<T>> {}
export interface OptionalType<T extends AnyType>
  extends TypeHandle<Optional<T>, OptionalPlace<T>, Given<T> | None | Optional<T>> {}

/**
 * None or a value of `element`; none until set. Wherever it is expected the bare value may be written:
 * `owner.set(current)`.
 */
export function optional<T extends AnyType>(element: T): OptionalType<T> {
  mustBeType(element, 'optional', 1)
  const shape = { kind: 'optional', of: element.shape } as const
  const isOptional = (given: unknown): given is Optional<T> =>
    isHandle(given) && typeOf(given).shape.kind === 'optional'
  const lift = (given: Given<T> | None | Optional<T>): Expression =>
    given === none
      ? { kind: 'zero', type: shape }
      : isOptional(given)
        ? given.node
        : { kind: 'some', of: element.lift(given), type: shape }
  return defineType<Optional<T>, OptionalPlace<T>, Given<T> | None | Optional<T>>({
    name: element.name,
    shape,
    lift,
    value: {
      type: 'optional',
      element,
      get isNone() {
        return bool({ kind: 'not', of: { kind: 'isSome', of: this.node } })
      },
      get isSome() {
        return bool({ kind: 'isSome', of: this.node })
      },
      ...equality(lift),
    },
    place: {
      set(value) {
        return assign(this.node, lift(value))
      },
    },
  })
}
