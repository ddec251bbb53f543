/**
 * Expressions over values that may not be known: `UNKNOWN` where what is known does not decide. Where all is known, the
 * value is that of the reference semantics, which is asked for every expression without parts of its own.
 */
import { Map as Persistent } from 'immutable'
import type { Expression } from '../../language/ast.ts'
import { evaluate, operationOf, type Scope } from '../../semantics/evaluate.ts'
import { cells, DomainError, fitDomain, member, type Value, variant } from '../../semantics/values.ts'
import { either, equals, isUnknown, UNKNOWN } from './value.ts'

type ExpressionOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

export function possibleValue(scope: Scope, e: Expression): Value {
  switch (e.kind) {
    case 'literal':
    case 'zero':
    case 'all':
    case 'shared':
    case 'local':
    case 'bound':
    case 'self':
    case 'current':
    case 'constant':
      return evaluate(scope, e)
    case 'some':
      return fitted(scope, e, possibleValue(scope, e.of))
    case 'record':
    case 'case':
    case 'fill':
    case 'size':
    case 'head':
    case 'elements':
      return ofCollections(scope, e)
    case 'field':
      return through(possibleValue(scope, e.of), (of) => member(cells(of), e.name))
    case 'index': {
      const [array, at] = [possibleValue(scope, e.of), possibleValue(scope, e.index)]
      if (isUnknown(array) || isUnknown(at)) return UNKNOWN
      const found = cells(array).get(at)
      if (found === undefined) throw new DomainError(`the index ${String(at)} is outside the array`, e)
      return found
    }
    case 'isSome':
      return through(possibleValue(scope, e.of), (of) => of !== null)
    case 'value':
      return through(possibleValue(scope, e.of), (of) => {
        if (of === null) throw new DomainError('none has no value', e.of)
        return of
      })
    case 'isCase':
      return through(possibleValue(scope, e.of), (of) => variant(of).tag === e.tag)
    case 'payload':
      return through(possibleValue(scope, e.of), (of) => {
        const { tag, fields } = variant(of)
        if (tag !== e.tag) throw new DomainError(`${tag} is not ${e.tag}`, e.of)
        return member(fields, e.name)
      })
    case 'not':
      return through(possibleValue(scope, e.of), (of) => of !== true)
    case 'binary':
      return binary(scope, e)
    case 'conditional': {
      const is = possibleValue(scope, e.condition)
      if (isUnknown(is)) return either(possibleValue(scope, e.then), possibleValue(scope, e.otherwise))
      return possibleValue(scope, is === true ? e.then : e.otherwise)
    }
    case 'quantified':
      return quantified(scope, e)
    case 'before':
      return scope.before === undefined
        ? evaluate(scope, e)
        : possibleValue({ ...scope.before, bound: scope.bound }, e.of)
  }
}

const through = (of: Value, then: (known: Value) => Value): Value => (isUnknown(of) ? UNKNOWN : then(of))

/** As it is stored: a number that is known is fitted to its type. */
function fitted(scope: Scope, { type, of }: ExpressionOf<'some'>, value: Value): Value {
  return isUnknown(value) ? UNKNOWN : fitDomain(type, value, of)
}

type OfCollections = ExpressionOf<'record' | 'case' | 'fill' | 'size' | 'head' | 'elements'>

/** Records and arrays keep what is known of their parts; of other collections all is known, or nothing. */
function ofCollections(scope: Scope, e: OfCollections): Value {
  if (e.kind === 'record')
    return Persistent(Object.entries(e.fields).map(([name, of]): [Value, Value] => [name, possibleValue(scope, of)]))
  const parts = e.kind === 'case' ? Object.values(e.fields) : [e.of]
  return parts.some((part) => isUnknown(possibleValue(scope, part))) ? UNKNOWN : evaluate(scope, e)
}

/** `and` and `or` are decided by either side that is known to decide. */
function binary(scope: Scope, e: ExpressionOf<'binary'>): Value {
  const { operator, left, right } = e
  const mine = possibleValue(scope, left)
  if (operator === 'and' || operator === 'or') {
    const decides = operator === 'or'
    if (mine === decides) return decides
    if (!isUnknown(mine)) return possibleValue(scope, right)
    return orUnknown(() => possibleValue(scope, right)) === decides ? decides : UNKNOWN
  }
  const its = possibleValue(scope, right)
  if (operator === '==') return equals(mine, its)
  if (operator === '!=') return through(equals(mine, its), (is) => is !== true)
  return isUnknown(mine) || isUnknown(its) ? UNKNOWN : operationOf(operator)(mine, () => its)
}

/** Behind something that is not known, leaving a domain is not known either. */
function orUnknown(find: () => Value): Value {
  try {
    return find()
  } catch (error) {
    if (error instanceof DomainError) return UNKNOWN
    throw error
  }
}

function quantified(scope: Scope, { quantifier, bound, over, body }: ExpressionOf<'quantified'>): Value {
  let [count, isSure] = [0, true]
  for (const element of scope.values(over)) {
    const is = possibleValue({ ...scope, bound: scope.bound.set(bound, element) }, body)
    if (isUnknown(is)) isSure = false
    else if (quantifier === 'every' && is !== true) return false
    else if (quantifier === 'some' && is === true) return true
    else if (is === true) count += 1
  }
  if (!isSure) return UNKNOWN
  return quantifier === 'count' ? count : quantifier === 'every'
}

/** Whether a condition is sure to be false. */
export const isFalse = (scope: Scope, condition: Expression): boolean =>
  orUnknown(() => possibleValue(scope, condition)) === false
