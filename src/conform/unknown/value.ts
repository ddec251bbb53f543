/** Values of which nothing is known: a window that is checked alone begins with nothing else. */
import { Map as Persistent } from 'immutable'
import type { Type } from '../../language/ast.ts'
import { Case, filled, type Sizes, type Value } from '../../semantics/values.ts'
import { isSame } from '../same.ts'

/** Any value of a type. It is no value of a model: none has a case of this name. */
export const UNKNOWN: Value = Case({ tag: 'unknown value', fields: Persistent() })

export const isUnknown = (value: Value | undefined): boolean => value === UNKNOWN

/** A value of the type of whose parts nothing is known; records and arrays keep their shape. */
export function unknownOf(sizes: Sizes, type: Type): Value {
  if (type.kind === 'record')
    return Persistent(Object.entries(type.fields).map(([name, of]): [Value, Value] => [name, unknownOf(sizes, of)]))
  return type.kind === 'array' ? filled(sizes, type.index, unknownOf(sizes, type.of)) : UNKNOWN
}

/** What is known of a value that is one or the other. */
export function either(one: Value, other: Value): Value {
  if (isSame(one, other)) return one
  if (!Persistent.isMap(one) || !Persistent.isMap(other)) return UNKNOWN
  return one.map((value, key) => either(value, other.get(key) ?? null))
}

/** Whether two values are equal; `UNKNOWN` where that is not known. */
export function equals(one: Value, other: Value): Value {
  if (isUnknown(one) || isUnknown(other)) return UNKNOWN
  if (isSame(one, other)) return !hasUnknown(one) || UNKNOWN
  if (!Persistent.isMap(one) || !Persistent.isMap(other)) return false
  const parts = [...one].map(([key, value]) => equals(value, other.get(key) ?? null))
  return parts.includes(false) ? false : parts.includes(UNKNOWN) ? UNKNOWN : true
}

const hasUnknown = (value: Value): boolean =>
  isUnknown(value) || (Persistent.isMap(value) && value.some((part) => hasUnknown(part)))
