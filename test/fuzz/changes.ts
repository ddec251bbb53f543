/** Random statements that are no block: assignments, choices, assertions. */
import type { Expression, Statement } from '../../src/language/ast.ts'
import {
  assert,
  assign,
  at,
  binary,
  bool,
  choose,
  forEach,
  id,
  num,
  optional,
  setOf,
  statement,
  when,
} from '../support/ast.ts'
import { chance, pick, weighted } from './draw.ts'
import { binding, constant, expression, targets } from './expressions.ts'
import type { Target } from './expressions.ts'
import { declare, inside, likely, scopeOf, seeing, test, value } from './spot.ts'
import type { Spot, Written } from './spot.ts'
import { count } from './types.ts'

/** A change of a shared variable. */
export function change(spot: Spot): Statement {
  return changeOf(spot, targets(scopeOf(spot), spot.writer.variables))
}

/** A change of a local. */
export function changeLocal(spot: Spot): Written {
  const statements = spot.seen.length === 0 ? [] : [changeOf(spot, targets(scopeOf(spot), spot.seen))]
  return { statements, spot }
}

export function changeOf(spot: Spot, places: readonly Target[]): Statement {
  const { draw } = spot.writer
  const collections = places.filter(({ type: { kind } }) => kind === 'set' || kind === 'queue')
  const { type, make } = pick(draw, collections.length > 0 && chance(draw, 30) ? collections : places)
  const target = make()
  if (type.kind === 'set' && chance(draw, 70))
    return statement({
      kind: pick(draw, ['insert', 'insert', 'insert', 'remove', 'remove']),
      target,
      value: value(spot, type.of),
    })
  if (type.kind === 'queue' && chance(draw, 85)) {
    return weighted<Statement>(draw, [
      [40, () => statement({ kind: 'push', target, value: value(spot, type.of) })],
      [30, () => statement({ kind: 'pop', target })],
      [30, () => statement({ kind: 'discard', target, value: value(spot, type.of) })],
    ])
  }
  return assign(target, value(spot, type))
}

/** A change whose domain errors, of full and empty queues, are mostly tested for. */
export function careful(spot: Spot): Statement {
  const { draw } = spot.writer
  const changed = change(spot)
  if ((changed.kind !== 'push' && changed.kind !== 'pop') || chance(draw, 15)) return changed
  const length: Expression = { kind: 'size', of: changed.target }
  return when(changed.kind === 'pop' ? binary(length, '>', num(0)) : binary(length, '<', num(1)), [changed])
}

/** `Let`: reads something into a new local. */
export function read(spot: Spot): Written {
  const type = pick(spot.writer.draw, chance(spot.writer.draw, 60) ? spot.writer.types.scalars : spot.writer.types.all)
  const made = value(spot, type)
  const to = declare(spot, type)
  return { statements: [assign(to.expression, made)], spot: seeing(spot, to) }
}

export function choosing(spot: Spot, guarded: boolean): Written {
  const { draw, sizes } = spot.writer
  const listed = [...spot.writer.types.scalars, ...spot.writer.types.scalars.map(optional)].filter(
    (type) => count(sizes, type) > 0,
  )
  const to = declare(spot, pick(draw, listed), 'c')
  const after = seeing(spot, to)
  return { statements: [choose(to.expression.id, guarded ? likely(after) : undefined)], spot: after }
}

export function asserting(spot: Spot): Statement {
  const { draw, assertions } = spot.writer
  const condition = expression(scopeOf(spot, true), bool, 2)
  const always = assertions.length === 0 || chance(draw, 20)
  return assert(
    always ? 'misuse: m' : pick(draw, assertions),
    binary(condition, 'or', binary(test(spot), 'or', test(spot))),
    always,
  )
}

/** An assignment to a ghost: it may read anything. */
export function ghostly(spot: Spot): Statement {
  const scope = scopeOf(spot, true)
  const { type, make } = pick(scope.draw, targets(scopeOf(spot), spot.writer.ghosts))
  return assign(make(), expression(scope, type, 2, true))
}

/**
 * A `forEach` in a step: each round writes its own cell or element, or the same value, and reads nothing that another
 * writes.
 */
export function unordered(spot: Spot): Statement {
  const { draw, types, variables, sizes } = spot.writer
  const over = pick(
    draw,
    types.scalars.filter((type) => count(sizes, type) <= 4),
  )
  const [element, remaining] = [declare(spot, over, 'e'), declare(spot, setOf(over), 'todo')]
  const cells = variables.filter(
    ({ type }) =>
      (type.kind === 'array' && JSON.stringify(type.index) === JSON.stringify(over)) ||
      (type.kind === 'set' && JSON.stringify(type.of) === JSON.stringify(over)),
  )
  const { expression: place, type } = pick(draw, cells.length > 0 && chance(draw, 85) ? cells : variables)
  const round: Spot = {
    ...seeing(inside(spot), element),
    step: 'effects',
    ...(place.kind === 'shared' && { untouchable: place.name }),
  }
  const own = cells.some(({ expression: cell }) => cell === place)
  const write = !own
    ? assign(place, constant({ draw, sizes }, type))
    : type.kind === 'array'
      ? assign(at(place, element.expression), value(round, type.of))
      : statement({ kind: pick(draw, ['insert', 'remove']), target: place, value: element.expression })
  // A local would keep what the last round wrote.
  return forEach(
    element.expression.id,
    remaining.expression.id,
    over,
    chance(draw, 40) ? when(test(round, 1), [write]) : write,
  )
}

export function blockers(spot: Spot): { readonly bound: number; readonly condition: Expression } {
  const thread = spot.writer.fresh()
  return { bound: thread, condition: expression(binding(scopeOf(spot), thread, id('Thread')), bool, 2) }
}
