/** Tagged unions: a page-table entry is none, present, a migration entry, ... each with fields of its own. */
import type { Expression } from '../ast.ts'
import { modelError } from '../errors.ts'
import { nodeOf } from '../given.ts'
import { bool, equality, type Bool } from './bool.ts'
import { assign, type Settable } from './place.ts'
import { liftFields, type GivenFields } from './struct.ts'
import { defineType, type AnyType, type Fields, type TypeHandle } from './type.ts'
import type { Handle } from './handle.ts'

export type Cases = Readonly<Record<string, Fields>>

/** Any union of this name. */
export interface Union<Name extends string, C extends Cases> extends Handle {
  readonly union: Name
  readonly cases: C
  is(tag: keyof C & string): Bool
  eq(other: Union<Name, C>): Bool
  ne(other: Union<Name, C>): Bool
}
export interface UnionPlace<Name extends string, C extends Cases> extends Union<Name, C>, Settable<Union<Name, C>> {}

/** Constructor of a value of a case: the value itself if it has no fields, else a function of the fields. */
export type Constructor<Name extends string, C extends Cases, Tag extends keyof C> = keyof C[Tag] extends never
  ? Union<Name, C>
  : (fields: GivenFields<C[Tag]>) => Union<Name, C>

export type UnionType<Name extends string, C extends Cases> = TypeHandle<
  Union<Name, C>,
  UnionPlace<Name, C>,
  Union<Name, C>
> & { readonly [Tag in keyof C]: Constructor<Name, C, Tag> }

/**
 * A union; the first case, with zero fields, until set.
 * `union('pte', { none: {}, present: { page: Page, write: Bool } })` makes `Pte.none` and `Pte.present({ page, write:
 * true })`.
 */
export function union<const Name extends string, const C extends Cases>(name: Name, cases: C): UnionType<Name, C> {
  const entries = Object.entries<Fields>(cases)
  const shape = {
    kind: 'union',
    name,
    cases: Object.fromEntries(
      entries.map(([tag, fields]) => [
        tag,
        Object.fromEntries(Object.entries(fields).map(([field, of]) => [field, of.shape])),
      ]),
    ),
  } as const
  const lift = (given: Union<Name, C>): Expression => nodeOf(given, shape)
  const type = defineType<Union<Name, C>, UnionPlace<Name, C>, Union<Name, C>>({
    name,
    shape,
    lift,
    value: {
      union: name,
      cases,
      is(tag) {
        return bool({ kind: 'isCase', of: this.node, tag })
      },
      ...equality(lift),
    },
    place: {
      set(value) {
        return assign(this.node, lift(value))
      },
    },
  })
  for (const [tag] of entries) if (tag in type) throw modelError('HMM003', `union ${name} has a case called ${tag}`)

  const constructors = Object.fromEntries(
    entries.map(([tag, fields]) => {
      const make = (given: GivenFields<Fields>): Union<Name, C> =>
        type.expr({
          kind: 'case',
          tag,
          fields: liftFields<Readonly<Record<string, AnyType>>>(fields, given),
          type: shape,
        })
      return [tag, Object.keys(fields).length === 0 ? make({}) : make]
    }),
  )
  // The one cast: fromEntries forgets which tag has which constructor.
  return { ...type, ...constructors } as UnionType<Name, C>
}
