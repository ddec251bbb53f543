/**
 * What a condition that holds, or does not, says of single places. What it says of several together is not kept: so
 * more is held possible than is.
 */
import type { Expression } from '../../language/ast.ts'
import type { Scope } from '../../semantics/evaluate.ts'
import { possibleValue } from './evaluate.ts'
import { isPart, learned, typeOfPart, type Types } from './places.ts'
import { isUnknown, unknownOf } from './value.ts'

/** @returns the scope in which the condition is so; undefined if it can't be. */
export function assume(types: Types, scope: Scope, condition: Expression, is: boolean): Scope | undefined {
  const value = possibleValue(scope, condition)
  if (!isUnknown(value)) return value === is ? scope : undefined
  switch (condition.kind) {
    case 'not':
      return assume(types, scope, condition.of, !is)
    case 'isSome':
      return assumeSome(types, scope, condition.of, is)
    case 'quantified':
      return condition.quantifier === 'count' || is !== (condition.quantifier === 'every')
        ? scope
        : assumeOfAll(types, scope, condition, is)
    case 'binary':
      return assumeBinary(types, scope, condition, is)
    case 'shared':
    case 'local':
    case 'field':
    case 'index':
      return learned(types, scope, condition, is)
    default:
      return scope
  }
}

type Binary = Extract<Expression, { readonly kind: 'binary' }>

function assumeBinary(types: Types, scope: Scope, condition: Binary, is: boolean): Scope | undefined {
  const { operator, left, right } = condition
  if (operator === 'and' || operator === 'or') {
    // both sides are as the whole is, or one of them; which one is known only if the other is not so
    if (is === (operator === 'and')) {
      const half = assume(types, scope, left, is)
      return half && assume(types, half, right, is)
    }
    if (possibleValue(scope, left) === !is) return assume(types, scope, right, is)
    return assume(types, scope, right, is) === undefined ? assume(types, scope, left, is) : scope
  }
  if (operator !== '==' && operator !== '!=') return scope
  const [mine, its] = [possibleValue(scope, left), possibleValue(scope, right)]
  if (is === (operator === '==')) {
    if (isUnknown(mine) && !isUnknown(its)) return learned(types, scope, left, its)
    return isUnknown(its) && !isUnknown(mine) ? learned(types, scope, right, mine) : scope
  }
  // of two values, it is the other one
  if (typeof its === 'boolean') return learned(types, scope, left, !its)
  return typeof mine === 'boolean' ? learned(types, scope, right, !mine) : scope
}

function assumeSome(types: Types, scope: Scope, of: Expression, is: boolean): Scope {
  if (!is) return learned(types, scope, of, null)
  if (!isPart(of)) return scope
  const type = typeOfPart(types, of)
  // that there is something can be kept only where it has parts
  const isShaped = type.kind === 'optional' && (type.of.kind === 'record' || type.of.kind === 'array')
  return isShaped ? learned(types, scope, of, unknownOf(scope.sizes, type.of)) : scope
}

type Quantified = Extract<Expression, { readonly kind: 'quantified' }>

function assumeOfAll(types: Types, scope: Scope, { bound, over, body }: Quantified, is: boolean): Scope | undefined {
  let all: Scope | undefined = scope
  for (const element of scope.values(over)) {
    const one: Scope | undefined = all && assume(types, { ...all, bound: all.bound.set(bound, element) }, body, is)
    all = one && { ...one, bound: scope.bound }
  }
  return all
}
