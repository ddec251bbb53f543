/**
 * The places of a model's values in Promela: records and arrays taken apart, everything else one number (its code, as
 * the compiler numbers it).
 */
import type { ConfiguredModel, Type } from '../../../src/language/ast.ts'
import type { Plain } from '../../../src/semantics/plain.ts'
import { bitsOf, valueCount, internal, lowOf, ordinalCount, partsOf, zeroCode } from '../../../src/compiler/encoding.ts'
import type { ValueRange } from '../../../src/compiler/value-ranges/range.ts'
import { binary, cell, choose, num, type Cell, type Text } from './text.ts'

type Sizes = ConfiguredModel['sizes']

/** One Promela variable, or array. */
export interface Leaf {
  readonly name: string
  readonly bits: number
  readonly cells: number
  readonly array: boolean
  readonly zero: number
}

/** Something that a model's place leads to: a part of a variable, at an index if it is in an array. */
export interface Spot {
  readonly name: string
  readonly type: Type
  readonly index?: Text
}

/** A value of this type is one number. */
export const isWhole = (type: Type, sizes: Sizes): boolean =>
  type.kind !== 'record' && type.kind !== 'array' && (bitsOf(type, sizes) <= 31 || tooLarge(type))
const tooLarge = (type: Type): never => internal(`Promela has no variable for a ${type.kind} of more than 31 bits`)

/** The Promela variables of one variable of the model. */
export function leavesOf(name: string, type: Type, sizes: Sizes, cells = 1, array = false): readonly Leaf[] {
  if (type.kind === 'record')
    return Object.entries(type.fields).flatMap(([key, t]) =>
      leavesOf(`${name}_${identifier(key)}`, t, sizes, cells, array),
    )
  if (type.kind === 'array') {
    const n = valueCount(type.index, sizes)
    return leavesOf(name, type.of, sizes, cells * n, array || n > 1)
  }
  if (!isWhole(type, sizes)) return []
  return [{ name, bits: bitsOf(type, sizes), cells, array, zero: Number(zeroCode(type, sizes)) }]
}
export const identifier = (s: string): string => s.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_|_$/g, '')

export const field = (at: Spot, key: string): Spot =>
  at.type.kind === 'record'
    ? { ...at, name: `${at.name}_${identifier(key)}`, type: at.type.fields[key] ?? internal('no such field') }
    : internal('a field of no record')
export function element(at: Spot, index: Text, sizes: Sizes): Spot {
  if (at.type.kind !== 'array') return internal('an element of no array')
  const n = valueCount(at.type.index, sizes)
  if (n === 1) return { ...at, type: at.type.of }
  const { index: outer } = at
  return {
    name: at.name,
    type: at.type.of,
    index: outer === undefined ? index : binary('+', binary('*', outer, num(n)), index),
  }
}

export interface Write {
  readonly name: string
  readonly index?: Text
  readonly value: Text
  readonly condition?: Text
}

/** Variables that hold the same value in every state. */
export type Fixed = ReadonlyMap<string, number>

/** Known values of the variables inside a transition. */
export interface Memory {
  read(at: Spot, bits: number): Text
}

/**
 * The codes that parts of the shared variables can hold, by name, as the compiler found them; so that SPIN does not use
 * bits for constants either.
 */
export function heldBy(
  name: string,
  type: Type,
  range: ValueRange | undefined,
  sizes: Sizes,
): readonly (readonly [string, ReadonlySet<number>])[] {
  if (range === undefined || range.kind === 'any') return []
  if (type.kind === 'record')
    return range.kind === 'parts'
      ? Object.entries(type.fields).flatMap(([key, t]) =>
          heldBy(`${name}_${identifier(key)}`, t, range.parts[key], sizes),
        )
      : []
  if (type.kind === 'array') return range.kind === 'each' ? heldBy(name, type.of, range.of, sizes) : []
  const codes = codesIn(type, range, sizes)
  return codes === undefined ? [] : [[name, codes]]
}
function codesIn(type: Type, range: ValueRange, sizes: Sizes): ReadonlySet<number> | undefined {
  switch (range.kind) {
    case 'any':
      return undefined
    case 'leaf':
      return new Set([...range.values].map((v) => v - lowOf(type)))
    case 'each':
      return range.length?.kind === 'leaf' && [...range.length.values].every((n) => n === 0) ? new Set([0]) : undefined
    case 'parts': {
      let code = 0
      for (const p of partsOf(type, sizes)) {
        const [only, ...others] = codesIn(p.type, range.parts[p.key] ?? { kind: 'any' }, sizes) ?? [0, 0]
        if (only === undefined || others.length > 0) return undefined
        code |= only << p.offset
      }
      return new Set([code])
    }
  }
}

/** The variables, without those known to be constant. */
export const standing = (known: ReadonlyMap<string, number>, fixed: Fixed): Memory => ({
  read: ({ name, index }, bits) => {
    if (bits === 0) return num(0)
    const always = fixed.get(name)
    if (always !== undefined) return num(always)
    const constant =
      index === undefined || index.constant !== undefined
        ? known.get(keyOf({ name, ...(index?.constant === undefined ? {} : { index: index.constant }) }))
        : undefined
    return constant === undefined ? cell(name, index) : num(constant)
  },
})
export const keyOf = (c: Cell): string => (c.index === undefined ? c.name : `${c.name}[${c.index}]`)

/** The variables after some writes, said in terms of the state before them. */
export const after = (writes: readonly Write[], fixed: Fixed): Memory => ({
  read: ({ name, index }, bits) => {
    if (bits === 0) return num(0)
    const always = fixed.get(name)
    if (always !== undefined) return num(always)
    return writes.reduce(
      (value, w) => {
        if (w.name !== name) return value
        const here = index === undefined || w.index === undefined ? num(1) : binary('==', index, w.index)
        return choose(
          w.condition === undefined
            ? here
            : here.constant === 1
              ? w.condition
              : { ...binary('+', here, w.condition), text: `(${here.text} && ${w.condition.text})` },
          w.value,
          value,
        )
      },
      cell(name, index),
    )
  },
})

/** The code of a value given as JSON. */
export function codeOf(type: Type, value: Plain, sizes: Sizes): number {
  switch (type.kind) {
    case 'bool':
      return Number(value === true)
    case 'int':
      return Number(value) - lowOf(type)
    case 'enum':
      return type.members.indexOf(String(value))
    case 'id':
      return Number(value)
    case 'set':
      return (Array.isArray(value) ? value : []).reduce(
        (sum: number, v: Plain) => sum | (1 << codeOf(type.of, v, sizes)),
        0,
      )
    case 'optional':
      if (ordinalCount(type, sizes) !== undefined) return value === null ? 0 : codeOf(type.of, value, sizes) + 1
  }
  return partsOf(type, sizes).reduce((sum, p) => {
    const part = partOf(type, value, p.key)
    return part === undefined ? sum : sum | (codeOf(p.type, part, sizes) << p.offset)
  }, 0)
}
function partOf(type: Type, value: Plain, key: string): Plain | undefined {
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

/** The numbers of a value given as JSON, one for each cell of the variables of `leavesOf`. */
export function numbersOf(
  name: string,
  type: Type,
  value: Plain,
  sizes: Sizes,
  index = 0,
): readonly { readonly name: string; readonly index: number; readonly value: number }[] {
  if (type.kind === 'record')
    return Object.entries(type.fields).flatMap(([key, t]) =>
      numbersOf(`${name}_${identifier(key)}`, t, partOf(type, value, key) ?? null, sizes, index),
    )
  if (type.kind === 'array') {
    const n = valueCount(type.index, sizes)
    return Array.from({ length: n }, (_, i) =>
      numbersOf(name, type.of, partOf(type, value, String(i)) ?? null, sizes, index * n + i),
    ).flat()
  }
  return [{ name, index, value: codeOf(type, value, sizes) }]
}
