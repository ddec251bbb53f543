/** The number of elements that there can be: the type of a set's size, of a queue's length, of a count. */
import type { Bound, Expression, Type as Shape } from '../ast.ts'
import { fresh, made } from '../recorder.ts'
import { intLiteral, range, type IntType } from './int.ts'

/** The number of values of a type, as far as it is known before the configuration. */
function values(shape: Shape): Bound {
  switch (shape.kind) {
    case 'bool':
      return 2
    case 'enum':
      return shape.members.length
    case 'id':
      return { sizeOf: shape.sort, plus: 0 }
    case 'int': {
      const { low, high } = shape
      if (typeof low !== 'number') return 64 // What can be listed has at most 64 values where it is counted.
      return typeof high === 'number' ? high - low + 1 : { ...high, plus: high.plus - low + 1 }
    }
    default:
      return 64
  }
}

/** 0 up to the number of values of a type, or up to a bound. */
export const countType = (most: Shape | Bound): IntType =>
  range(0, typeof most === 'object' && 'kind' in most ? values(most) : most)

/** The number of elements of a set or queue. */
export const cardinality = (of: Expression): Expression => made({ kind: 'size', of })

/** A bound as an expression: the size of a sort is the number of its elements for which `true` holds. */
export function boundAsExpression(bound: Bound): Expression {
  if (typeof bound === 'number') return intLiteral(bound)
  const elements: Expression = {
    kind: 'quantified',
    quantifier: 'count',
    bound: fresh(),
    name: bound.sizeOf.toLowerCase(),
    over: { kind: 'id', sort: bound.sizeOf },
    body: { kind: 'literal', value: true, type: { kind: 'bool' } },
  }
  return bound.plus === 0 ? elements : { kind: 'binary', operator: '+', left: elements, right: intLiteral(bound.plus) }
}
