/**
 * The cells of the shared state that a step may read and write. Two steps of different threads that touch no cell in
 * common, or that only read what they share, commute: either order leads to the same state.
 */
import type { Expression, Place, Statement } from '../language/ast.ts'
import { armsOf, expressionsOf, parts, rootOf, shownValues, visitStatements } from '../language/walk.ts'
import type { Scope } from '../semantics/evaluate.ts'
import { DomainError, type Value } from '../semantics/values.ts'
import type { Meaning } from './meaning.ts'
import { isUnknown } from './unknown/value.ts'

/** Any index. */
export const ANY: unique symbol = Symbol('any')
type Part = Value | typeof ANY

/** A variable, and the way to a part of it. Whatever is in that part belongs to it. */
export interface Cell {
  readonly name: string
  readonly way: readonly Part[]
}

/** What is read, and what is written. */
export interface Touched {
  readonly reads: readonly Cell[]
  readonly writes: readonly Cell[]
}

/** What is touched by all of them. */
export const together = (all: readonly Touched[]): Touched => ({
  reads: all.flatMap(({ reads }) => reads),
  writes: all.flatMap(({ writes }) => writes),
})

/** Whether a cell is part of another, or the other of it. */
function meets(one: Cell, other: Cell): boolean {
  if (one.name !== other.name) return false
  const length = Math.min(one.way.length, other.way.length)
  for (let n = 0; n < length; n += 1) {
    const [mine, its] = [one.way[n], other.way[n]]
    if (mine !== its && mine !== ANY && its !== ANY) return false
  }
  return true
}

const meet = (some: readonly Cell[], others: readonly Cell[]): boolean =>
  some.some((one) => others.some((other) => meets(one, other)))

/** Whether the order of two steps can matter. */
export const conflict = (one: Touched, other: Touched): boolean =>
  meet(one.writes, other.writes) || meet(one.writes, other.reads) || meet(one.reads, other.writes)

/** Fields are known from the text; an index is an expression. */
type Access = { readonly name: string; readonly way: readonly (string | Expression)[] }

/** The accesses of a piece of text, as it is written. */
export interface Accesses {
  readonly reads: readonly Access[]
  readonly writes: readonly Access[]
  /** What a local is set to in it; undefined where that is not one expression. */
  readonly sets: ReadonlyMap<number, Expression | undefined>
}

const isPlace = (e: Expression): e is Extract<Expression, { kind: 'field' | 'index' | 'shared' }> =>
  e.kind === 'field' || e.kind === 'index' || e.kind === 'shared'

function accessOf(place: Expression): Access | undefined {
  if (place.kind === 'shared') return { name: place.name, way: [] }
  if (place.kind !== 'field' && place.kind !== 'index') return undefined
  const of = accessOf(place.of)
  return of && { name: of.name, way: [...of.way, place.kind === 'field' ? place.name : place.index] }
}

/** What an expression reads. Of a place, the whole way counts, and what its indices read. */
function readsOf(e: Expression, into: Access[]): void {
  if (isPlace(e) && rootOf(e).kind === 'shared') {
    const access = accessOf(e)
    if (access !== undefined) into.push(access)
    for (const index of access?.way ?? []) if (typeof index !== 'string') readsOf(index, into)
  } else for (const part of parts(e)) readsOf(part, into)
}

/** The accesses of statements, and of those inside them. What a step shows is what it must agree with: it is read. */
export function accessesOf(body: readonly Statement[]): Accesses {
  const reads: Access[] = []
  const writes: Access[] = []
  const sets = new Map<number, Expression | undefined>()
  const set = (local: number, value: Expression | undefined): void => {
    sets.set(local, sets.has(local) ? undefined : value)
  }
  const write = (target: Place): void => {
    const access = rootOf(target).kind === 'shared' ? accessOf(target) : undefined
    if (access === undefined) return
    writes.push(access)
    for (const index of access.way) if (typeof index !== 'string') readsOf(index, reads)
  }
  visitStatements(body, (s) => {
    for (const e of [...expressionsOf(s), ...shownValues(s)]) if (!('target' in s && e === s.target)) readsOf(e, reads)
    if ('target' in s) {
      write(s.target)
      if (s.kind !== 'assign') readsOf(s.target, reads)
      const root = rootOf(s.target)
      if (root.kind === 'local') set(root.id, s.kind === 'assign' && s.target === root ? s.value : undefined)
    }
    if (s.kind === 'choose') set(s.local, undefined)
    if (s.kind === 'forEach') for (const local of [s.local, s.remaining]) set(local, undefined)
    if (s.kind === 'if' || s.kind === 'match')
      for (const { binds } of armsOf(s)) for (const { local, value } of binds) set(local, value)
    if (s.kind === 'reset') for (const local of s.locals) set(local, undefined)
  })
  return { reads, writes, sets }
}

/** How the indices of accesses are found. */
export interface Resolving {
  /** The state, and the locals of the thread where it stands. */
  readonly scope: Scope
  readonly evaluate: Meaning['evaluate']
  /** The values that a choice must have; undefined: any. */
  readonly chosen?: ((local: number) => readonly Value[] | undefined) | undefined
  /** Locals that something else may set before. */
  readonly unsure?: ReadonlySet<number>
  /** Whether what an index reads may change before. */
  readonly mayChange: (access: Access) => boolean
}

const sureOf = (value: Value): Part => (isUnknown(value) ? ANY : value)

/** The cells that accesses are about. An index that is not sure is any. */
export function touchedBy({ reads, writes, sets }: Accesses, resolving: Resolving): Touched {
  const { scope, evaluate, chosen, unsure, mayChange } = resolving
  const locals = new Map<number, Part>()
  const local = (id: number): Part => {
    const known = locals.get(id)
    if (known !== undefined) return known
    locals.set(id, ANY)
    const found = localNow(id)
    locals.set(id, found)
    return found
  }
  const localNow = (id: number): Part => {
    const must = chosen?.(id)
    if (must !== undefined && must.length === 1) return must[0] ?? null
    if (sets.has(id)) {
      const value = sets.get(id)
      return value === undefined ? ANY : valueOf(value)
    }
    return unsure?.has(id) === true ? ANY : sureOf(scope.locals.get(id) ?? null)
  }
  const valueOf = (e: Expression): Part => {
    let [isSure, { locals: known }] = [true, scope]
    const look = (part: Expression): void => {
      if (!isSure) return
      if (part.kind === 'bound') isSure = false
      else if (part.kind === 'local') {
        const value = local(part.id)
        if (value === ANY) isSure = false
        else known = known.set(part.id, value)
      } else if (isPlace(part) && rootOf(part).kind === 'shared') {
        const access = accessOf(part)
        if (access === undefined || mayChange(access) || writes.some(({ name }) => name === access.name)) isSure = false
        for (const index of access?.way ?? []) if (typeof index !== 'string') look(index)
      } else for (const inner of parts(part)) look(inner)
    }
    look(e)
    if (!isSure) return ANY
    try {
      return sureOf(evaluate({ ...scope, locals: known }, e))
    } catch (error) {
      if (error instanceof DomainError) return ANY
      throw error
    }
  }
  const cell = ({ name, way }: Access): Cell => ({
    name,
    way: way.map((part) => (typeof part === 'string' ? part : valueOf(part))),
  })
  return { reads: reads.map(cell), writes: writes.map(cell) }
}

/** Whether two accesses can be about the same cell, whatever their indices are. */
export function mayMeet(one: Access, other: Access): boolean {
  if (one.name !== other.name) return false
  const length = Math.min(one.way.length, other.way.length)
  for (let n = 0; n < length; n += 1) {
    const [mine, its] = [one.way[n], other.way[n]]
    if (typeof mine === 'string' && typeof its === 'string' && mine !== its) return false
  }
  return true
}

const mayMeetAny = (some: readonly Access[], others: readonly Access[]): boolean =>
  some.some((one) => others.some((other) => mayMeet(one, other)))

const conflicts = new WeakMap<Accesses, WeakMap<Accesses, boolean>>()

/** Whether the order of two pieces of text can matter, whatever the state is. The answers are remembered. */
export function mayConflict(one: Accesses, other: Accesses): boolean {
  const known = conflicts.get(one) ?? new WeakMap<Accesses, boolean>()
  conflicts.set(one, known)
  const found =
    known.get(other) ??
    (mayMeetAny(one.writes, other.writes) || mayMeetAny(one.writes, other.reads) || mayMeetAny(one.reads, other.writes))
  known.set(other, found)
  return found
}
