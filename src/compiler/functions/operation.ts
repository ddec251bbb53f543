/** Operations on two values: logic, comparison, membership, arithmetic. */
import type { BinaryOperator } from '../../language/ast.ts'
import { rangeOfBits, rangeOfRest } from '../../language/ranges.ts'
import {
  after,
  both32,
  binaryOp,
  bit,
  choose,
  constantIn,
  i64,
  false32,
  not32,
  either32,
  unary,
  true32,
  type W,
} from '../../wasm/expression.ts'
import { internal } from '../encoding.ts'
import { behind, emitCode, force, isSmall, numberOf, queueCells, queueLength, truthOf } from './coded.ts'
import { element, emitEqual } from './compare.ts'
import { coded, numeric, truthful, typed, type Numeric, type CompiledValue } from './value.ts'
import { keep, share, type Writing } from './writing.ts'

/**
 * @param left the left side, to be evaluated once
 * @param right the right side, evaluated where the left one does not decide
 */
export function operation(
  w: Writing,
  operator: BinaryOperator,
  left: () => CompiledValue,
  right: () => CompiledValue,
): CompiledValue {
  switch (operator) {
    case 'and': {
      const first = truthOf(w, left())
      return truthful(both32(first, truthOf(w, right())))
    }
    case 'or': {
      const first = truthOf(w, left())
      return truthful(either32(first, truthOf(w, right())))
    }
    case '==': {
      const first = left()
      return truthful(emitEqual(w, first, right()))
    }
    case '!=': {
      const first = left()
      return truthful(not32(emitEqual(w, first, right())))
    }
    case 'has':
      return has(w, left(), right)
    default: {
      const a = numberOf(w, left())
      return onNumbers(w, operator, a, numberOf(w, right()))
    }
  }
}

/** Membership in a set or queue. */
function has(w: Writing, container: CompiledValue, sought: () => CompiledValue): CompiledValue {
  const of = typed(container)
  if (of.type.kind === 'set') {
    const x = element(w, sought(), of.type.of)
    return truthful(after(emitCode(w, of), both32(x.inside, bit(emitCode(w, of), x.code))))
  }
  const x = sought()
  const kept = x.form !== 'number' && isSmall(w, x.type) ? coded(x.type, keep(w, emitCode(w, x))) : x
  const length = keep(w, queueLength(w, of))
  const found = quantify(
    'some',
    queueCells(w, of).map((cell, i) => both32(binaryOp('gt64s', length, i64(i)), emitEqual(w, cell, kept))),
  )
  return behind(w, after(length, force(w, x)), found)
}

type NumberOperator = Exclude<BinaryOperator, 'and' | 'or' | '==' | '!=' | 'has'>
type Operand = Omit<Numeric, 'form'>

function onNumbers(w: Writing, operator: NumberOperator, a: Operand, b: Operand): CompiledValue {
  switch (operator) {
    case '<':
      return truthful(binaryOp('lt64s', a.number, b.number))
    case '<=':
      return truthful(binaryOp('le64s', a.number, b.number))
    case '>':
      return truthful(binaryOp('gt64s', a.number, b.number))
    case '>=':
      return truthful(binaryOp('ge64s', a.number, b.number))
    case '+':
      return numeric(binaryOp('add64', a.number, b.number), a.low + b.low, a.high + b.high)
    case '-':
      return numeric(binaryOp('sub64', a.number, b.number), a.low - b.high, a.high - b.low)
    case '%':
      return rest(w, a, b)
    case '&':
    case '|':
    case '&~': {
      const { low, high } = rangeOfBits(operator, a, b)
      if (operator === '|') return numeric(binaryOp('or64', a.number, b.number), low, high)
      const kept = operator === '&' ? b.number : binaryOp('xor64', b.number, i64(-1))
      return numeric(binaryOp('and64', a.number, kept), low, high)
    }
  }
}

/** The rest of a division, which is never below zero: that of WebAssembly has the sign of the number. */
function rest(w: Writing, a: Operand, b: Operand): CompiledValue {
  const by = constantIn(b.number) ?? internal('a modulus that is not a constant')
  const { low, high } = rangeOfRest(a, Number(by))
  const signed = binaryOp('rem64s', a.number, b.number)
  return numeric(
    a.low >= 0
      ? signed
      : share(w, signed, (r) => choose(binaryOp('lt64s', r, i64(0)), binaryOp('add64', r, b.number), r)),
    low,
    high,
  )
}

/** The truth of a number of tests, or how many are true. */
export function quantify(quantifier: 'every' | 'some' | 'count', tests: readonly W[]): CompiledValue {
  switch (quantifier) {
    case 'every':
      return truthful(tests.reduceRight((rest, t) => both32(t, rest), true32))
    case 'some':
      return truthful(tests.reduceRight((rest, t) => either32(t, rest), false32))
    case 'count':
      return numeric(
        tests.reduce<W>((sum, t) => binaryOp('add64', sum, unary('extend', t)), i64(0)),
        0,
        tests.length,
      )
  }
}
