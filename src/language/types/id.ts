/**
 * Interchangeable things of a sort: pages, devices, threads. The types leave no way to tell two of them apart but
 * equality.
 */
import type { Expression } from '../ast.ts'
import { nodeOf } from '../given.ts'
import { equality, type Bool } from './bool.ts'
import { assign, type Settable } from './place.ts'
import { defineType, extendType, type TypeHandle } from './type.ts'
import type { Handle } from './handle.ts'

/** An element of a sort. It can be compared, stored, passed on and used as an index; nothing else. */
export interface Id<Sort extends string> extends Handle {
  readonly type: 'id'
  readonly sort: Sort
  eq(other: Id<Sort>): Bool
  ne(other: Id<Sort>): Bool
}
export interface IdPlace<Sort extends string> extends Id<Sort>, Settable<Id<Sort>> {}
export interface SortType<Sort extends string> extends TypeHandle<Id<Sort>, IdPlace<Sort>, Id<Sort>> {
  readonly sort: Sort
}

/** A sort of interchangeable things. Its size belongs to the configuration, not to the protocol. */
export function sort<const Sort extends string>(name: Sort): SortType<Sort> {
  const lift = (given: Id<Sort>): Expression => nodeOf(given, { kind: 'id', sort: name })
  const type = defineType<Id<Sort>, IdPlace<Sort>, Id<Sort>>({
    name: name.toLowerCase(),
    shape: { kind: 'id', sort: name },
    lift,
    value: { type: 'id', sort: name, ...equality(lift) },
    place: {
      set(value) {
        return assign(this.node, lift(value))
      },
    },
  })
  return extendType(type, { sort: name })
}

/** The sort of a configuration's thread instances. */
export const Thread: SortType<'Thread'> = sort('Thread')

/** The thread that runs. */
export const current: Id<'Thread'> = Thread.expr({ kind: 'current' })
