/**
 * Names that a recording uses again. A model's element stands for one object after the other: where the recording gives
 * an object free, the element is free too, and with the next event that names it another object begins, whose parts of
 * the state are what they are at first. What still points at the old object points at the new one then, as in the
 * kernel. So an event that begins an object is done in a state in which its cells are new; nothing comes between the
 * two. A hidden step that touches the old object comes before, or it touches the new one.
 */
import { Map as Persistent } from 'immutable'
import type { Type } from '../language/ast.ts'
import { threadOf, type Machine, type State } from '../semantics/machine.ts'
import type { Value } from '../semantics/values.ts'
import { namedIn, type Declared, type ObjectNames } from './declared.ts'
import type { Field, RecordedEvent } from './recording.ts'
import { ANY, type Cell, type Touched } from './touched.ts'

/** Behind the event, the name stands for another object of the sort; `Thread` is the sort of threads. */
export interface Freed {
  readonly sort: string
  readonly name: Field
  readonly at: RecordedEvent
}

/** An element of a sort that stands for another object from an event on. */
export interface Born {
  readonly sort: string
  readonly number: number
}

/** The objects that begin with an event, whose names had others before. */
export type Births = ReadonlyMap<RecordedEvent, readonly Born[]>

interface Naming {
  readonly declared: Declared
  readonly names: ObjectNames
  /** The number of a thread. */
  readonly threads: ReadonlyMap<string, number>
}

const key = (sort: string, name: Field): string => JSON.stringify([sort, name])

/** @param events those that steps declare, in order */
export function birthsIn(
  events: readonly RecordedEvent[],
  freed: readonly Freed[],
  { declared, names, threads }: Naming,
): Births {
  const births = new Map<RecordedEvent, readonly Born[]>()
  const todo = [...freed].sort((one, other) => one.at.order - other.at.order)
  const free = new Set<string>()
  for (const event of events) {
    for (let [next] = todo; next !== undefined && next.at.order < event.order; [next] = todo) {
      free.add(key(next.sort, next.name))
      todo.shift()
    }
    if (free.size === 0) continue
    const named = [...namedIn(declared, event), { sort: 'Thread', name: event.thread }]
    const born = named.flatMap(({ sort, name }): readonly Born[] => {
      const number = sort === 'Thread' ? threads.get(String(name)) : names.number(sort, name)
      return free.delete(key(sort, name)) && number !== undefined ? [{ sort, number }] : []
    })
    if (born.length > 0) births.set(event, born)
  }
  return births
}

const ELEMENT: unique symbol = Symbol('the element')
/** A way into a value: fields, any index, and the index that is the element. */
type Way = readonly (string | typeof ANY | typeof ELEMENT)[]

/** The ways to all parts of a type that belong to one element of the sort. */
function waysIn(type: Type, sort: string): readonly Way[] {
  if (type.kind === 'record')
    return Object.entries(type.fields).flatMap(([name, of]) => waysIn(of, sort).map((way) => [name, ...way]))
  if (type.kind !== 'array') return []
  if (type.index.kind === 'id' && type.index.sort === sort) return [[ELEMENT]]
  return waysIn(type.of, sort).map((way) => [ANY, ...way])
}

/** The value with what is at the way as it is in another one. */
function taken(value: Value, from: Value, [first, ...rest]: Way, number: number): Value {
  if (first === undefined) return from
  if (!Persistent.isMap(value) || !Persistent.isMap(from)) return value
  const keys = first === ANY ? [...value.keys()] : [first === ELEMENT ? number : first]
  return keys.reduce<Persistent<Value, Value>>(
    (into, one) => into.set(one, taken(into.get(one) ?? null, from.get(one) ?? null, rest, number)),
    value,
  )
}

/** What the beginning of objects does to a state. */
export interface Renewal {
  /** The state in which they are as at first. */
  renewed(state: State): State
  readonly touched: Touched
  /** The threads that begin anew. */
  readonly threads: ReadonlySet<number>
}

/**
 * @param first the state in which new objects are as they are there
 * @returns the renewal of elements
 */
export function renewals(
  machine: Machine,
  first: State | undefined = machine.initial[0]?.state,
): (born: readonly Born[]) => Renewal {
  const { variables } = machine.model
  return (born) => {
    const ways = born.flatMap(({ sort, number }) =>
      variables.flatMap(({ name, type }) => waysIn(type, sort).map((way) => ({ name, way, number }))),
    )
    const cells = ways.map(
      ({ name, way, number }): Cell => ({
        name,
        way: way.map((part) => (part === ELEMENT ? number : part)),
      }),
    )
    const threads = new Set(born.flatMap(({ sort, number }) => (sort === 'Thread' ? [number] : [])))
    return {
      threads,
      touched: { reads: [], writes: cells },
      renewed(state) {
        if (first === undefined) return state
        const shared = ways.reduce(
          (all, { name, way, number }) =>
            all.set(name, taken(all.get(name) ?? null, first.shared.get(name) ?? null, way, number)),
          state.shared,
        )
        const begun = [...threads].reduce((all, one) => all.set(one, threadOf(first, one)), state.threads)
        return state.set('shared', shared).set('threads', begun)
      },
    }
  }
}
