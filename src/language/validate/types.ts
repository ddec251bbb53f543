/** Types that a state can hold. */
import type { Bound, Model, Type } from '../ast.ts'
import { modelError } from '../errors.ts'
import { boundsOf, describeType, visitType, visitTypes } from '../shapes.ts'
import { isListed } from '../typing.ts'

const widest = 2 ** 30
/** An array's cells are part of the state. */
const mostCells = 2 ** 16

export function checkTypes(model: Model): void {
  const seen = new Set<Type>()
  const check = (outer: Type, at: string): void =>
    visitType(outer, (type) => {
      if (seen.has(type)) return
      seen.add(type)
      const wrong = wrongWith(type)
      if (wrong !== undefined) throw modelError('HMM009', `${describeType(type)}: ${wrong}`, at)
    })
  for (const { name, type } of model.variables) check(type, `the variable ${name}`)
  visitTypes(model, (type) => check(type, model.name))
  for (const { name, type } of model.constants)
    if (type.kind !== 'bool' && type.kind !== 'int' && type.kind !== 'enum') {
      throw modelError(
        'HMM009',
        `the constant ${name} is of ${describeType(type)}; a constant is a bool, an int or one of a few names`,
        model.name,
      )
    }
}

function wrongWith(type: Type): string | undefined {
  const outside = boundsOf(type).find(
    (bound) => typeof bound === 'number' && !(Number.isInteger(bound) && Math.abs(bound) <= widest),
  )
  if (outside !== undefined) return `${String(outside)} is no bound from -2^30 to 2^30`
  switch (type.kind) {
    case 'int':
      return isBelow(type.high, type.low) ? 'no value is in this range' : undefined
    case 'enum':
      return type.members.length === 0
        ? 'no member'
        : new Set(type.members).size < type.members.length
          ? 'a member stands twice'
          : undefined
    case 'optional':
      return type.of.kind === 'optional' ? 'an optional directly of an optional' : undefined
    case 'queue':
      return isBelow(type.capacity, 0) ? 'less than no capacity' : undefined
    case 'set':
      return !isListed(type.of)
        ? 'its elements cannot be listed'
        : isBelow(64, cardinality(type.of))
          ? 'more than 64 possible elements'
          : undefined
    case 'array':
      return !isListed(type.index)
        ? 'its indices cannot be listed'
        : isBelow(mostCells, cardinality(type.index))
          ? `more than ${mostCells} cells`
          : undefined
    case 'union':
      return Object.keys(type.cases).length === 0 ? 'no case' : undefined
    case 'bool':
    case 'id':
    case 'record':
      return undefined
  }
}

/** Whether the one is known to be below the other. */
const isBelow = (a: Bound, b: Bound): boolean => typeof a === 'number' && typeof b === 'number' && a < b

/** The number of values of a type that can be listed; of a sort as many as there may be. */
function cardinality(type: Type): Bound {
  switch (type.kind) {
    case 'int':
      return typeof type.low === 'number' && typeof type.high === 'number' ? type.high - type.low + 1 : 0
    case 'enum':
      return type.members.length
    default:
      return 2
  }
}
