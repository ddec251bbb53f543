/** Random expressions of a given type over what can be read. */
import type { Expression, Place, Type } from '../../src/language/ast.ts'
import { at, binary, bool, bound, field, int, literal, no, not, num, some, yes, zero } from '../support/ast.ts'
import { chance, pick, weighted } from './draw.ts'
import type { Draw } from './draw.ts'
import { count } from './types.ts'
import type { Sizes } from './types.ts'

/** Something with a type. */
export interface Typed<E extends Expression = Expression> {
  readonly expression: E
  readonly type: Type
}

/** Where an expression stands. */
export interface Scope {
  readonly draw: Draw
  readonly sizes: Sizes
  /** Variables, locals, bound variables, `self`, `current`. */
  readonly reads: readonly Typed[]
  /** Types to quantify over. */
  readonly scalars: readonly Type[]
  /** Ids of bound variables. */
  readonly fresh: () => number
  /** In a transition property. */
  readonly before?: boolean
}

export const same = (a: Type, b: Type): boolean =>
  a.kind === 'int' ? b.kind === 'int' : JSON.stringify(a) === JSON.stringify(b)

/** A value that reads nothing. */
export function constant(scope: Pick<Scope, 'draw' | 'sizes'>, type: Type): Expression {
  const { draw, sizes } = scope
  const fields = (types: Readonly<Record<string, Type>>): Record<string, Expression> =>
    Object.fromEntries(Object.entries(types).map(([name, of]) => [name, constant(scope, of)]))
  if (chance(draw, 12)) return zero(type)
  switch (type.kind) {
    case 'bool':
      return chance(draw, 50) ? yes : no
    case 'int':
      return num(Number(type.low) + draw(Number(type.high) - Number(type.low) + 1))
    case 'enum':
      return literal(pick(draw, type.members), type)
    case 'id':
      return count(sizes, type) === 0 ? zero(type) : literal(draw(count(sizes, type)), type)
    case 'optional':
      return chance(draw, 30) ? zero(type) : some(constant(scope, type.of), type)
    case 'record':
      return { kind: 'record', fields: fields(type.fields), type }
    case 'union': {
      const [tag, types] = pick(draw, Object.entries(type.cases))
      return { kind: 'case', tag, fields: fields(types), type }
    }
    case 'array':
      return { kind: 'fill', of: constant(scope, type.of), type }
    case 'set':
      return chance(draw, 50) ? { kind: 'all', type } : zero(type)
    case 'queue':
      return zero(type)
  }
}

/** An expression of a type. Numbers in it may be anything; `stored` says that it is assigned to that type. */
export function expression(scope: Scope, type: Type, depth: number, stored = false): Expression {
  const { draw } = scope
  const whole = (): Expression => expression(scope, type, depth - 1, stored)
  const read = (): Expression => reading(scope, type, depth, stored) ?? constant(scope, type)
  if (depth <= 0) return chance(draw, 70) ? read() : constant(scope, type)
  return weighted(draw, [
    [30, read],
    [12, () => constant(scope, type)],
    [
      4,
      () => ({ kind: 'conditional', condition: expression(scope, bool, depth - 1), then: whole(), otherwise: whole() }),
    ],
    [54, () => made(scope, type, depth, stored)],
  ])
}

/** An expression of a type, made of others. */
function made(scope: Scope, type: Type, depth: number, stored: boolean): Expression {
  const { draw } = scope
  const part = (of: Type): Expression => expression(scope, of, depth - 1, true)
  const fields = (types: Readonly<Record<string, Type>>): Record<string, Expression> =>
    Object.fromEntries(Object.entries(types).map(([name, of]) => [name, part(of)]))
  switch (type.kind) {
    case 'bool':
      return condition(scope, depth)
    case 'int':
      return stored && type.overflow === 'error' && chance(draw, 85)
        ? (reading(scope, type, depth, stored) ?? constant(scope, type))
        : number(scope, depth)
    case 'optional':
      return chance(draw, 15) ? zero(type) : some(part(type.of), type)
    case 'record':
      return { kind: 'record', fields: fields(type.fields), type }
    case 'union': {
      const [tag, types] = pick(draw, Object.entries(type.cases))
      return { kind: 'case', tag, fields: fields(types), type }
    }
    case 'array':
      return { kind: 'fill', of: part(type.of), type }
    case 'enum':
    case 'id':
    case 'set':
    case 'queue':
      return reading(scope, type, depth, stored) ?? constant(scope, type)
  }
}

function number(scope: Scope, depth: number): Expression {
  const { draw } = scope
  const int8 = (): Expression => expression(scope, int(0, 3), depth - 1)
  // What a number is modulo another is not negative.
  const bits = (): Expression => (chance(draw, 30) ? num(draw(8)) : binary(int8(), '%', num(pick(draw, [2, 4, 8]))))
  const collections = components(scope).filter(({ type: { kind } }) => kind === 'set' || kind === 'queue')
  return weighted(draw, [
    [40, () => binary(int8(), chance(draw, 60) ? '+' : '-', chance(draw, 60) ? num(1) : int8())],
    [8, () => binary(int8(), '%', num(1 + draw(5)))],
    [8, () => binary(bits(), pick(draw, ['&', '|', '&~']), bits())],
    [collections.length > 0 ? 25 : 0, () => ({ kind: 'size', of: pick(draw, collections).make(depth - 1) })],
    [20, () => quantified(scope, 'count', depth)],
    [15, () => elements(scope, 'count', depth) ?? int8()],
  ])
}

function condition(scope: Scope, depth: number): Expression {
  const { draw } = scope
  const inner = (): Expression => expression(scope, bool, depth - 1)
  const all = components(scope)
  const of = (...kinds: readonly Type['kind'][]) => all.filter(({ type: { kind } }) => kinds.includes(kind))
  const [collections, optionals, unions] = [of('set', 'queue'), of('optional'), of('union')]
  const only = <T>(items: readonly T[], weight: number): number => (items.length > 0 ? weight : 0)
  return weighted<Expression>(draw, [
    [8, () => not(inner())],
    [14, () => binary(inner(), pick(draw, ['and', 'or']), inner())],
    [
      only(all, 26),
      () => {
        const one = pick(draw, all)
        return binary(one.make(depth - 1), pick(draw, ['==', '!=']), expression(scope, one.type, depth - 1))
      },
    ],
    [
      14,
      () =>
        binary(
          expression(scope, int(0, 3), depth - 1),
          pick(draw, ['<', '<=', '>', '>=']),
          expression(scope, int(0, 3), depth - 1),
        ),
    ],
    [
      only(collections, 12),
      () => {
        const one = pick(draw, collections)
        if (one.type.kind !== 'set' && one.type.kind !== 'queue') return yes
        return binary(one.make(depth - 1), 'has', expression(scope, one.type.of, depth - 1))
      },
    ],
    [only(optionals, 8), () => ({ kind: 'isSome', of: pick(draw, optionals).make(depth - 1) })],
    [
      only(unions, 8),
      () => {
        const one = pick(draw, unions)
        return one.type.kind === 'union'
          ? { kind: 'isCase', of: one.make(depth - 1), tag: pick(draw, Object.keys(one.type.cases)) }
          : yes
      },
    ],
    [8, () => quantified(scope, pick(draw, ['every', 'some']), depth)],
    [8, () => elements(scope, pick(draw, ['every', 'some']), depth) ?? inner()],
  ])
}

function quantified(scope: Scope, quantifier: 'every' | 'some' | 'count', depth: number): Expression {
  const over = pick(scope.draw, scope.scalars)
  const id = scope.fresh()
  const body = expression(binding(scope, id, over), bool, depth - 1)
  return { kind: 'quantified', quantifier, bound: id, name: `b${id}`, over, body }
}

function elements(scope: Scope, quantifier: 'every' | 'some' | 'count', depth: number): Expression | undefined {
  const queues = components(scope).filter(({ type }) => type.kind === 'queue')
  if (queues.length === 0) return undefined
  const queue = pick(scope.draw, queues)
  if (queue.type.kind !== 'queue') return undefined
  const id = scope.fresh()
  const of = queue.make(depth - 1)
  return {
    kind: 'elements',
    quantifier,
    bound: id,
    of,
    body: expression(binding(scope, id, queue.type.of), bool, depth - 1),
  }
}

/** The scope with another bound variable, which is read gladly. */
export function binding(scope: Scope, id: number, type: Type): Scope {
  const one = { expression: bound(id), type }
  return { ...scope, reads: [one, one, ...scope.reads] }
}

/** Something readable of the type. */
function reading(scope: Scope, type: Type, depth: number, stored: boolean): Expression | undefined {
  const fits = (of: Type): boolean =>
    same(of, type) &&
    !(
      stored &&
      type.kind === 'int' &&
      type.overflow === 'error' &&
      of.kind === 'int' &&
      (of.low < type.low || of.high > type.high)
    )
  const found = components(scope).filter((one) => fits(one.type))
  if (found.length === 0) return undefined
  const read = pick(scope.draw, found).make(depth - 1)
  return scope.before === true && chance(scope.draw, 35) ? { kind: 'before', of: read } : read
}

/** A thing that can be read, or a part of one. */
interface Component {
  readonly type: Type
  readonly make: (depth: number) => Expression
}

/** Everything readable, down to the parts of parts. */
function components(scope: Scope): readonly Component[] {
  return scope.reads.flatMap(({ expression: whole, type }) => partsOf(scope, { type, make: () => whole }, 3))
}

function partsOf(scope: Scope, whole: Component, levels: number): readonly Component[] {
  const { type } = whole
  const deeper = (part: Component): readonly Component[] => partsOf(scope, part, levels - 1)
  if (levels <= 1) return [whole]
  switch (type.kind) {
    case 'record':
      return [
        whole,
        ...Object.entries(type.fields).flatMap(([name, of]) =>
          deeper({ type: of, make: (depth) => field(whole.make(depth), name) }),
        ),
      ]
    case 'array':
      return [
        whole,
        ...deeper({ type: type.of, make: (depth) => at(whole.make(depth), index(scope, type.index, depth)) }),
      ]
    case 'optional':
      return [
        whole,
        ...deeper({
          type: type.of,
          make: (depth) =>
            guarded(
              scope,
              type.of,
              whole.make(depth),
              (of) => ({ kind: 'isSome', of }),
              (of) => ({ kind: 'value', of }),
            ),
        }),
      ]
    case 'union':
      return [
        whole,
        ...Object.entries(type.cases).flatMap(([tag, fields]) =>
          Object.entries(fields).flatMap(([name, of]) =>
            deeper({
              type: of,
              make: (depth) =>
                guarded(
                  scope,
                  of,
                  whole.make(depth),
                  (u) => ({ kind: 'isCase', of: u, tag }),
                  (u) => ({ kind: 'payload', of: u, tag, name }),
                ),
            }),
          ),
        ),
      ]
    case 'queue':
      return [
        whole,
        ...deeper({
          type: type.of,
          make: (depth) =>
            guarded(
              scope,
              type.of,
              whole.make(depth),
              (of) => binary({ kind: 'size', of }, '>', num(0)),
              (of) => ({ kind: 'head', of }),
            ),
        }),
      ]
    default:
      return [whole]
  }
}

/** A partial operation: mostly behind a test, so that not every model ends in a domain error. */
function guarded(
  scope: Scope,
  type: Type,
  of: Expression,
  test: (of: Expression) => Expression,
  take: (of: Expression) => Expression,
): Expression {
  return chance(scope.draw, 88)
    ? { kind: 'conditional', condition: test(of), then: take(of), otherwise: constant(scope, type) }
    : take(of)
}

/** An index, mostly one inside the array. Indices in indices come to an end: each guard on the way doubles them. */
function index(scope: Scope, type: Type, depth: number): Expression {
  if (depth < -3) return constant(scope, type)
  return expression(
    scope,
    type.kind === 'int' ? { ...type, overflow: chance(scope.draw, 96) ? 'error' : 'wrap' } : type,
    Math.min(depth, 0),
    true,
  )
}

/** A place that can be written, or a part of one. */
export interface Target {
  readonly type: Type
  readonly make: () => Place
}

export function targets(scope: Scope, writable: readonly Typed<Place>[]): readonly Target[] {
  const parts = ({ type, make }: Target, levels: number): readonly Target[] => {
    const whole = { type, make }
    if (levels <= 0) return [whole]
    if (type.kind === 'record')
      return [
        whole,
        ...Object.entries(type.fields).flatMap(([name, of]) =>
          parts({ type: of, make: () => field(make(), name) }, levels - 1),
        ),
      ]
    if (type.kind !== 'array') return [whole]
    const cell: Target = { type: type.of, make: () => at(make(), index(scope, type.index, 0)) }
    // A cell more often than the whole array.
    return [whole, cell, ...parts(cell, levels - 1)]
  }
  return writable.flatMap(({ expression: place, type }) => parts({ type, make: () => place }, 2))
}
