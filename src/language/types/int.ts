/** Bounded integers. What happens at the end of the range belongs to the type. */
import type { BinaryOperator, Bound, Expression, TypeOf } from '../ast.ts'
import { made, type Recorded } from '../recorder.ts'
import { binary, equality, type Bool } from './bool.ts'
import type { SortType } from './id.ts'
import { assign, type Settable } from './place.ts'
import { defineType, isHandle, type Handle, type Type } from './type.ts'

export interface Int extends Handle {
  readonly type: 'int'
  eq(other: Int | number): Bool
  ne(other: Int | number): Bool
  lt(other: Int | number): Bool
  le(other: Int | number): Bool
  gt(other: Int | number): Bool
  ge(other: Int | number): Bool
  /** The plain sum; it wraps or saturates when it is assigned, if the type of the place does. */
  plus(other: Int | number): Int
  minus(other: Int | number): Int
}
export interface IntPlace extends Int, Settable<Int | number> {
  /** One more: `x++`. */
  increment(): Recorded
  /** One less: `x--`. */
  decrement(): Recorded
}
export interface IntType extends Type<Int, IntPlace, Int | number> {}

export const intLiteral = (value: number): Expression =>
  ({ kind: 'literal', value, type: { kind: 'int', low: value, high: value, overflow: 'error' } })

const lift = (given: Int | number): Expression => (isHandle(given) ? given.node : intLiteral(given))

const calculate = (operator: '+' | '-', left: Expression, right: Expression): Expression => ({ kind: 'binary', operator, left, right })

function integer(low: Bound, high: Bound, overflow: TypeOf<'int'>['overflow']): IntType {
  const compare = (operator: BinaryOperator) => function (this: Int, other: Int | number): Bool {
    return binary(operator, this.node, lift(other))
  }
  const type: IntType = defineType<Int, IntPlace, Int | number>({
    name: 'n',
    shape: { kind: 'int', low, high, overflow },
    lift,
    value: {
      type: 'int',
      ...equality(lift),
      lt: compare('<'),
      le: compare('<='),
      gt: compare('>'),
      ge: compare('>='),
      plus(other) { return type.expr(made(calculate('+', this.node, lift(other)))) },
      minus(other) { return type.expr(made(calculate('-', this.node, lift(other)))) },
    },
    place: {
      set(value) { return assign(this.node, lift(value)) },
      increment() { return assign(this.node, calculate('+', this.node, intLiteral(1))) },
      decrement() { return assign(this.node, calculate('-', this.node, intLiteral(1))) },
    },
  })
  return type
}

/** low..high, both included; 0 until set, or the low end if 0 is outside. Leaving it is a violation (`domain`), never a silent wrap. */
export const range = (low: Bound, high: Bound): IntType => integer(low, high, 'error')

/** A counter modulo `size`. The model says why that is sound; comparing it by order is not. */
export const wrapping = (size: Bound): IntType =>
  integer(0, typeof size === 'number' ? size - 1 : { ...size, plus: size.plus - 1 }, 'wrap')

/** low..high, staying at the end: where any larger number is as good as the largest. */
export const saturating = (low: Bound, high: Bound): IntType => integer(low, high, 'saturate')

/** The number of elements of a sort, plus `plus`: a bound that the configuration fixes. */
export const size = (sort: SortType<string>, plus = 0): Bound => ({ sizeOf: sort.sort, plus })
