/** A model being built around a type, its subject: what it declares is declared when it is first asked for. */
import type { Expression, Place, Property, Statement, Type, TypeOf, Variable } from '../../../src/language/ast.ts'
import {
  at,
  binary,
  bool,
  either,
  field,
  id,
  int,
  literal,
  local,
  no,
  num,
  optional,
  queueOf,
  shared,
  statement,
  step,
  variable,
  when,
  yes,
} from '../../support/ast.ts'
import { chance, pick, weighted } from '../draw.ts'
import type { Draw } from '../draw.ts'
import { constant } from '../expressions.ts'
import type { Typed } from '../expressions.ts'
import { count } from '../types.ts'
import type { Sizes } from '../types.ts'

/** Where an expression stands: what can be named there. */
export type Standing =
  | 'in a thread'
  | 'in initially'
  | 'in a property'
  | 'in a transition property'
  | 'in an initial value'

export interface Bench {
  readonly draw: Draw
  readonly sizes: Sizes
  readonly subject: Type
  /** The type that the thread's `self` has. */
  readonly self: Type | undefined
  readonly variables: Map<string, Variable>
  /** Of the thread whose text is being written. */
  readonly locals: Type[]
  readonly body: Statement[]
  readonly properties: Property[]
  readonly initially: Statement[]
  readonly initialLocals: Type[]
  /** A number that no one else has. */
  fresh(): number
}

/** An expression, what must hold for it to have a value, and what must be done first. */
export interface Made extends Typed {
  readonly guard?: Expression
  readonly first?: readonly Statement[]
}

type Shared = Typed<Extract<Place, { kind: 'shared' }>>

/** The initial states of a model are the product of what its variables may hold at first. */
const mostInitial = 8

/** The variable of that name; if there are initial states enough, with only one of its initial values. */
export function declare(
  { draw, variables }: Bench,
  name: string,
  type: Type,
  ...initial: readonly Expression[]
): Shared {
  const known = variables.get(name)
  if (known === undefined) {
    const states = [...variables.values()].reduce(
      (product, one) => product * Math.max(1, one.initial.length),
      initial.length,
    )
    variables.set(name, variable(name, type, ...(states > mostInitial ? [pick(draw, initial)] : initial)))
  }
  return { expression: shared(name), type: known?.type ?? type }
}

export function declareLocal(bench: Bench, standing: Standing, type: Type): Typed<Extract<Place, { kind: 'local' }>> {
  const all = standing === 'in initially' ? bench.initialLocals : bench.locals
  return { expression: local(all.push(type) - 1), type }
}

/** A bool that is false in some initial states and true in others, and never changes. */
export const open = (bench: Bench): Expression => declare(bench, 'open', bool, no, yes).expression

/** A value of a type, which reads nothing: not always zero. */
export const value = (bench: Bench, type: Type): Expression => constant(bench, type)

/** A variable of the subject's type, with two initial values. */
export const first = (bench: Bench): Shared =>
  declare(bench, 'a', bench.subject, value(bench, bench.subject), value(bench, bench.subject))
/** Another, with one. */
export const second = (bench: Bench): Shared => declare(bench, 'b', bench.subject, value(bench, bench.subject))

/** A variable of any type. */
export function variableOf(bench: Bench, type: Type): Shared {
  if (type === bench.subject) return pick(bench.draw, [first, second])(bench)
  const known = [...bench.variables.values()].find((one) => one.type === type && one.name.startsWith('v'))
  return known === undefined
    ? declare(bench, `v${bench.fresh()}`, type, value(bench, type))
    : { expression: shared(known.name), type }
}

/** A value of a type that never fails. */
export function source(bench: Bench, standing: Standing, type: Type): Expression {
  if (standing === 'in an initial value') return value(bench, type)
  return weighted<Expression>(bench.draw, [
    [55, () => variableOf(bench, type).expression],
    [20, () => value(bench, type)],
    [
      25,
      () => ({
        kind: 'conditional',
        condition: open(bench),
        then: variableOf(bench, type).expression,
        otherwise: value(bench, type),
      }),
    ],
  ])
}

/**
 * The type of a place in which a value of the type is stored: of a number often another range, into which it is
 * brought.
 */
export function storage({ draw }: Bench, type: Type): Type {
  if (type.kind !== 'int' || chance(draw, 40)) return type
  const [low, high] = [Number(type.low), Number(type.high)]
  return int(low + 1 - draw(3), Math.max(low + 1, high + 1 - draw(3)), pick(draw, ['wrap', 'saturate']))
}

// What holds a value of a type beside others.

export function recordWith(draw: Draw, type: Type): TypeOf<'record'> {
  const k = int(1 + draw(3), 6, 'wrap')
  return { kind: 'record', name: `with${draw(2 ** 20)}`, fields: chance(draw, 50) ? { k, v: type } : { v: type, k } }
}
export const unionWith = (draw: Draw, type: Type): TypeOf<'union'> => ({
  kind: 'union',
  name: `either${draw(2 ** 20)}`,
  cases: chance(draw, 50) ? { none: {}, some: { v: type } } : { some: { v: type, k: int(1, 4) }, none: {} },
})
export const arrayWith = (draw: Draw, type: Type): TypeOf<'array'> => ({ kind: 'array', index: twoOf(draw), of: type })
export const queueWith = (draw: Draw, type: Type): Type => queueOf(type, 1 + draw(2))
export const optionalOf = (type: Type): Type =>
  type.kind === 'optional' ? optional({ kind: 'record', name: 'boxed', fields: { v: type } }) : optional(type)

/** A type of two values. */
export const twoOf = (draw: Draw): Type => pick(draw, [bool, int(1, 2), int(0, 1), int(-1, 0), id('Two')])

/** An element of an index type, written down or held by a variable. */
export function indexOf(bench: Bench, type: Type, computed: boolean): Expression {
  const values = count(bench.sizes, type)
  const element = (n: number): Expression =>
    type.kind === 'int'
      ? num(Number(type.low) + n)
      : type.kind === 'bool'
        ? n === 0
          ? no
          : yes
        : type.kind === 'enum'
          ? literal(type.members[n] ?? '', type)
          : literal(n, type)
  if (!computed) return element(bench.draw(values))
  return declare(
    bench,
    `i${JSON.stringify(type).replace(/[^-\w]+/g, '')}`,
    type,
    element(0),
    ...(values > 1 ? [element(1)] : []),
  ).expression
}

/** An atomic block with a label of its own. */
export function atomically(bench: Bench, ...body: readonly Statement[]): Statement {
  const name = `s${bench.fresh()}`
  return chance(bench.draw, 70)
    ? statement({ kind: 'step', label: name, body })
    : statement({ kind: 'call', procedure: name, atomic: true, label: `${name}()`, body })
}

/** Statements as a part of a thread: each by itself, in a step, on one side of a test, in a branch. */
export function among(bench: Bench, statements: readonly Statement[], alone = true): readonly Statement[] {
  return weighted<readonly Statement[]>(bench.draw, [
    [alone ? 30 : 0, () => statements],
    [30, () => [atomically(bench, ...statements)]],
    [15, () => [atomically(bench, when(open(bench), [...statements]))]],
    [5, () => [atomically(bench, when(open(bench), [], [...statements]))]],
    [8, () => [atomically(bench, either([...statements], [step()]))]],
    [alone ? 6 : 0, () => [when(open(bench), [...statements])]],
    [6, () => [either([atomically(bench, ...statements)], [atomically(bench)])]],
  ])
}

export const partOf = (place: Place, name: string): Place => field(place, name)
export const cellOf = (place: Place, index: Expression): Place => at(place, index)
export const same = (left: Expression, right: Expression): Expression => binary(left, '==', right)
