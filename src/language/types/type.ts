/**
 * A type of the language is a value that makes handles. A handle wraps one expression of the model;
 * it is what a model's text compares, indexes and assigns.
 */
import type { Expression, Type as Shape } from '../ast.ts'
import { taking } from '../calls.ts'
import { asked, called } from '../recorder.ts'
import type { Handle } from './handle.ts'
import { assignedByJavaScript, unknownMembers } from './members.ts'

const ofType = Symbol('the type of a handle')
/** The prototype has them, so that a handle gets its own by plain assignment. */
const slots: PropertyDescriptorMap = { node: { writable: true }, [ofType]: { writable: true } }

/**
 * A type: `Value` is the handle of something that can be read, `Place` of something that can be assigned too,
 * `Given` what may be written where a value is expected (`3`, `'prepared'`, `none`).
 */
export interface TypeHandle<Value extends Handle, Place extends Value, Given> {
  readonly shape: Shape
  /** Names what is made of the type without a name of its own: the element of a `ForEach`, the value of an `IfSome`. */
  readonly name: string
  expr(node: Expression): Value
  place(node: Expression): Place
  /** The expression of whatever may be written where a value of this type is expected. */
  lift(given: Given): Expression
  /** The same type under another name. */
  as(name: string): this
}

/** Any type. Methods are compared bivariantly, so this is the bound that every type meets, without an `any`. */
export type AnyType = TypeHandle<Handle, Handle, unknown>
export type ValueOf<T extends AnyType> = ReturnType<T['expr']>
export type PlaceOf<T extends AnyType> = ReturnType<T['place']>
/** The argument that may be written where a value of `T` is expected. */
export type Given<T extends AnyType> = Parameters<T['lift']>[0]

/** The fields of a struct or of one case of a union. */
export type Fields = Readonly<Record<string, AnyType>>

/** Members of the handles of a type, written once for all of them; `this` is the handle. */
export type Members<H extends Handle> = Omit<H, 'node'> & ThisType<H>
/** Members of a place that a value does not have, or has otherwise. */
export type MoreMembers<Place extends Value, Value extends Handle> = Omit<Place, keyof Value> &
  Partial<Omit<Place, 'node'>> &
  ThisType<Place>

interface Definition<Value extends Handle, Place extends Value, Given> {
  readonly name: string
  readonly shape: Shape
  readonly value: Members<Value>
  readonly place: MoreMembers<Place, Value>
  lift(given: Given): Expression
}

/** Members of which each call says that it takes its argument, for messages. */
function announced(members: object): PropertyDescriptorMap {
  return Object.fromEntries(
    Object.entries(Object.getOwnPropertyDescriptors(members)).map(([name, descriptor]) => {
      const method: unknown = descriptor.value
      if (typeof method !== 'function') return [name, descriptor]
      const call = function (this: unknown, ...args: readonly unknown[]): unknown {
        if (isHandle(this)) called(this.node, name)
        taking(name)
        return Reflect.apply(method, this, args)
      }
      return [
        name,
        {
          enumerable: descriptor.enumerable === true,
          configurable: true,
          get(this: unknown): unknown {
            if (isHandle(this)) asked(this.node, name)
            return call
          },
          set(this: object) {
            throw assignedByJavaScript(this, name)
          },
        },
      ]
    }),
  )
}

/** Makes a type from what its handles can do. */
export function defineType<Value extends Handle, Place extends Value, Given>({
  name,
  shape,
  value,
  place,
  lift,
}: Definition<Value, Place, Given>): TypeHandle<Value, Place, Given> {
  const values: object = Object.create(unknownMembers, { ...slots, ...announced(value) })
  const places: object = Object.create(values, announced(place))
  return {
    name,
    shape,
    // `this`: a renamed type makes handles of the renamed type.
    expr(node) {
      return makeHandle<Value>(values, node, this)
    },
    place(node) {
      return makeHandle<Place>(places, node, this)
    },
    lift,
    as(other) {
      return { ...this, name: other }
    },
  }
}

/** A type with members of its own, besides those of every type; renamed, it keeps them. */
export const extendType = <T extends AnyType, More extends object>(type: T, more: More): T & More => ({
  ...type,
  ...more,
})

interface Typed extends Handle {
  readonly [ofType]: AnyType
}

/** The cast: a prototype of members, a node and its type are what a handle is. */
const makeHandle = <H extends Handle>(members: object, node: Expression, type: AnyType): H =>
  Object.assign(Object.create(members) as object, { node, [ofType]: type }) as unknown as H

const isTyped = (value: unknown): value is Typed => typeof value === 'object' && value !== null && ofType in value
export const isHandle = (value: unknown): value is Handle => isTyped(value)

/** Every handle knows its type, so that a local or a result can be made like it. */
export function typeOf(handle: Handle): AnyType {
  if (!isTyped(handle)) throw new TypeError('this object is no handle of the modelling language')
  return handle[ofType]
}
