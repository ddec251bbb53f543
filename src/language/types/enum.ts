/** One of a few named values. */
import type { Expression } from '../ast.ts'
import { equality, type Bool } from './bool.ts'
import { assign, type Settable } from './place.ts'
import { nodeOf } from '../given.ts'
import { defineType, type TypeHandle } from './type.ts'
import type { Handle } from './handle.ts'

export interface OneOf<Member extends string> extends Handle {
  readonly type: 'enum'
  readonly member: Member
  eq(other: OneOf<Member> | Member): Bool
  ne(other: OneOf<Member> | Member): Bool
}
export interface OneOfPlace<Member extends string> extends OneOf<Member>, Settable<OneOf<Member> | Member> {}
export interface OneOfType<Member extends string>
  extends TypeHandle<OneOf<Member>, OneOfPlace<Member>, OneOf<Member> | Member> {}

/** An enumeration; the first member until set: `oneOf('working', 'prepared', 'committed')`. */
export function oneOf<const Member extends string>(...members: readonly [Member, ...Member[]]): OneOfType<Member> {
  const shape = { kind: 'enum', members } as const
  const lift = (given: OneOf<Member> | Member): Expression =>
    typeof given === 'string' && members.includes(given)
      ? { kind: 'literal', value: given, type: shape }
      : nodeOf(given, shape)
  return defineType<OneOf<Member>, OneOfPlace<Member>, OneOf<Member> | Member>({
    name: 'kind',
    shape,
    lift,
    value: { type: 'enum', member: members[0], ...equality(lift) },
    place: {
      set(value) {
        return assign(this.node, lift(value))
      },
    },
  })
}
