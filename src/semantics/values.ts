/**
 * The values of the reference semantics: Immutable.js collections, canonical, compared by content.
 *
 * An array is a map from index to cell, so that a cell that is not there is an index outside the type; a record is a
 * map from its fields; an optional is null or the value itself, which is why an optional of an optional does not exist.
 */
import { is, List, Map, Record, Set } from 'immutable'
import type { RecordOf } from 'immutable'
import { match, P } from 'ts-pattern'
import type { Bound, Expression, Type, TypeOf } from '../language/ast.ts'
import type { Plain } from './plain.ts'

export type Value = boolean | number | string | null | List<Value> | Set<Value> | Map<Value, Value> | Case

/** A value of a union. */
export type Case = RecordOf<{ tag: string; fields: Map<Value, Value> }>
export const Case: Record.Factory<{ tag: string; fields: Map<Value, Value> }> = Record<{
  tag: string
  fields: Map<Value, Value>
}>({ tag: '', fields: Map() })

/** Thrown where a transition leaves the domain of a type or operation; the transition fails. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  /** The variable, cell, queue or value that the message is about. */
  readonly about: Expression | undefined

  constructor(message: string, about?: Expression) {
    super(message)
    this.about = about
  }
}

/** The number of elements of each sort, `Thread` too. */
export type Sizes = Readonly<globalThis.Record<string, number>>

export const equal = (left: Value, right: Value): boolean => is(left, right)

/** A configured model has no symbolic bound; this is where we rely on it. */
export function boundOf(value: Bound): number {
  return typeof value === 'number' ? value : illTyped('a bound that is a number', JSON.stringify(value))
}

/** Every value of a type that can be chosen, indexed by or iterated over, in the order of the type. */
export function valuesOf(sizes: Sizes, type: Type): readonly Value[] {
  return match(type)
    .returnType<readonly Value[]>()
    .with({ kind: 'bool' }, () => [false, true])
    .with({ kind: 'int' }, ({ low, high }) => numbers(boundOf(low), boundOf(high)))
    .with({ kind: 'enum' }, ({ members }) => members)
    .with({ kind: 'id' }, ({ sort }) => numbers(0, (sizes[sort] ?? illTyped('a sort with a size', sort)) - 1))
    .with({ kind: 'optional' }, ({ of }) => [null, ...valuesOf(sizes, of)])
    .with({ kind: P.union('record', 'union', 'array', 'set', 'queue') }, ({ kind }) =>
      illTyped('a type whose values have an order', kind),
    )
    .exhaustive()
}

/** The value of everything before it is set. */
export function zero(sizes: Sizes, type: Type): Value {
  const fields = (types: Readonly<globalThis.Record<string, Type>>): Map<Value, Value> =>
    Map(Object.entries(types).map(([name, of]): [Value, Value] => [name, zero(sizes, of)]))
  switch (type.kind) {
    case 'bool':
      return false
    case 'int':
      return boundOf(type.low) <= 0 && boundOf(type.high) >= 0 ? 0 : boundOf(type.low)
    case 'enum':
      return type.members[0] ?? illTyped('an enum with members', 'none')
    case 'id':
      return 0
    case 'optional':
      return null
    case 'record':
      return fields(type.fields)
    case 'union': {
      const [tag, types] = Object.entries(type.cases)[0] ?? illTyped('a union with cases', 'none')
      return Case({ tag, fields: fields(types) })
    }
    case 'array':
      return filled(sizes, type.index, zero(sizes, type.of))
    case 'set':
      return Set()
    case 'queue':
      return List()
  }
}

/** An array with the same value in every cell. */
export function filled(sizes: Sizes, index: Type, cell: Value): Value {
  return Map(valuesOf(sizes, index).map((at): [Value, Value] => [at, cell]))
}

/**
 * A number as it is stored in a place of that type. Everything but numbers is stored as it is.
 *
 * @param about the place, or without a place the value, for messages
 */
export function fitDomain(type: Type, value: Value, about?: Expression): Value {
  if (type.kind === 'optional') return value === null ? null : fitDomain(type.of, value, about)
  if (type.kind !== 'int') return value
  const [number, low, high] = [integer(value), boundOf(type.low), boundOf(type.high)]
  if (number >= low && number <= high) return number
  const size = high - low + 1
  return match(type.overflow)
    .with('wrap', () => low + ((((number - low) % size) + size) % size))
    .with('saturate', () => (number < low ? low : high))
    .with('error', () => {
      throw new DomainError(`${number} is outside ${low}..${high}`, about)
    })
    .exhaustive()
}

/** A value as JSON, as the type orders it. */
export function plain(sizes: Sizes, type: Type, value: Value): Plain {
  return plainer(sizes, type)(value)
}

type Plainer = (value: Value) => Plain
const plainers = new WeakMap<Sizes, WeakMap<Type, Plainer>>()

/**
 * The conversion of the values of a type to JSON; made once per type, as it is asked for with every state compared.
 */
function plainer(sizes: Sizes, type: Type): Plainer {
  const known = plainers.get(sizes) ?? new WeakMap<Type, Plainer>()
  plainers.set(sizes, known)
  const made = known.get(type) ?? makePlainer(sizes, type)
  known.set(type, made)
  return made
}

function makePlainer(sizes: Sizes, type: Type): Plainer {
  const of = (part: Type): Plainer => plainer(sizes, part)
  const fields = (
    types: Readonly<globalThis.Record<string, Type>>,
  ): ((values: Map<Value, Value>) => { readonly [key: string]: Plain }) => {
    const each = Object.entries(types).map(([name, field]) => [name, of(field)] as const)
    return (values) => Object.fromEntries(each.map(([name, field]) => [name, field(member(values, name))]))
  }
  return match(type)
    .returnType<Plainer>()
    .with({ kind: 'bool' }, () => truth)
    .with({ kind: 'int' }, { kind: 'id' }, () => integer)
    .with({ kind: 'enum' }, () => (value) => (typeof value === 'string' ? value : illTyped('a member', value)))
    .with({ kind: 'optional' }, ({ of: content }) => {
      const inner = of(content)
      return (value) => (value === null ? null : inner(value))
    })
    .with({ kind: 'record' }, (record) => {
      const all = fields(record.fields)
      return (value) => all(cells(value))
    })
    .with({ kind: 'union' }, ({ cases }) => {
      const all = new globalThis.Map(Object.entries(cases).map(([tag, types]) => [tag, fields(types)]))
      return (value) => {
        const { tag, fields: values } = variant(value)
        return { is: tag, fields: (all.get(tag) ?? illTyped('a case of the union', tag))(values) }
      }
    })
    .with({ kind: 'array' }, ({ index, of: cell }) => {
      const [inner, places] = [of(cell), valuesOf(sizes, index)]
      return (value) => places.map((at) => inner(member(cells(value), at)))
    })
    .with({ kind: 'set' }, ({ of: element }) => {
      const [inner, all] = [of(element), valuesOf(sizes, element)]
      return (value) => {
        const inside = all.filter((one) => elements(value).has(one))
        // behind those in order, what only a sort without elements leaves: its zero
        const others = inside.length === elements(value).size ? [] : elements(value).subtract(inside)
        return [...inside, ...others].map(inner)
      }
    })
    .with({ kind: 'queue' }, ({ of: element }) => {
      const inner = of(element)
      return (value) => queue(value).toArray().map(inner)
    })
    .exhaustive()
}

// Operands as an operation expects them. A well typed model always has them.

export const truth = (value: Value): boolean => (typeof value === 'boolean' ? value : illTyped('a bool', value))
export const integer = (value: Value): number => (typeof value === 'number' ? value : illTyped('a number', value))
export const queue = (value: Value): List<Value> => (List.isList(value) ? value : illTyped('a queue', value))
export const elements = (value: Value): Set<Value> => (Set.isSet(value) ? value : illTyped('a set', value))
export const cells = (value: Value): Map<Value, Value> =>
  Map.isMap(value) ? value : illTyped('a record or an array', value)
export const variant = (value: Value): Case => (Record.isRecord(value) ? value : illTyped('a union', value))

/** A type of that kind. */
export function shape<K extends Type['kind']>(kind: K, type: Type): TypeOf<K> {
  // TypeScript does not narrow a union by a generic tag; the test is just this.
  return type.kind === kind ? (type as TypeOf<K>) : illTyped(kind, type.kind)
}

/** The field or cell that a well typed model must have. */
export function member(values: Map<Value, Value>, key: Value): Value {
  const found = values.get(key)
  return found === undefined ? illTyped(`a member ${String(key)}`, values) : found
}

/** The model was not checked before it came here. */
export function illTyped(expected: string, got: unknown): never {
  throw new TypeError(`ill-typed model: expected ${expected}, got ${String(got)}`)
}

function numbers(low: number, high: number): readonly number[] {
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, n) => low + n)
}
