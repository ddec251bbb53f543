/**
 * Conditions and values: what a model's text combines handles with. Lower case, as nothing of it is recorded by
 * itself.
 */
import type { Expression } from './ast.ts'
import { taking } from './calls.ts'
import { conditionOf, handleOf, mustBeFunction, mustBeType } from './given.ts'
import { fresh, made } from './recorder.ts'
import { boundAsExpression, countType } from './types/count.ts'
import { Bool, bool } from './types/bool.ts'
import { range, type Int } from './types/int.ts'
import type { Id } from './types/id.ts'
import type { OneOf } from './types/enum.ts'
import type { None, Optional } from './types/optional.ts'
import type { Queue } from './types/queue.ts'
import type { Cases, Union } from './types/union.ts'
import { typeOf, type AnyType, type Fields, type Given, type ValueOf } from './types/type.ts'
import type { Handle } from './types/handle.ts'

export const yes: Bool = Bool.expr(Bool.lift(true))
export const no: Bool = Bool.expr(Bool.lift(false))

/** It does not hold. */
export const not = (x: Bool): Bool => bool({ kind: 'not', of: conditionOf(x, 'not') })

const chain = (operator: 'and' | 'or', first: Bool, rest: readonly Bool[]): Bool =>
  rest.reduce(
    (left, right, n) =>
      bool({ kind: 'binary', operator, left: conditionOf(left, operator), right: conditionOf(right, operator, n + 2) }),
    first,
  )

/** All of them, tested from the left until one does not hold. */
export const and = (first: Bool, ...rest: readonly Bool[]): Bool => chain('and', first, rest)
/** One of them, tested from the left until one holds. */
export const or = (first: Bool, ...rest: readonly Bool[]): Bool => chain('or', first, rest)
/** If `a` holds, so does `b`. */
export const implies = (a: Bool, b: Bool): Bool =>
  bool({
    kind: 'binary',
    operator: 'or',
    left: bool({ kind: 'not', of: conditionOf(a, 'implies') }).node,
    right: conditionOf(b, 'implies', 2),
  })

/** `c ? a : b` in C. Only the side that is taken is evaluated. */
export function cond(condition: Bool, a: Bool | boolean, b: Bool | boolean): Bool
export function cond(condition: Bool, a: Int, b: Int | number): Int
export function cond<M extends string>(condition: Bool, a: OneOf<M>, b: OneOf<M> | M): OneOf<M>
export function cond<S extends string>(condition: Bool, a: Id<S>, b: Id<S>): Id<S>
export function cond<T extends AnyType>(condition: Bool, a: Optional<T>, b: Given<T> | None | Optional<T>): Optional<T>
export function cond<H extends Handle>(condition: Bool, a: H, b: H): H
export function cond(condition: Bool, a: Handle | boolean, b: unknown): Handle {
  const test = conditionOf(condition, 'cond')
  const taken = typeof a === 'boolean' ? Bool.expr(Bool.lift(a)) : handleOf(a, 'cond', 2, 'a value of the model')
  const type = typeOf(taken)
  taking('cond', 3)
  return type.expr(made({ kind: 'conditional', condition: test, then: taken.node, otherwise: type.lift(b) }))
}

/** A test of one element. */
type Test<T extends AnyType> = (x: ValueOf<T>) => Bool

function quantified<T extends AnyType>(quantifier: 'every' | 'some' | 'count', over: T, test: Test<T>): Expression {
  mustBeType(over, quantifier, 1)
  mustBeFunction(test, quantifier, 2, 'a test, (x) => ...,')
  const id = fresh()
  // ValueOf<T> is what `expr` returns.
  const x = over.expr({ kind: 'bound', id }) as ValueOf<T>
  return made({
    kind: 'quantified',
    quantifier,
    bound: id,
    name: over.name,
    over: over.shape,
    body: conditionOf(test(x), quantifier, 2),
  })
}

/** Every element of a type satisfies the test: `every(Page, (page) => ...)`. */
export const every = <T extends AnyType>(over: T, test: Test<T>): Bool => Bool.expr(quantified('every', over, test))
/** Some element of a type satisfies the test. */
export const some = <T extends AnyType>(over: T, test: Test<T>): Bool => Bool.expr(quantified('some', over, test))
/** The number of elements of a type that satisfy the test. */
export const count = <T extends AnyType>(over: T, test: Test<T>): Int =>
  countType(over.shape).expr(quantified('count', over, test))

function elements<T extends AnyType>(quantifier: 'every' | 'some' | 'count', of: Queue<T>, test: Test<T>): Expression {
  const call = `${quantifier}Of`
  handleOf(of, call, 1, 'a queue', 'queue')
  mustBeFunction(test, call, 2, 'a test, (x) => ...,')
  const id = fresh()
  const x = of.element.expr({ kind: 'bound', id }) as ValueOf<T>
  return made({ kind: 'elements', quantifier, bound: id, of: of.node, body: conditionOf(test(x), call, 2) })
}

/** Every element in a queue satisfies the test. */
export const everyOf = <T extends AnyType>(of: Queue<T>, test: Test<T>): Bool => Bool.expr(elements('every', of, test))
/** Some element in a queue satisfies the test. */
export const someOf = <T extends AnyType>(of: Queue<T>, test: Test<T>): Bool => Bool.expr(elements('some', of, test))
/** The number of elements in a queue that satisfy the test. */
export const countOf = <T extends AnyType>(of: Queue<T>, test: Test<T>): Int => {
  const { shape } = typeOf(of)
  return countType(shape.kind === 'queue' ? shape.capacity : shape).expr(elements('count', of, test))
}

const valueIn = <T extends AnyType>(of: Optional<T>, call: string): ValueOf<T> =>
  handleOf(of, call, 1, 'an optional', 'optional').element.expr({ kind: 'value', of: of.node }) as ValueOf<T>

/** If there is a value, it satisfies the test. */
export const whenSome = <T extends AnyType>(of: Optional<T>, test: Test<T>): Bool => {
  const value = valueIn(of, 'whenSome')
  return implies(of.isSome, test(value))
}
/** There is a value, and it satisfies the test. */
export const isSomeAnd = <T extends AnyType>(of: Optional<T>, test: Test<T>): Bool => {
  const value = valueIn(of, 'isSomeAnd')
  return and(of.isSome, test(value))
}

/** The fields of a union's case, as handles. */
export type Payload<C extends Cases, Tag extends keyof C> = { readonly [K in keyof C[Tag]]: ValueOf<C[Tag][K]> }

/** Handles of the fields of a case, made when they are asked for. */
export function payload<C extends Cases, Tag extends keyof C & string>(
  cases: C,
  tag: Tag,
  read: (name: string, type: AnyType) => Handle,
): Payload<C, Tag> {
  const fields: Fields = cases[tag] ?? {}
  const getters = Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [name, { enumerable: true, get: () => read(name, type) }]),
  )
  // The cast: the getters are the fields of the case, by name and type.
  return Object.defineProperties({}, getters) as Payload<C, Tag>
}

const fieldsOf = <N extends string, C extends Cases, Tag extends keyof C & string>(
  of: Union<N, C>,
  tag: Tag,
  call: string,
): Payload<C, Tag> =>
  payload(handleOf(of, call, 1, 'a union', 'union').cases, tag, (name, type) =>
    type.expr({ kind: 'payload', of: of.node, tag, name }),
  )

/** If the union has this case, its fields satisfy the test. */
export const whenIs = <N extends string, C extends Cases, Tag extends keyof C & string>(
  of: Union<N, C>,
  tag: Tag,
  test: (fields: Payload<C, Tag>) => Bool,
): Bool => {
  const fields = fieldsOf(of, tag, 'whenIs')
  return implies(of.is(tag), test(fields))
}
/** The union has this case, and its fields satisfy the test. */
export const isCaseAnd = <N extends string, C extends Cases, Tag extends keyof C & string>(
  of: Union<N, C>,
  tag: Tag,
  test: (fields: Payload<C, Tag>) => Bool,
): Bool => {
  const fields = fieldsOf(of, tag, 'isCaseAnd')
  return and(of.is(tag), test(fields))
}

/** In a transition property: the value before the transition. */
export const before = <H extends Handle>(x: H): H =>
  // the result is a value of H's type; the recorder refuses a place's `set` (HMM006)
  typeOf(handleOf(x, 'before', 1, 'a variable of the model')).expr(made({ kind: 'before', of: x.node })) as H

/** The number of elements of a sort, as a value: `count(Device, ...).eq(sizeOf(Device))`. */
export const sizeOf = (sort: { readonly sort: string }): Int => {
  const bound = { sizeOf: sort.sort, plus: 0 }
  return range(0, bound).expr(boundAsExpression(bound))
}
