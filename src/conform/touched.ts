/**
 * The cells of the shared state that a step may read and write. Two steps of different threads that touch no cell in
 * common, or that only read what they share, commute: either order leads to the same state.
 */
import type { Expression } from '../language/ast.ts'
import { parts, rootOf } from '../language/walk.ts'
import type { Scope } from '../semantics/evaluate.ts'
import { DomainError, type Value } from '../semantics/values.ts'
import { accessTo, isPlace, type Access, type Accesses, type LocalWrite } from './accesses.ts'
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

/** How the indices of accesses are found. */
export interface Resolving {
  /** The state, and the locals of the thread where it stands. */
  readonly scope: Scope
  readonly evaluate: Meaning['evaluate']
  /** A value as a local keeps it. */
  readonly stored: (local: number, value: Value) => Value
  /** The values that a choice must have; undefined: any. */
  readonly chosen?: ((local: number) => readonly Value[] | undefined) | undefined
  /** Locals that something else may set before. */
  readonly unsure?: ReadonlySet<number>
  /** Whether what an index reads may change before it is evaluated. */
  readonly mayChange: (access: Access) => boolean
}

/** What is not reached: whatever would evaluate the index leaves its domain, and then there is no step. */
const NEVER: unique symbol = Symbol('never')
type Found = Part | typeof NEVER

const sureOf = (value: Value): Part => (isUnknown(value) ? ANY : value)

/** The cells that accesses are about. An index that is not sure is any. */
export function touchedBy({ reads, writes, sets }: Accesses, resolving: Resolving): Touched {
  const { scope, evaluate, stored, chosen, unsure, mayChange } = resolving
  const known = new Map<LocalWrite | number, Found>()
  const local = (id: number, at: number): Found => {
    const setting = sets.get(id)?.findLast((one) => one.at < at)
    const found = known.get(setting ?? id) ?? (setting === undefined ? before(id) : behind(id, setting))
    known.set(setting ?? id, found)
    return found
  }
  const before = (id: number): Part => (unsure?.has(id) === true ? ANY : sureOf(scope.locals.get(id) ?? null))
  const behind = (id: number, { at, value, isChoice }: LocalWrite): Found => {
    const [only, ...others] = (isChoice ? chosen?.(id) : undefined) ?? []
    if (only !== undefined && others.length === 0) return only
    const found = value === undefined ? ANY : valueOf(value, at)
    return found === ANY || found === NEVER ? found : orNever(() => stored(id, found))
  }
  const valueOf = (e: Expression, at: number): Found => {
    let { locals } = scope
    let worst: typeof ANY | typeof NEVER | undefined
    const look = (part: Expression): void => {
      if (part.kind === 'bound') worst ??= ANY
      else if (part.kind === 'local') {
        const value = local(part.id, at)
        if (value === NEVER) worst = NEVER
        else if (value === ANY) worst ??= ANY
        else locals = locals.set(part.id, value)
      } else if (isPlace(part) && rootOf(part).kind === 'shared') {
        const access = accessTo(part, at)
        if (access === undefined || mayChange(access) || writes.some(({ name }) => name === access.name)) worst ??= ANY
        for (const index of access?.way ?? []) if (typeof index !== 'string') look(index)
      } else if (part.kind === 'value' && part.of.kind === 'local' && local(part.of.id, at) === null) worst = NEVER
      else for (const inner of parts(part)) look(inner)
    }
    look(e)
    return worst ?? orNever(() => sureOf(evaluate({ ...scope, locals }, e)))
  }
  const cells = ({ name, way, at }: Access): readonly Cell[] => {
    const found = way.map((part) => (typeof part === 'string' ? part : valueOf(part, at)))
    return isReached(found) ? [{ name, way: found }] : []
  }
  return { reads: reads.flatMap(cells), writes: writes.flatMap(cells) }
}

const isReached = (way: readonly Found[]): way is readonly Part[] => !way.includes(NEVER)

function orNever(find: () => Found): Found {
  try {
    return find()
  } catch (error) {
    if (error instanceof DomainError) return NEVER
    throw error
  }
}
