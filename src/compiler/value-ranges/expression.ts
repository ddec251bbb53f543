/** The range of an expression, given those of the variables. A local can be anything. */
import type { Expression, Type } from '../../language/ast.ts'
import { valueCount, internal, lowOf, ordinalCount, type SortSizes } from '../encoding.ts'
import { operationRange, quantifiedRange } from './operation.ts'
import {
  anything,
  blankRange,
  canBe,
  cellRange,
  compositeRange,
  eitherTruth,
  join,
  leaf,
  lengthRange,
  listedElements,
  only,
  partRange,
  span,
  storedRange,
  truthRange,
  valuesIn,
  zeroRange,
  type ValueRange,
} from './range.ts'

/** The ranges of the names in an expression. */
export interface RangeScope {
  readonly sizes: SortSizes
  /** Types of the variables, by name. */
  readonly types: ReadonlyMap<string, Type>
  /** The ranges of the variables, as far as they are known. */
  readonly variables: Pick<ReadonlyMap<string, ValueRange>, 'get'>
  /** The ranges of quantified variables. */
  readonly bound: ReadonlyMap<number, ValueRange>
}

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

const bind = (scope: RangeScope, id: number, range: ValueRange): RangeScope => ({
  ...scope,
  bound: new Map(scope.bound).set(id, range),
})

export function expressionRange(e: Expression, scope: RangeScope): ValueRange {
  switch (e.kind) {
    case 'shared':
      return scope.variables.get(e.name) ?? anything
    case 'bound':
      return scope.bound.get(e.id) ?? anything
    case 'local':
    case 'self':
    case 'current':
    case 'constant':
    case 'before':
      return anything
    case 'literal':
    case 'zero':
    case 'all':
    case 'some':
    case 'record':
    case 'case':
    case 'fill':
      return madeRange(e, scope)
    case 'field':
      return partRange(expressionRange(e.of, scope), e.name)
    case 'index':
    case 'head':
      return cellRange(expressionRange(e.of, scope))
    case 'isSome':
    case 'value':
    case 'isCase':
    case 'payload':
      return testedRange(e, scope)
    case 'not': {
      const of = expressionRange(e.of, scope)
      return truthRange(canBe(of, 0), canBe(of, 1))
    }
    case 'binary':
      return operationRange(
        e.operator,
        expressionRange(e.left, scope),
        () => expressionRange(e.right, scope),
        sharedType(e.left, scope),
      )
    case 'conditional':
      return conditionalRange(e, scope)
    case 'size': {
      const of = expressionRange(e.of, scope)
      if (of.kind === 'each') return lengthRange(of)
      const values = valuesIn(of)
      return values === undefined ? anything : leaf([...values].map(elementsIn))
    }
    case 'quantified':
      return overRange(e, scope)
    case 'elements':
      return elementsRange(e, scope)
  }
}

function conditionalRange(e: Of<'conditional'>, scope: RangeScope): ValueRange {
  const condition = expressionRange(e.condition, scope)
  const sides = [
    ...(canBe(condition, 1) ? [expressionRange(e.then, scope)] : []),
    ...(canBe(condition, 0) ? [expressionRange(e.otherwise, scope)] : []),
  ]
  return sides.length === 0 ? anything : sides.reduce(join)
}

/** One test for each value that is run through. The number of an optional is not its code: left open. */
function overRange(e: Of<'quantified'>, scope: RangeScope): ValueRange {
  const low = lowOf(e.over)
  const tests = Array.from({ length: valueCount(e.over, scope.sizes) }, (_, i) =>
    expressionRange(e.body, bind(scope, e.bound, e.over.kind === 'optional' ? anything : only(i + low))),
  )
  return quantifiedRange(e.quantifier, tests)
}

/** A value made of others, or of nothing. */
function madeRange(
  e: Of<'literal' | 'zero' | 'all' | 'some' | 'record' | 'case' | 'fill'>,
  scope: RangeScope,
): ValueRange {
  const { sizes } = scope
  const given = (of: Expression | undefined, type: Type): ValueRange =>
    storedRange(expressionRange(of ?? internal('a field is missing'), scope), type)
  switch (e.kind) {
    case 'literal':
      return only(typeof e.value === 'string' ? memberOf(e.type, e.value) : Number(e.value))
    case 'zero':
      return zeroRange(e.type, sizes)
    case 'all':
      return e.type.kind === 'set' && valueCount(e.type.of, sizes) <= listedElements
        ? only((1 << valueCount(e.type.of, sizes)) - 1)
        : anything
    case 'some': {
      if (e.type.kind !== 'optional') return anything
      const of = given(e.of, e.type.of)
      const codes = ordinalCount(e.type, sizes)
      if (codes === undefined) return { kind: 'parts', parts: { present: only(1), value: of } }
      const low = lowOf(e.type.of),
        values = valuesIn(of)
      return leaf(values === undefined ? span(1, codes - 1) : [...values].map((v) => v - low + 1))
    }
    case 'record':
      return compositeRange(e.type, sizes, (key, type) => given(e.fields[key], type))
    case 'case': {
      const number = e.type.kind === 'union' ? Object.keys(e.type.cases).indexOf(e.tag) : 0
      return compositeRange(e.type, sizes, (key, type) => {
        if (key === 'tag') return only(number)
        return key.startsWith(`${e.tag}.`)
          ? given(e.fields[key.slice(e.tag.length + 1)], type)
          : blankRange(type, sizes)
      })
    }
    case 'fill':
      return e.type.kind === 'array' ? { kind: 'each', of: given(e.of, e.type.of) } : anything
  }
}
const memberOf = (type: Type, name: string): number =>
  type.kind === 'enum' ? type.members.indexOf(name) : internal('a literal text')

/** Tests of optionals and unions, and the content behind a test. */
function testedRange(e: Of<'isSome' | 'value' | 'isCase' | 'payload'>, scope: RangeScope): ValueRange {
  const of = expressionRange(e.of, scope)
  switch (e.kind) {
    case 'isSome': {
      const values = valuesIn(of.kind === 'parts' ? partRange(of, 'present') : of)
      if (values === undefined) return eitherTruth
      return truthRange(
        [...values].some((v) => v !== 0),
        values.has(0),
      )
    }
    // the number of an optional int is not its code: left open
    case 'value':
      return partRange(of, 'value')
    case 'isCase': {
      const type = sharedType(e.of, scope)
      const tags = type?.kind === 'union' ? valuesIn(partRange(of, 'tag')) : undefined
      if (type?.kind !== 'union' || tags === undefined) return eitherTruth
      const tag = Object.keys(type.cases).indexOf(e.tag)
      return truthRange(
        tags.has(tag),
        [...tags].some((t) => t !== tag),
      )
    }
    case 'payload':
      return partRange(of, `${e.tag}.${e.name}`)
  }
}

function elementsRange(e: Of<'elements'>, scope: RangeScope): ValueRange {
  const of = expressionRange(e.of, scope)
  const lengths = valuesIn(lengthRange(of))
  if (lengths === undefined) return e.quantifier === 'count' ? anything : eitherTruth
  const test = expressionRange(e.body, bind(scope, e.bound, cellRange(of)))
  return [...lengths]
    .map((n) =>
      quantifiedRange(
        e.quantifier,
        span(1, n).map(() => test),
      ),
    )
    .reduce(join, leaf([]))
}

/** The type of a place that is shared. */
function sharedType(e: Expression, scope: RangeScope): Type | undefined {
  switch (e.kind) {
    case 'shared':
      return scope.types.get(e.name) ?? internal(`no variable ${e.name}`)
    case 'field': {
      const of = sharedType(e.of, scope)
      return of?.kind === 'record' ? (of.fields[e.name] ?? internal(`no field ${e.name}`)) : undefined
    }
    case 'index': {
      const of = sharedType(e.of, scope)
      return of?.kind === 'array' ? of.of : undefined
    }
    default:
      return undefined
  }
}

/** Number of elements of a set. */
function elementsIn(mask: number): number {
  let n = 0
  for (let m = mask; m !== 0; m &= m - 1) n++
  return n
}
