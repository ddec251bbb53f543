/** Places whose values may not be known: what is stored in them, and what becomes known of them. */
import type { Expression, Type } from '../../language/ast.ts'
import type { Scope } from '../../semantics/evaluate.ts'
import type { ExecutionContext } from '../../semantics/execute.ts'
import { cells, DomainError, illTyped, shape, type Value } from '../../semantics/values.ts'
import { possibleValue } from './evaluate.ts'
import { either, isUnknown, unknownOf } from './value.ts'

/** Names the types of variables. */
export type Types = Pick<ExecutionContext, 'typeOfShared' | 'local'>

/** A variable, a part of one, or the value of an optional that is one of these. */
export type VariablePart = Extract<Expression, { readonly kind: 'shared' | 'local' | 'field' | 'index' | 'value' }>

export function isPart(e: Expression): e is VariablePart {
  if (e.kind === 'shared' || e.kind === 'local') return true
  return (e.kind === 'field' || e.kind === 'index' || e.kind === 'value') && isPart(e.of)
}

const wholeOf = (e: Expression): VariablePart => (isPart(e) ? e : illTyped('a part of a variable', e.kind))

export function typeOfPart(types: Types, part: VariablePart): Type {
  switch (part.kind) {
    case 'shared':
      return types.typeOfShared(part.name)
    case 'local':
      return types.local(part.id).type
    case 'field':
      return (
        shape('record', typeOfPart(types, wholeOf(part.of))).fields[part.name] ??
        illTyped('a field of the record', part.name)
      )
    case 'index':
      return shape('array', typeOfPart(types, wholeOf(part.of))).of
    case 'value':
      return shape('optional', typeOfPart(types, wholeOf(part.of))).of
  }
}

/** A record or array with parts, even where nothing is known of it. */
function partsOf(types: Types, scope: Scope, whole: VariablePart): ReturnType<typeof cells> {
  const value = possibleValue(scope, whole)
  return cells(isUnknown(value) ? unknownOf(scope.sizes, typeOfPart(types, whole)) : value)
}

/** The scope with another value in a part. Where the index is not known, any cell may have it. */
export function stored(types: Types, scope: Scope, part: VariablePart, value: Value): Scope {
  switch (part.kind) {
    case 'shared':
      return { ...scope, shared: scope.shared.set(part.name, value) }
    case 'local':
      return { ...scope, locals: scope.locals.set(part.id, value) }
    case 'value':
      return stored(types, scope, wholeOf(part.of), value)
    case 'field': {
      const whole = wholeOf(part.of)
      return stored(types, scope, whole, partsOf(types, scope, whole).set(part.name, value))
    }
    case 'index': {
      const [whole, at] = [wholeOf(part.of), possibleValue(scope, part.index)]
      const parts = partsOf(types, scope, whole)
      if (isUnknown(at))
        return stored(
          types,
          scope,
          whole,
          parts.map((cell) => either(cell, value)),
        )
      if (!parts.has(at)) throw new DomainError(`the index ${String(at)} is outside the array`, part)
      return stored(types, scope, whole, parts.set(at, value))
    }
  }
}

/** The scope in which a part is known to have the value; the same one where it is not known which part that is. */
export const learned = (types: Types, scope: Scope, part: Expression, value: Value): Scope =>
  isPart(part) && isPlaced(scope, part) ? stored(types, scope, part, value) : scope

const isPlaced = (scope: Scope, part: VariablePart): boolean =>
  part.kind === 'shared' ||
  part.kind === 'local' ||
  ((part.kind !== 'index' || !isUnknown(possibleValue(scope, part.index))) && isPlaced(scope, wholeOf(part.of)))
