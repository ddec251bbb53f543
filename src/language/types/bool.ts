/** Truth values of the model, and the operators that make them. */
import type { BinaryOperator, Expression } from '../ast.ts'
import { made } from '../recorder.ts'
import { assign, type Settable } from './place.ts'
import { nodeOf } from '../given.ts'
import { defineType, type TypeHandle } from './type.ts'
import type { Handle } from './handle.ts'

/**
 * A truth value in the model. Not a JavaScript boolean: write `If(x, ...)`, `and(x, y)`, `not(x)`.
 *
 * Its type says that it is a function, which it is not, so that the compiler refuses `if (x)` and `x && y`: they would
 * always be true.
 */
export interface Bool extends Handle {
  (useIfAndOrNot: never): never
  readonly type: 'bool'
  eq(other: Bool | boolean): Bool
  ne(other: Bool | boolean): Bool
}
export interface BoolPlace extends Bool, Settable<Bool | boolean> {}
export interface BoolType extends TypeHandle<Bool, BoolPlace, Bool | boolean> {}

const lift = (given: Bool | boolean): Expression =>
  typeof given === 'boolean'
    ? { kind: 'literal', value: given, type: { kind: 'bool' } }
    : nodeOf(given, { kind: 'bool' })

/** True or false; false until set. */
export const Bool: BoolType = defineType<Bool, BoolPlace, Bool | boolean>({
  name: 'flag',
  shape: { kind: 'bool' },
  lift,
  value: { type: 'bool', ...equality(lift) },
  place: {
    set(value) {
      return assign(this.node, lift(value))
    },
  },
})

/** A Bool that a model's text has just made: it must be used (HMM017). */
export const bool = (node: Expression): Bool => Bool.expr(made(node))

export const binary = (operator: BinaryOperator, left: Expression, right: Expression): Bool =>
  bool({ kind: 'binary', operator, left, right })

/** `eq` and `ne` against whatever `lift` takes. */
export function equality<Given>(lift: (given: Given) => Expression): {
  eq(this: Handle, other: Given): Bool
  ne(this: Handle, other: Given): Bool
} {
  return {
    eq(other) {
      return binary('==', this.node, lift(other))
    },
    ne(other) {
      return binary('!=', this.node, lift(other))
    },
  }
}
