/** A place in the text of a thread that is being written, and what can be read and declared there. */
import type { Expression, LocalDeclaration, Place, Statement, Type } from '../../src/language/ast.ts'
import { binary, bool, current, id, local, self } from '../support/ast.ts'
import { pick } from './draw.ts'
import type { Draw } from './draw.ts'
import { expression } from './expressions.ts'
import type { Scope, Typed } from './expressions.ts'
import type { Sizes, Types } from './types.ts'

/** What all threads of a model have in common. */
export interface Setting {
  readonly draw: Draw
  readonly sizes: Sizes
  readonly types: Types
  readonly variables: readonly Typed<Place>[]
  readonly ghosts: readonly Typed<Place>[]
  /** Variables that are locks: optional threads. */
  readonly locks: readonly string[]
  /** Names of assertions and of `sometimes` properties. */
  readonly assertions: readonly string[]
  readonly covers: readonly string[]
  /** Numbers for bound variables and hand-written labels. */
  readonly fresh: () => number
}

/** A thread being written. */
export interface Writer extends Setting {
  readonly locals: LocalDeclaration[]
  readonly self: Type | undefined
  /** `initially` runs in no thread. */
  readonly runs: boolean
}

/** Where in it. */
export interface Spot {
  readonly writer: Writer
  /** Locals in scope. */
  readonly seen: readonly Typed<Place>[]
  readonly loops: readonly number[]
  /** Labels that may be jumped to. */
  readonly labels: readonly number[]
  readonly inCall: boolean
  readonly depth: number
  /** In a step: whether a guard may still stand here. */
  readonly step?: 'before the effects' | 'effects'
  /** What must not be read: in a `forEach` in a step, what it writes. */
  readonly untouchable?: string
}

export function scopeOf({ writer, seen, untouchable }: Spot, ghosts = false): Scope {
  const { draw, sizes, types, variables, fresh } = writer
  const element: readonly Typed[] = writer.self === undefined ? [] : [{ expression: self, type: writer.self }]
  const running: readonly Typed[] = !writer.runs ? [] : [{ expression: current, type: id('Thread') }]
  const shareds = [...variables, ...(ghosts ? writer.ghosts : [])].filter(
    ({ expression: place }) => place.kind !== 'shared' || place.name !== untouchable,
  )
  return { draw, sizes, reads: [...shareds, ...seen, ...seen, ...element, ...running], scalars: types.scalars, fresh }
}

export const test = (spot: Spot, depth = 2): Expression => expression(scopeOf(spot), bool, depth)
/** A condition that holds more often than not. */
export const likely = (spot: Spot): Expression => binary(test(spot), 'or', test(spot))
export const value = (spot: Spot, type: Type): Expression => expression(scopeOf(spot), type, 2, true)

export function declare({ writer }: Spot, type: Type, name = 'x'): Typed<Extract<Place, { kind: 'local' }>> {
  const { length } = writer.locals
  writer.locals.push({ id: length, name: `${name}${length}`, type })
  return { expression: local(length), type }
}

export const seeing = (spot: Spot, ...more: readonly Typed<Place>[]): Spot => ({
  ...spot,
  seen: [...spot.seen, ...more],
})
export const inside = (spot: Spot): Spot => ({ ...spot, depth: spot.depth - 1 })
export const scalar = ({ writer }: Spot): Type => pick(writer.draw, writer.types.scalars)

/** What a statement adds to the scope of those behind it. */
export interface Written {
  readonly statements: readonly Statement[]
  readonly spot: Spot
}
