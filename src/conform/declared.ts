/** The events that the steps of a model declare, and the sizes that a recording gives its sorts. */
import type { Model, ShownEvent, Statement, Type } from '../language/ast.ts'
import { scopeOf, typing } from '../language/typing.ts'
import { visitStatements } from '../language/walk.ts'
import type { Field, RecordedEvent, Recording } from './recording.ts'

/** What a field of an event is to a step: its type, as the model has it before it is configured. */
export type FieldTypes = Readonly<Record<string, Type>>

/** A step that stands for an event. */
export interface DeclaredStep {
  readonly path: string
  readonly shows: ShownEvent
  readonly types: FieldTypes
}

/** By the kind of the event. */
export type Declared = ReadonlyMap<string, readonly DeclaredStep[]>

export function declaredIn(model: Model): Declared {
  const found = new Map<string, DeclaredStep[]>()
  for (const thread of model.threads) {
    const typed = typing(scopeOf(model, thread))
    visitStatements(thread.body, (statement: Statement) => {
      if (statement.kind !== 'step' || statement.shows === undefined) return
      const { shows, path } = statement
      const types = Object.fromEntries(Object.entries(shows.values).map(([name, of]) => [name, typed(of)]))
      const steps = found.get(shows.event)
      if (steps === undefined) found.set(shows.event, [{ path, shows, types }])
      else steps.push({ path, shows, types })
    })
  }
  return found
}

/**
 * The sort that a type names things by. `ordered`: a number up to the size of the sort, for things that have an order,
 * as pages of an address space.
 */
export interface Naming {
  readonly sort: string
  readonly ordered: boolean
}

export function namingOf(type: Type): Naming | undefined {
  if (type.kind === 'optional') return namingOf(type.of)
  if (type.kind === 'id') return { sort: type.sort, ordered: false }
  if (type.kind === 'int' && typeof type.high !== 'number') return { sort: type.high.sizeOf, ordered: true }
  return undefined
}

/** The numbers of things, by sort and by the name that the recording has for them. */
export interface ObjectNames {
  /** How many things of the sort there are. */
  size(sort: string): number
  /** The number of a thing in the model; undefined if it has none. */
  number(sort: string, name: Field): number | undefined
  /** The name that the recording has for a thing. */
  name(sort: string, number: number): Field
}

/**
 * The names of all things that are named in the events. `withNext`: of things that are numbers, the next ones too,
 * since what names them may come before.
 */
export function objectNames(declared: Declared, recording: Recording, withNext = false): ObjectNames {
  const names = namesBySort(declared, recording, withNext)
  const numbers = new Map([...names].map(([sort, all]) => [sort, new Map(all.map((one, n) => [one, n]))]))
  return {
    size: (sort) => names.get(sort)?.length ?? 0,
    number: (sort, name) => numbers.get(sort)?.get(name),
    name: (sort, number) => names.get(sort)?.[number] ?? `${sort} ${number}`,
  }
}

/** By the kind of event, what its fields name. */
function namingsOf(declared: Declared): ReadonlyMap<string, ReadonlyMap<string, Naming>> {
  return new Map(
    [...declared].map(([kind, steps]) => [
      kind,
      new Map(
        steps.flatMap(({ types }) =>
          Object.entries(types).flatMap(([field, type]): [string, Naming][] => {
            const naming = namingOf(type)
            return naming === undefined ? [] : [[field, naming]]
          }),
        ),
      ),
    ]),
  )
}

/** A thing that an event names. */
export interface Named {
  readonly sort: string
  readonly name: Field
}

/** The things that an event names, in fields that steps show. */
export function namedIn(declared: Declared, { kind, fields }: RecordedEvent): readonly Named[] {
  const known = namings.get(declared) ?? namingsOf(declared)
  namings.set(declared, known)
  return [...(known.get(kind) ?? [])].flatMap(([field, { sort }]): readonly Named[] => {
    const name = fields[field]
    return name === undefined || name === null ? [] : [{ sort, name }]
  })
}

const namings = new WeakMap<Declared, ReturnType<typeof namingsOf>>()

/** The number of the last page of an address space. */
const LAST_NUMBER = 2 ** 52 - 1

function namesBySort(
  declared: Declared,
  { events, besides }: Recording,
  withNext: boolean,
): ReadonlyMap<string, readonly Field[]> {
  const ordered = new Set<string>()
  const seen = new Map<string, Set<Field>>()
  const see = (sort: string, field: Field): void => {
    const known = seen.get(sort)
    if (known === undefined) seen.set(sort, new Set([field]))
    else known.add(field)
  }
  for (const fields of namingsOf(declared).values())
    for (const [field, naming] of fields) {
      if (naming.ordered) ordered.add(naming.sort)
      for (const one of besides[field] ?? []) see(naming.sort, one)
    }
  for (const event of events) for (const { sort, name } of namedIn(declared, event)) see(sort, name)
  if (withNext)
    for (const sort of ordered)
      for (const one of [...(seen.get(sort) ?? [])]) if (Number(one) < LAST_NUMBER) see(sort, Number(one) + 1)
  const inOrder = (sort: string, all: ReadonlySet<Field>): readonly Field[] =>
    ordered.has(sort) ? [...all].sort((a, b) => Number(a) - Number(b)) : [...all]
  return new Map([...seen].map(([sort, all]) => [sort, inOrder(sort, all)]))
}
