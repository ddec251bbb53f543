/** Declarations at the top level of a model's file. A model takes those that its threads and properties mention. */
import type { Constant, Expression, Lifetime, Variable } from './ast.ts'
import { taking } from './calls.ts'
import { mustBeName, mustBeType } from './given.ts'
import { position } from './position.ts'
import { fresh } from './recorder.ts'
import type { Bool } from './types/bool.ts'
import type { Id, SortType } from './types/id.ts'
import type { AnyType, Given, PlaceOf, ValueOf } from './types/type.ts'
import type { Handle } from './types/handle.ts'
import { rootOf } from './walk.ts'

/** The declaration behind the node of a variable or constant. */
export interface Declaration<D extends Variable | Constant> {
  readonly of: D
  readonly at: string
  /** Declarations in the order in which they were made. */
  readonly order: number
}

const variables = new WeakMap<Expression, Declaration<Variable>>()
const constants = new WeakMap<Expression, Declaration<Constant>>()

/** The declaration of a node of kind `shared`, or of kind `constant`. */
export const variableOf = (node: Expression): Declaration<Variable> | undefined => variables.get(node)
export const constantOf = (node: Expression): Declaration<Constant> | undefined => constants.get(node)

/** Several initial values, each the start of some initial state. */
export interface AnyOf<V> {
  readonly anyOf: readonly V[]
}
/** `shared('turn', Process, anyOf(0, 1))` */
export const anyOf = <const V extends readonly [unknown, ...unknown[]]>(...values: V): AnyOf<V[number]> => ({
  anyOf: values,
})

const isAnyOf = <V>(given: V | AnyOf<V>): given is AnyOf<V> =>
  typeof given === 'object' && given !== null && 'anyOf' in given

function declare<T extends AnyType>(
  name: string,
  type: T,
  initial: Given<T> | AnyOf<Given<T>> | undefined,
  ghost: boolean,
): PlaceOf<T> {
  const call = ghost ? 'ghost' : 'shared'
  mustBeName(name, call)
  mustBeType(type, call, 2)
  taking(call, 3)
  const values = initial === undefined ? [] : isAnyOf<Given<T>>(initial) ? initial.anyOf : [initial]
  const node: Expression = { kind: 'shared', name }
  const at = position()
  const of = { name, type: type.shape, initial: values.map((value) => type.lift(value)), ghost, at }
  variables.set(node, { of, at, order: fresh() })
  // PlaceOf<T> is what `place` returns.
  return type.place(node) as PlaceOf<T>
}

/** A shared variable, with its initial value, or `anyOf(...)` several, where that is not the type's zero. */
export const shared = <T extends AnyType>(name: string, type: T, initial?: Given<T> | AnyOf<Given<T>>): PlaceOf<T> =>
  declare(name, type, initial, false)

/** A variable that records what properties want to know, and that no behaviour depends on. */
export const ghost = <T extends AnyType>(name: string, type: T, initial?: Given<T> | AnyOf<Given<T>>): PlaceOf<T> =>
  declare(name, type, initial, true)

/** The lifetime of a sort, by the variable that says which of its elements are allocated. */
const lifetimes = new WeakMap<Expression, Lifetime>()
export const lifetimeOf = (variable: Expression): Lifetime | undefined => lifetimes.get(variable)

/**
 * Says that the elements of a sort are freed and reused: an id of one names no particular element once freed. A
 * model that has the variable refuses an id that is carried from one transition into another and used there unseen
 * (HMM050), and a pointer that nothing turns stale (HMM051).
 *
 * @param allocations the variable that says which of them are allocated, or a part of it
 * @param allocated whether one is
 */
export function lifetime<const Sort extends string>(
  sort: SortType<Sort>,
  allocations: Handle,
  allocated: (element: Id<Sort>) => Bool,
): void {
  const bound = fresh()
  lifetimes.set(rootOf(allocations.node), {
    sort: sort.sort,
    bound,
    allocated: allocated(sort.expr({ kind: 'bound', id: bound })).node,
  })
}

export interface ConstantOptions {
  /** Its value in a configuration that says nothing of it. Without one, every configuration must. */
  readonly default?: boolean | number | string
}

/** A choice between variants of a protocol, fixed by the configuration: the text of both stays in one model. */
export function constant<T extends AnyType>(name: string, type: T, options: ConstantOptions = {}): ValueOf<T> {
  mustBeName(name, 'constant')
  mustBeType(type, 'constant', 2)
  const node: Expression = { kind: 'constant', name }
  const at = position()
  constants.set(node, { of: { name, type: type.shape, ...options, at }, at, order: fresh() })
  return type.expr(node) as ValueOf<T>
}
