/** The cells that a transition reads and writes, by the statements that it executed. */
import { match, P } from 'ts-pattern'
import type { ConfiguredModel, Expression, Statement, Type } from '../language/ast.ts'
import { armsOf, parts } from '../language/walk.ts'
import { evaluate, holds } from '../semantics/evaluate.ts'
import type { Scope } from '../semantics/evaluate.ts'
import type { Executed } from '../semantics/execute.ts'
import { DomainError, equal, queue, valuesOf, variant } from '../semantics/values.ts'
import type { Value } from '../semantics/values.ts'
import { showIndex } from './values.ts'

/**
 * A part of the state: `driver[0].pte[1]`; for a local, `@1/7`: the thread and the local's id. A cell with parts stands
 * for all of them.
 */
export type CellName = string

/** A cell that was written, and the cells that its value was made of. */
export interface WrittenValue {
  readonly cell: CellName
  readonly reads: readonly CellName[]
}

/** The reads and writes of one executed statement. */
export interface Footprint {
  readonly statement: Statement
  /** The cells that decided where control went. */
  readonly tests: readonly CellName[]
  readonly effects: readonly WrittenValue[]
}

/** The model and thread that the expressions belong to. */
export interface Reader {
  readonly model: ConfiguredModel
  readonly thread: number
}

/** Whether a cell is part of the other, or the same. */
export function cellsOverlap(a: CellName, b: CellName): boolean {
  const [whole, part] = a.length <= b.length ? [a, b] : [b, a]
  return (
    part.startsWith(whole) && (part.length === whole.length || part[whole.length] === '.' || part[whole.length] === '[')
  )
}

/** Not a thread's own. */
export const isShared = (cell: CellName): boolean => !cell.startsWith('@')

interface Typed {
  readonly cell: CellName
  readonly type: Type
}

/** The cell that an expression names; none if it names no place. */
function cellOf(reader: Reader, scope: Scope, e: Expression): Typed | undefined {
  const { model, thread } = reader
  const inside = (of: Expression, step: (place: Typed) => Typed | undefined): Typed | undefined => {
    const place = cellOf(reader, scope, of)
    return place && step(place)
  }
  switch (e.kind) {
    case 'shared': {
      const type = model.variables.find(({ name }) => name === e.name)?.type
      return type && { cell: e.name, type }
    }
    case 'local': {
      const type = model.threads[model.instances[thread]?.thread ?? -1]?.locals.find(({ id }) => id === e.id)?.type
      return type && { cell: `@${thread}/${e.id}`, type }
    }
    case 'value':
      return inside(e.of, ({ cell, type }) => (type.kind === 'optional' ? { cell, type: type.of } : undefined))
    case 'field':
      return inside(e.of, ({ cell, type }) => {
        const field = type.kind === 'record' ? type.fields[e.name] : undefined
        return field && { cell: `${cell}.${e.name}`, type: field }
      })
    case 'index':
      return inside(e.of, ({ cell, type }) => {
        if (type.kind !== 'array') return undefined
        const index = evaluate(scope, e.index)
        const at = valuesOf(model.sizes, type.index).findIndex((one) => equal(one, index))
        return at < 0 ? undefined : { cell: `${cell}[${showIndex(model, type.index, at)}]`, type: type.of }
      })
    default:
      return undefined
  }
}

/** The indices of a place. */
function indicesOf(place: Expression): readonly Expression[] {
  if (place.kind === 'field' || place.kind === 'value') return indicesOf(place.of)
  return place.kind === 'index' ? [place.index, ...indicesOf(place.of)] : []
}

/** The cells that are looked at while an expression is evaluated; as far as it comes, if it leaves its domain. */
export function cellsReadBy(reader: Reader, scope: Scope, expression: Expression): readonly CellName[] {
  const cells = new Set<CellName>()
  try {
    collect(reader, scope, expression, cells)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
  return [...cells]
}

function collect(reader: Reader, scope: Scope, e: Expression, into: Set<CellName>): void {
  const read = (part: Expression, in_: Scope = scope): void => {
    collect(reader, in_, part, into)
  }
  const place = cellOf(reader, scope, e)
  if (place !== undefined) {
    into.add(place.cell)
    for (const index of indicesOf(e)) read(index)
    return
  }
  const each = (over: Iterable<Value>, quantifier: string, bound: number, body: Expression): void => {
    for (const element of over) {
      const inner = { ...scope, bound: scope.bound.set(bound, element) }
      read(body, inner)
      if (quantifier !== 'count' && holds(inner, body) === (quantifier === 'some')) return
    }
  }
  match(e)
    .with({ kind: 'binary', operator: P.union('and', 'or') }, ({ operator, left, right }) => {
      read(left)
      if (holds(scope, left) === (operator === 'and')) read(right)
    })
    .with({ kind: 'conditional' }, ({ condition, then, otherwise }) => {
      read(condition)
      read(holds(scope, condition) ? then : otherwise)
    })
    .with({ kind: 'quantified' }, ({ quantifier, bound, over, body }) => {
      each(scope.values(over), quantifier, bound, body)
    })
    .with({ kind: 'elements' }, ({ quantifier, bound, of, body }) => {
      read(of)
      each(queue(evaluate(scope, of)), quantifier, bound, body)
    })
    .with({ kind: 'before' }, ({ of }) => {
      if (scope.before !== undefined) read(of, { ...scope.before, bound: scope.bound })
    })
    .otherwise((other) => {
      for (const part of parts(other)) read(part)
    })
}

/** The reads and writes of a statement in its scope. Statements around others did nothing themselves. */
export function footprintOf(reader: Reader, { statement, scope }: Executed): Footprint {
  const nothing: Footprint = { statement, tests: [], effects: [] }
  const reads = (...all: readonly Expression[]): readonly CellName[] =>
    all.flatMap((e) => cellsReadBy(reader, scope, e))
  const own = (local: number): CellName => `@${reader.thread}/${local}`
  const put = (target: Expression, ...from: readonly Expression[]): Footprint => {
    const place = inDomain(() => cellOf(reader, scope, target))
    return place === undefined
      ? nothing
      : { ...nothing, effects: [{ cell: place.cell, reads: reads(...from, ...indicesOf(target)) }] }
  }
  const binds = (
    taken: { readonly binds: readonly { readonly local: number; readonly value: Expression }[] } | undefined,
  ): readonly WrittenValue[] =>
    (taken?.binds ?? []).map(({ local, value }) => ({ cell: own(local), reads: reads(value) }))
  return (
    match(statement)
      .returnType<Footprint>()
      .with({ kind: 'assign' }, ({ target, value }) => put(target, value))
      .with({ kind: P.union('insert', 'remove', 'push', 'discard') }, ({ target, value }) => put(target, value, target))
      .with({ kind: 'pop' }, ({ target }) => put(target, target))
      .with({ kind: 'if' }, ({ condition, then, otherwise }) => {
        const holding = inDomain(() => holds(scope, condition))
        return {
          statement,
          tests: reads(condition),
          effects: binds(holding === undefined ? undefined : holding ? then : otherwise),
        }
      })
      .with({ kind: 'match' }, (branching) => {
        const tag = inDomain(() => variant(evaluate(scope, branching.of)).tag)
        const taken = tag === undefined ? undefined : (branching.arms[tag] ?? armsOf(branching).at(-1))
        return { statement, tests: reads(branching.of), effects: binds(taken) }
      })
      .with({ kind: 'await' }, ({ condition }) => ({ ...nothing, tests: reads(condition) }))
      // what may be chosen is a guard: the value comes from nowhere
      .with({ kind: P.union('choose', 'forEach') }, ({ local }) => ({
        ...nothing,
        effects: [{ cell: own(local), reads: [] }],
      }))
      .with({ kind: 'reset' }, ({ locals }) => ({
        ...nothing,
        effects: locals.map((local) => ({ cell: own(local), reads: [] })),
      }))
      .otherwise(() => nothing)
  )
}

function inDomain<T>(found: () => T): T | undefined {
  try {
    return found()
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

/** The places that say who holds a lock, where a thread waits for it: `driver[0].update.owner`. */
export function blockersOf(reader: Reader, { statement, scope }: Executed, holder: number): readonly CellName[] {
  if (statement.kind !== 'await' || statement.blockers === undefined) return []
  const { bound, condition } = statement.blockers
  return cellsReadBy(reader, { ...scope, bound: scope.bound.set(bound, holder) }, condition).filter(isShared)
}

/** The field that a cell belongs to, whichever element it is of: `driver[].pte[]`. */
export const fieldOfCell = (cell: CellName): string => cell.replaceAll(/\[(?:[^[\]]|\[[^\]]*\])*\]/g, '[]')
