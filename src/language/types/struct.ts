/** C structs: named fields, read and assigned one by one. */
import type { Expression } from '../ast.ts'
import { modelError } from '../errors.ts'
import { taking } from '../calls.ts'
import { mentioned } from '../recorder.ts'
import { mustBeName, mustBeType, nodeOf } from '../given.ts'
import { equality, type Bool } from './bool.ts'
import { assignedByJavaScript } from './members.ts'
import { assign, type Settable } from './place.ts'
import {
  defineType,
  extendType,
  type AnyType,
  type Fields,
  type Given,
  type Members,
  type PlaceOf,
  type TypeHandle,
  type ValueOf,
} from './type.ts'
import type { Handle } from './handle.ts'

/** Any struct of this name. The name alone tells two structs apart, so that an error message says no more than it. */
export interface Struct<Name extends string> extends Handle {
  readonly struct: Name
  eq(other: Struct<Name>): Bool
  ne(other: Struct<Name>): Bool
}
/** A struct's place as a caller sees it that passes it on: its fields are the callee's business. */
export interface StructReference<Name extends string> extends Struct<Name>, Settable<Struct<Name>> {}

export type StructValue<Name extends string, F extends Fields> = Struct<Name> & {
  readonly [K in keyof F]: ValueOf<F[K]>
}
export type StructPlace<Name extends string, F extends Fields> = StructReference<Name> & {
  readonly [K in keyof F]: PlaceOf<F[K]>
}
export type GivenFields<F extends Fields> = { readonly [K in keyof F]: Given<F[K]> }

export interface StructType<Name extends string, F extends Fields>
  extends TypeHandle<StructValue<Name, F>, StructPlace<Name, F>, Struct<Name>> {
  readonly struct: Name
  /** A whole struct: `MigrateVma.value({ src: none, dst: none, migrate: false })`. */
  value(fields: GivenFields<F>): StructValue<Name, F>
}

/** Members of the handle of any struct, so that a field cannot have their names. */
const reserved = ['node', 'struct', 'eq', 'ne', 'set']

/** A struct; every field has its zero until set: `struct('mutex', { owner: optional(Thread) })`. */
export function struct<const Name extends string, const F extends Fields>(name: Name, fields: F): StructType<Name, F> {
  for (const field of reserved)
    if (field in fields) throw modelError('HMM003', `struct ${name} has a field called ${field}`)
  mustBeName(name, 'struct')
  const entries = Object.entries<AnyType>(fields)
  for (const [field, type] of entries) mustBeType(type, 'struct', 2, `the field ${field} of struct ${name}`)
  const shape = {
    kind: 'record',
    name,
    fields: Object.fromEntries(entries.map(([field, type]) => [field, type.shape])),
  } as const
  const lift = (given: Struct<Name>): Expression => nodeOf(given, shape)

  // Handles of fields are made when they are asked for: of a large struct a statement names one.
  const accessors = (make: (type: AnyType, node: Expression) => Handle): object =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        entries.map(([field, type]) => [
          field,
          {
            enumerable: true,
            get(this: Handle) {
              return make(type, mentioned({ kind: 'field', of: this.node, name: field }, this.node))
            },
            set(this: Handle) {
              throw assignedByJavaScript(this, field)
            },
          },
        ]),
      ),
    )
  const common: Members<Struct<Name>> = { struct: name, ...equality(lift) }
  const settable: Members<Settable<Struct<Name>> & Handle> = {
    set(value) {
      return assign(this.node, lift(value))
    },
  }

  const type = defineType<StructValue<Name, F>, StructPlace<Name, F>, Struct<Name>>({
    name,
    shape,
    lift,
    // The casts: the accessors are the fields, by name and type, which defineProperties does not say.
    value: merge(
      accessors((of, node) => of.expr(node)),
      common,
    ) as Members<StructValue<Name, F>>,
    place: merge(
      accessors((of, node) => of.place(node)),
      settable,
    ) as Members<StructPlace<Name, F>>,
  })
  return extendType(type, {
    struct: name,
    value: (given: GivenFields<F>) => type.expr({ kind: 'record', fields: liftFields(fields, given), type: shape }),
  })
}

/** Both, with their getters as getters. */
const merge = (a: object, b: object): object => Object.defineProperties(a, Object.getOwnPropertyDescriptors(b))

/** The expressions of the fields of a struct or of a union's case. */
export function liftFields<F extends Fields>(fields: F, given: GivenFields<F>): Readonly<Record<string, Expression>> {
  const values: Readonly<Record<string, unknown>> = given
  return Object.fromEntries(
    Object.entries<AnyType>(fields).map(([name, type]) => {
      taking('value', 1, `the field ${name}`)
      return [name, type.lift(values[name])]
    }),
  )
}
