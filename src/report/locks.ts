/** The locks that each thread holds and waits for in a state. analysis/locks.ts says what a lock is. */
import type { ConfiguredModel, Type } from '../language/ast.ts'
import type { PlainState } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import { elementsOf, fieldOf, showIndex } from './values.ts'

/** A thread at a lock. */
export interface LockUse {
  /** `mm.mmap_sem` */
  readonly lock: string
  /** The field of the lock that names the thread: `writer`, `readers`, `owner`; empty if the lock is that field. */
  readonly role: string
  readonly thread: number
  /** It stands in the lock's queue. */
  readonly waits: boolean
}

/** Every thread that holds a lock or stands in its queue, in the order of the state. */
export function lockUses(model: ConfiguredModel, fields: ReadonlySet<string>, state: PlainState): readonly LockUse[] {
  return model.variables.flatMap(({ name, type }) =>
    usesIn(model, fields, { place: name, field: name, lock: name, role: '' }, type, state.shared[name] ?? null),
  )
}

interface At {
  readonly place: string
  readonly field: string
  readonly lock: string
  readonly role: string
}

function usesIn(
  model: ConfiguredModel,
  fields: ReadonlySet<string>,
  at: At,
  type: Type,
  value: Plain,
): readonly LockUse[] {
  if (fields.has(at.field)) {
    const threads = threadsIn(type, value)
    if (threads.length > 0)
      return threads.map((thread) => ({ lock: at.lock, role: at.role, thread, waits: type.kind === 'queue' }))
  }
  if (type.kind === 'record') {
    return Object.entries(type.fields).flatMap(([name, of]) =>
      usesIn(
        model,
        fields,
        { place: `${at.place}.${name}`, field: `${at.field}.${name}`, lock: at.place, role: name },
        of,
        fieldOf(value, name),
      ),
    )
  }
  if (type.kind === 'array') {
    return elementsOf(value).flatMap((cell, n) => {
      const place = `${at.place}[${showIndex(model, type.index, n)}]`
      return usesIn(model, fields, { place, field: `${at.field}[]`, lock: place, role: '' }, type.of, cell)
    })
  }
  return type.kind === 'optional' && value !== null ? usesIn(model, fields, at, type.of, value) : []
}

/**
 * The threads that a value names: itself, the elements of a set or queue, a queued record's fields, the keys of an
 * array by thread.
 */
function threadsIn(type: Type, value: Plain): readonly number[] {
  switch (type.kind) {
    case 'id':
      return type.sort === 'Thread' && typeof value === 'number' ? [value] : []
    case 'optional':
      return value === null ? [] : threadsIn(type.of, value)
    case 'set':
    case 'queue':
      return elementsOf(value).flatMap((element) => threadsIn(type.of, element))
    case 'record':
      return Object.entries(type.fields).flatMap(([name, of]) => threadsIn(of, fieldOf(value, name)))
    case 'array':
      return type.index.kind === 'id' && type.index.sort === 'Thread'
        ? elementsOf(value).flatMap((cell, n) => (cell === true || (typeof cell === 'number' && cell > 0) ? [n] : []))
        : []
    case 'bool':
    case 'int':
    case 'enum':
    case 'union':
      return []
  }
}

/** `mm.mmap_sem (writer)` and what else a thread holds; what it waits for. */
export function nameUses(uses: readonly LockUse[]): {
  readonly holds: readonly string[]
  readonly waits: readonly string[]
} {
  const names = (waits: boolean): readonly string[] =>
    uses
      .filter((use) => use.waits === waits)
      .map(({ lock, role }) => (waits || role === '' || role === 'owner' ? lock : `${lock} (${role})`))
  return { holds: names(false), waits: names(true) }
}

/** `holds mm.mmap_sem (writer), hmm.lock; waits for driver[0].update`. */
export function showLocks({
  holds,
  waits,
}: {
  readonly holds: readonly string[]
  readonly waits: readonly string[]
}): string {
  return [
    ...(holds.length === 0 ? [] : [`holds ${holds.join(', ')}`]),
    ...(waits.length === 0 ? [] : [`waits for ${waits.join(', ')}`]),
  ].join('; ')
}

/** Whether a field is a lock's: who holds it, who waits for it. */
export function isOrIsIn(field: string, fields: ReadonlySet<string>): boolean {
  return [...fields].some((lock) => field === lock || field.startsWith(`${lock}.`) || field.startsWith(`${lock}[`))
}
