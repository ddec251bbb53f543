/** The ranges of the variables in given states: the start of the analysis. */
import type { ConfiguredModel, Type } from '../../language/ast.ts'
import type { PlainState } from '../../semantics/machine.ts'
import type { Plain } from '../../semantics/plain.ts'
import { elementCount, internal, lowOf, ordinalCount, type SortSizes } from '../encoding.ts'
import { plainPart } from '../plain.ts'
import {
  anything,
  blankRange,
  compositeRange,
  join,
  listedElements,
  only,
  unset,
  valuesIn,
  type ValueRange,
} from './range.ts'

/** The ranges of the variables, by name. */
export type VariableRanges = ReadonlyMap<string, ValueRange>

export function rangesOfStates({ variables, sizes }: ConfiguredModel, states: readonly PlainState[]): VariableRanges {
  return new Map(
    variables.map(({ name, type }) => [
      name,
      states.map(({ shared }) => rangeOfValue(type, shared[name] ?? null, sizes)).reduce(join, unset(type, sizes)),
    ]),
  )
}

/** The range of one value, given as JSON. */
function rangeOfValue(type: Type, value: Plain, sizes: SortSizes): ValueRange {
  switch (type.kind) {
    case 'bool':
      return only(value === true ? 1 : 0)
    case 'int':
    case 'id':
      return only(Number(value))
    case 'enum':
      return only(type.members.indexOf(String(value)))
    case 'set': {
      if (elementCount(type, sizes) > listedElements) return anything
      const elements = Array.isArray(value) ? value : []
      return only(elements.reduce((mask: number, v: Plain) => mask | (1 << codeIn(type.of, v, sizes)), 0))
    }
    case 'optional':
      if (ordinalCount(type, sizes) !== undefined) return only(value === null ? 0 : codeIn(type.of, value, sizes) + 1)
  }
  return compositeRange(type, sizes, (key, part) => {
    const given = plainPart(type, value, key)
    return given === undefined ? blankRange(part, sizes) : rangeOfValue(part, given, sizes)
  })
}

/** The code of a scalar given as JSON. */
function codeIn(type: Type, value: Plain, sizes: SortSizes): number {
  const [number = internal('a scalar without a code')] = valuesIn(rangeOfValue(type, value, sizes)) ?? []
  return number - lowOf(type)
}
