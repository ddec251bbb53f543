/** The ranges of the results of operations, given those of their operands. */
import type { BinaryOperator, Type } from '../../language/ast.ts'
import { lowOf } from '../encoding.ts'
import {
  anything,
  canBe,
  eitherTruth,
  leaf,
  lengthRange,
  listedElements,
  mostValues,
  only,
  span,
  truthRange,
  valuesIn,
  type ValueRange,
} from './range.ts'

/** @param type of the left side, where that is a shared place */
export function operationRange(
  operator: BinaryOperator,
  left: ValueRange,
  rightSide: () => ValueRange,
  type: Type | undefined,
): ValueRange {
  if (operator === 'and' && !canBe(left, 1)) return only(0)
  if (operator === 'or' && !canBe(left, 0)) return only(1)
  const right = rightSide()
  switch (operator) {
    case 'and':
      return truthRange(canBe(left, 1) && canBe(right, 1), canBe(left, 0) || canBe(right, 0))
    case 'or':
      return truthRange(canBe(left, 1) || canBe(right, 1), canBe(left, 0) && canBe(right, 0))
    case 'has':
      return membershipRange(left, right, type)
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const outcomes = pairsOf(left, right)?.map(([x, y]) => comparison[operator](x, y))
      return outcomes === undefined ? eitherTruth : truthRange(outcomes.includes(true), outcomes.includes(false))
    }
    case '+':
    case '-':
    case '%':
    case '&':
    case '|':
    case '&~': {
      const results = pairsOf(left, right)?.map(([x, y]) => arithmetic[operator](x, y))
      return results === undefined ? anything : leaf(results)
    }
  }
}

/** The pairs of values that can meet; undefined if they are not known, or too many. */
function pairsOf(left: ValueRange, right: ValueRange): readonly (readonly [number, number])[] | undefined {
  const a = valuesIn(left),
    b = valuesIn(right)
  if (a === undefined || b === undefined || a.size * b.size > mostValues * mostValues) return undefined
  return [...a].flatMap((x) => [...b].map((y) => [x, y] as const))
}

const comparison = {
  '==': (x: number, y: number) => x === y,
  '!=': (x: number, y: number) => x !== y,
  '<': (x: number, y: number) => x < y,
  '<=': (x: number, y: number) => x <= y,
  '>': (x: number, y: number) => x > y,
  '>=': (x: number, y: number) => x >= y,
} as const
const arithmetic = {
  '+': (x: number, y: number) => x + y,
  '-': (x: number, y: number) => x - y,
  '%': (x: number, y: number) => ((x % y) + y) % y,
  '&': (x: number, y: number) => x & y,
  '|': (x: number, y: number) => x | y,
  '&~': (x: number, y: number) => x & ~y,
} as const

/** Membership in a set or queue. */
function membershipRange(container: ValueRange, element: ValueRange, type: Type | undefined): ValueRange {
  if (container.kind === 'each') {
    const length = lengthRange(container)
    return valuesIn(length)?.size === 1 && canBe(length, 0) ? only(0) : eitherTruth
  }
  const sets = valuesIn(container),
    elements = valuesIn(element)
  if (sets === undefined || elements === undefined || type?.kind !== 'set' || type.of.kind === 'optional')
    return sets !== undefined && [...sets].every((s) => s === 0) ? only(0) : eitherTruth
  const low = lowOf(type.of)
  const outcomes = [...sets].flatMap((s) =>
    [...elements].map((x) => x - low >= 0 && x - low < listedElements && ((s >> (x - low)) & 1) === 1),
  )
  return truthRange(outcomes.includes(true), outcomes.includes(false))
}

/** The range of that many tests together. */
export function quantifiedRange(quantifier: 'every' | 'some' | 'count', tests: readonly ValueRange[]): ValueRange {
  const [canHold, canFail] = [tests.filter((t) => canBe(t, 1)), tests.filter((t) => canBe(t, 0))]
  switch (quantifier) {
    case 'every':
      return truthRange(canHold.length === tests.length, canFail.length > 0)
    case 'some':
      return truthRange(canHold.length > 0, canFail.length === tests.length)
    case 'count':
      return leaf(span(tests.length - canFail.length, canHold.length))
  }
}
