/**
 * Initial values of variables. Nothing is brought into a range here, of no type: an initial value is written
 * down, not reckoned.
 */
import type { Expression, Type } from '../language/ast.ts'
import { modelError } from '../language/errors.ts'
import { mapParts } from '../language/walk.ts'
import { evaluate } from './evaluate.ts'
import type { Scope } from './evaluate.ts'
import { DomainError, fitDomain } from './values.ts'
import type { Value } from './values.ts'

/**
 * A value with which a variable starts.
 *
 * @throws ModelError HMM040 if it is outside the variable's type
 */
export function initialValue(
  nothing: Scope,
  { name, type, at }: { readonly name: string; readonly type: Type; readonly at: string },
  expression: Expression,
): Value {
  try {
    return fitDomain(strict(type), evaluate(nothing, strictly(expression)))
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw modelError('HMM040', `the initial value of ${name}: ${error.message}`, at)
  }
}

/** The type, with no integer in it that wraps or stays at its ends. */
function strict(type: Type): Type {
  switch (type.kind) {
    case 'int':
      return { ...type, overflow: 'error' }
    case 'optional':
    case 'set':
    case 'queue':
      return { ...type, of: strict(type.of) }
    case 'array':
      return { ...type, index: strict(type.index), of: strict(type.of) }
    case 'record':
      return { ...type, fields: strictFields(type.fields) }
    case 'union':
      return {
        ...type,
        cases: Object.fromEntries(Object.entries(type.cases).map(([tag, fields]) => [tag, strictFields(fields)])),
      }
    case 'bool':
    case 'enum':
    case 'id':
      return type
  }
}
const strictFields = (fields: Readonly<Record<string, Type>>): Readonly<Record<string, Type>> =>
  Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, strict(type)]))

/** The expression, in which every new value is of a strict type. */
function strictly(e: Expression): Expression {
  const closed = mapParts(e, strictly)
  return 'type' in closed && closed.kind !== 'literal' ? { ...closed, type: strict(closed.type) } : closed
}
