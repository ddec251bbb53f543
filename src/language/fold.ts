/**
 * Constant folding, no further than constants reach: the value and the domain errors of an expression stay as they
 * are.
 */
import type { BinaryOperator, Bound, Expression, Type } from './ast.ts'
import { mapParts, withParts } from './walk.ts'

/** The meanings of the names in a model, in one configuration. */
export interface Values {
  bound(bound: Bound): number
  type(type: Type): Type
  constant(name: string): Expression | undefined
  size(sort: string): number
}

type Literal = Extract<Expression, { readonly kind: 'literal' }>

const truth = (value: boolean): Expression => ({ kind: 'literal', value, type: { kind: 'bool' } })
const integer = (value: number): Expression => ({
  kind: 'literal',
  value,
  type: { kind: 'int', low: value, high: value, overflow: 'error' },
})

/** Gives expressions as they are in a configuration; the same for the same, and itself where nothing changes. */
export function folding(values: Values): (e: Expression) => Expression {
  const known = new Map<Expression, Expression>()
  const fold = (e: Expression): Expression => {
    const old = known.get(e)
    if (old !== undefined) return old
    const folded = foldOne(closeOne(mapParts(e, fold), values), values)
    known.set(e, folded)
    return folded
  }
  return fold
}

/** An expression whose parts are folded. */
function foldOne(closed: Expression, values: Values): Expression {
  switch (closed.kind) {
    case 'constant':
      return values.constant(closed.name) ?? closed
    case 'not':
      return closed.of.kind === 'literal' ? truth(closed.of.value !== true) : closed
    case 'conditional': {
      const { condition } = closed
      return condition.kind !== 'literal' ? closed : condition.value === true ? closed.then : closed.otherwise
    }
    case 'binary':
      return foldBinary(closed.operator, closed.left, closed.right) ?? closed
    case 'quantified':
      return closed.body.kind === 'literal'
        ? foldQuantified(closed.quantifier, closed.body.value === true, cardinality(closed.over, values))
        : closed
    default:
      return closed
  }
}

/** The types inside one expression. */
function closeOne(e: Expression, values: Values): Expression {
  if (e.kind === 'quantified') return withParts(e, { over: values.type(e.over) })
  return 'type' in e ? withParts(e, { type: values.type(e.type) }) : e
}

function foldBinary(operator: BinaryOperator, left: Expression, right: Expression): Expression | undefined {
  if (operator === 'and' || operator === 'or') {
    const decides = operator === 'or'
    if (left.kind === 'literal') return left.value === decides ? left : right
    // The left side may fail, so only a right side that does not matter is dropped.
    return right.kind === 'literal' && right.value !== decides ? left : undefined
  }
  return left.kind === 'literal' && right.kind === 'literal' ? calculate(operator, left, right) : undefined
}

function calculate(operator: BinaryOperator, left: Literal, right: Literal): Expression | undefined {
  const [a, b] = [left.value, right.value]
  if (operator === '==') return truth(a === b)
  if (operator === '!=') return truth(a !== b)
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  switch (operator) {
    case '<':
      return truth(a < b)
    case '<=':
      return truth(a <= b)
    case '>':
      return truth(a > b)
    case '>=':
      return truth(a >= b)
    case '+':
      return integer(a + b)
    case '-':
      return integer(a - b)
    case '%':
      return b >= 1 ? integer(((a % b) + b) % b) : undefined
    case '&':
    case '|':
    case '&~':
      if (a < 0 || b < 0) return undefined
      return integer(operator === '|' ? a | b : operator === '&' ? a & b : a & ~b)
    default:
      return undefined
  }
}

function foldQuantified(quantifier: 'every' | 'some' | 'count', body: boolean, elements: number): Expression {
  switch (quantifier) {
    case 'every':
      return truth(body || elements === 0)
    case 'some':
      return truth(body && elements > 0)
    case 'count':
      return integer(body ? elements : 0)
  }
}

/** The number of values of a type whose values can be listed. */
function cardinality(type: Type, values: Values): number {
  switch (type.kind) {
    case 'bool':
      return 2
    case 'enum':
      return type.members.length
    case 'id':
      return values.size(type.sort)
    case 'int':
      return values.bound(type.high) - values.bound(type.low) + 1
    default:
      return 0
  }
}
