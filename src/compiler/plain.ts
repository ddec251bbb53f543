/** Composite values as JSON, in the form of the reference interpreter: their parts, by the keys of `partsOf`. */
import type { Type } from '../language/ast.ts'
import type { Plain } from '../semantics/plain.ts'
import { valueCount, internal, number, type SortSizes } from './encoding.ts'

/** A composite from its parts. */
export function assemblePlain(type: Type, part: (key: string) => Plain, sizes: SortSizes): Plain {
  switch (type.kind) {
    case 'record':
      return Object.fromEntries(Object.keys(type.fields).map((key) => [key, part(key)]))
    case 'array':
      return Array.from({ length: valueCount(type.index, sizes) }, (_, i) => part(String(i)))
    case 'queue':
      return Array.from({ length: Math.min(Number(part('length')), number(type.capacity)) }, (_, i) => part(String(i)))
    case 'optional':
      return part('present') === true ? part('value') : null
    case 'union': {
      const is = Object.keys(type.cases)[Number(part('tag'))] ?? internal('a tag beyond the cases')
      return {
        is,
        fields: Object.fromEntries(Object.keys(type.cases[is] ?? {}).map((key) => [key, part(`${is}.${key}`)])),
      }
    }
    default:
      return internal(`assembling a ${type.kind}`)
  }
}

/** A part of a composite's JSON; nothing where the value does not have it. */
export function plainPart(type: Type, value: Plain, key: string): Plain | undefined {
  if (type.kind === 'optional') return key === 'present' ? value !== null : (value ?? undefined)
  if (Array.isArray(value)) return key === 'length' ? value.length : (value as readonly Plain[])[Number(key)]
  if (typeof value !== 'object' || value === null) return internal('a composite that is none')
  const record = value as { readonly [key: string]: Plain }
  if (type.kind !== 'union') return record[key]
  const is = String(record['is'])
  if (key === 'tag') return Object.keys(type.cases).indexOf(is)
  return key.startsWith(`${is}.`)
    ? (record['fields'] as { readonly [key: string]: Plain })[key.slice(is.length + 1)]
    : undefined
}
