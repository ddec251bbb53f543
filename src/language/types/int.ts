/** Bounded integers. The type says what happens at the end of its range. */
import type { BinaryOperator, Bound, Expression, TypeOf } from '../ast.ts'
import { nodeOf } from '../given.ts'
import { rangeOfBits, type Range } from '../ranges.ts'
import { made, type Recorded } from '../recorder.ts'
import { binary, equality, type Bool } from './bool.ts'
import type { SortType } from './id.ts'
import { assign, type Settable } from './place.ts'
import { defineType, isHandle, typeOf, type MoreMembers, type TypeHandle } from './type.ts'
import type { Handle } from './handle.ts'

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
  /** The rest of the division by `n`, from 0 to n - 1, of a negative number too: `x % n`. */
  mod(n: number): Int
  /** `x & 1` */
  readonly isOdd: Bool
  /** `!(x & 1)` */
  readonly isEven: Bool
  /**
   * The bits that both have: `x & mask`. As for `or` and `andNot`, neither may be of a type that has negative
   * numbers.
   */
  and(mask: Int | number): Int
  /** The bits that one of them has: `x | mask`. */
  or(mask: Int | number): Int
  /** Its bits without those of the mask: `x & ~mask`. */
  andNot(mask: Int | number): Int
}
export interface IntPlace extends Int, Settable<Int | number> {
  /** One more: `x++`. */
  increment(): Recorded
  /** One less: `x--`. */
  decrement(): Recorded
  /** `x |= mask` */
  setBits(mask: Int | number): Recorded
  /** `x &= ~mask` */
  clearBits(mask: Int | number): Recorded
}
export interface IntType extends TypeHandle<Int, IntPlace, Int | number> {}

export const intLiteral = (value: number): Expression => ({
  kind: 'literal',
  value,
  type: { kind: 'int', low: value, high: value, overflow: 'error' },
})

const lift = (given: Int | number): Expression =>
  typeof given === 'number' ? intLiteral(given) : nodeOf(given, 'a number')

const calculate = (operator: '+' | '-' | '%' | '&' | '|' | '&~', left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
})

/** What a place can do beside what a value can: it is changed. */
const changes: MoreMembers<IntPlace, Int> = {
  set(value) {
    return assign(this.node, lift(value))
  },
  increment() {
    return assign(this.node, calculate('+', this.node, intLiteral(1)))
  },
  decrement() {
    return assign(this.node, calculate('-', this.node, intLiteral(1)))
  },
  setBits(mask) {
    return assign(this.node, calculate('|', this.node, lift(mask)))
  },
  clearBits(mask) {
    return assign(this.node, calculate('&~', this.node, lift(mask)))
  },
}

function integer(low: Bound, high: Bound, overflow: TypeOf<'int'>['overflow']): IntType {
  const compare = (operator: BinaryOperator) =>
    function (this: Int, other: Int | number): Bool {
      return binary(operator, this.node, lift(other))
    }
  const parity = (of: Int, odd: 0 | 1): Bool => binary('==', calculate('%', of.node, intLiteral(2)), intLiteral(odd))
  const bits = (operator: '&' | '|' | '&~', left: Expression, right: Int | number): Int =>
    typeOfBits(operator, right).expr(made(calculate(operator, left, lift(right))))
  /** The type of the result, as far as it is known before the configuration; else the type itself. */
  const typeOfBits = (operator: '&' | '|' | '&~', right: Int | number): IntType => {
    const mask = rangeOf(right)
    if (typeof low !== 'number' || typeof high !== 'number' || mask === undefined) return type
    const result = rangeOfBits(operator, { low, high }, mask)
    return range(result.low, result.high)
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
      plus(other) {
        return type.expr(made(calculate('+', this.node, lift(other))))
      },
      minus(other) {
        return type.expr(made(calculate('-', this.node, lift(other))))
      },
      mod(n) {
        return range(0, Math.max(0, n - 1)).expr(made(calculate('%', this.node, intLiteral(n))))
      },
      get isOdd() {
        return parity(this, 1)
      },
      get isEven() {
        return parity(this, 0)
      },
      and(mask) {
        return bits('&', this.node, mask)
      },
      or(mask) {
        return bits('|', this.node, mask)
      },
      andNot(mask) {
        return bits('&~', this.node, mask)
      },
    },
    place: changes,
  })
  return type
}

/** The range of a number, where no configuration is needed to say it. */
function rangeOf(given: Int | number): Range | undefined {
  if (!isHandle(given)) return { low: given, high: given }
  const { shape } = typeOf(given)
  if (shape.kind !== 'int' || typeof shape.low !== 'number' || typeof shape.high !== 'number') return undefined
  return { low: shape.low, high: shape.high }
}

/**
 * low..high, both included; 0 until set, or the low end if 0 is outside. Leaving it is a violation (`domain`), never
 * a silent wrap.
 */
export const range = (low: Bound, high: Bound): IntType => integer(low, high, 'error')

/** A counter modulo `size`. The model says why that is sound; comparing it by order is not. */
export const wrapping = (size: Bound): IntType =>
  integer(0, typeof size === 'number' ? size - 1 : { ...size, plus: size.plus - 1 }, 'wrap')

/** low..high, staying at the end: where any larger number is as good as the largest. */
export const saturating = (low: Bound, high: Bound): IntType => integer(low, high, 'saturate')

/** The number of elements of a sort, plus `plus`: a bound that the configuration fixes. */
export const size = (sort: SortType<string>, plus = 0): Bound => ({ sizeOf: sort.sort, plus })
