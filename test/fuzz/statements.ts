/**
 * Random bodies of threads that obey the rules of the language: guards of a step before its effects, something
 * visible on every way round a loop, ghosts written in steps and read by ghosts only, a `forEach` in a step without
 * an order.
 */
import type { LocalDeclaration, Statement, Type } from '../../src/language/ast.ts'
import {
  assign,
  binary,
  call,
  current,
  forEach,
  goto,
  id,
  label,
  leave,
  loop,
  not,
  optional,
  setOf,
  shared,
  some,
  statement,
  wait,
  when,
  zero,
  back,
} from '../support/ast.ts'
import { branching, matching, tail } from './branches.ts'
import { asserting, blockers, change, changeLocal, choosing, read } from './changes.ts'
import { chance, pick, times, weighted } from './draw.ts'
import { declare, inside, likely, seeing, test } from './spot.ts'
import type { Setting, Spot, Writer, Written } from './spot.ts'
import { labelled, stepOf, stepping, visible } from './steps.ts'
import { count } from './types.ts'

/** The text of a thread. `length`: statements, not counting those inside others. */
export function body(
  setting: Setting,
  self: Type | undefined,
  length: number,
): { readonly locals: readonly LocalDeclaration[]; readonly body: readonly Statement[] } {
  const writer: Writer = { ...setting, self, runs: true, locals: [] }
  const text = block({ writer, seen: [], loops: [], labels: [], inCall: false, depth: 2 }, length)
  return { locals: writer.locals, body: text }
}

function block(start: Spot, length: number): readonly Statement[] {
  const { draw } = start.writer
  const statements: Statement[] = []
  // A label further on, which what stands before it may jump to.
  const ahead = chance(draw, 8) ? start.writer.fresh() : undefined
  let spot: Spot = ahead === undefined ? start : { ...start, labels: [...start.labels, ahead] }
  for (let n = 0; n < length; n++) {
    const written = next(spot)
    statements.push(...written.statements)
    spot = written.spot
  }
  return ahead === undefined ? statements : [...statements, label(ahead, chance(draw, 25)), visible(spot)]
}

/** One statement, or a few that belong together, outside a step. */
function next(spot: Spot): Written {
  const {
    writer: { draw, locks, assertions },
    depth,
  } = spot
  const deep = depth > 0 ? 1 : 0
  const only = (...statements: readonly Statement[]): Written => ({ statements, spot })
  return weighted<Written>(draw, [
    [22, () => only(change(spot))],
    [12, () => read(spot)],
    [6, () => changeLocal(spot)],
    [20, () => stepping(spot)],
    [5, () => only(wait(likely(spot), chance(draw, 50) ? blockers(spot) : undefined))],
    [assertions.length > 0 ? 4 : 1, () => only(asserting(spot))],
    [8, () => choosing(spot, chance(draw, 40))],
    [8 * deep, () => only(branching(spot, (to) => block(to, 1 + draw(2))))],
    [5 * deep, () => only(matching(spot, (to) => block(to, draw(3))))],
    [
      7 * deep,
      () =>
        only(
          statement({ kind: 'either', branches: times(2 + draw(2), () => [...begin(inside(spot)), ...tail(spot)]) }),
        ),
    ],
    [5 * deep, () => only(looping(spot))],
    [5 * deep, () => only(iterating(spot))],
    [5 * deep, () => only(calling(spot))],
    [4 * deep, () => only(...jumpingBack(spot))],
    [
      locks.length > 0 ? 10 : 0,
      () =>
        only(acquire(spot, pick(draw, locks)), ...(chance(draw, 60) ? [change(spot)] : []), release(pick(draw, locks))),
    ],
    [2 * deep, () => only(label(spot.writer.fresh(), chance(draw, 70)))],
    [3 * deep, () => only(when(test(spot), [visible(spot), ...tail(spot)]))],
  ])
}

/** How a branch of an `either` begins: so that its label says which branch was taken. */
function begin(spot: Spot): readonly Statement[] {
  const { draw } = spot.writer
  return chance(draw, 30)
    ? [labelled(spot, [wait(test(spot), blockers(spot))])]
    : chance(draw, 30)
      ? [stepOf(spot)]
      : [visible(spot), ...block(inside(spot), draw(2))]
}

function looping(spot: Spot): Statement {
  const { draw, fresh } = spot.writer
  const loopId = fresh()
  const within = { ...inside(spot), loops: [...spot.loops, loopId] }
  const out = chance(draw, 85) ? [when(test(within), [visible(within), leave('break', loopId)])] : []
  return loop(
    loopId,
    visible(within),
    ...block(within, draw(2)),
    ...out,
    ...(chance(draw, 20) ? [when(test(within), [leave('continue', loopId)])] : []),
    ...(chance(draw, 50) ? [visible(within)] : []),
  )
}

/** A label, something to do, and a way back. */
function jumpingBack(spot: Spot): readonly Statement[] {
  const { draw, fresh } = spot.writer
  const to = fresh()
  const within = { ...inside(spot), labels: [...spot.labels, to] }
  return [label(to, chance(draw, 30)), visible(within), ...block(within, draw(2)), when(test(within), [goto(to)])]
}

function iterating(spot: Spot): Statement {
  const { draw, types, sizes } = spot.writer
  const over = pick(
    draw,
    types.scalars.filter((type) => count(sizes, type) <= 3),
  )
  const [element, remaining] = [declare(spot, over, 'e'), declare(spot, setOf(over), 'todo')]
  return forEach(
    element.expression.id,
    remaining.expression.id,
    over,
    ...block(seeing(inside(spot), element), draw(3)),
    ...(chance(draw, 15) ? [when(test(spot), [...tail(spot)])] : []),
  )
}

function calling(spot: Spot): Statement {
  const { draw, fresh } = spot.writer
  const within: Spot = { ...inside(spot), loops: [], labels: [], inCall: true }
  const name = `f${fresh()}`
  return {
    ...call(
      false,
      ...block(within, 1 + draw(2)),
      ...(chance(draw, 40) ? [when(test(within), [back]), visible(within)] : []),
    ),
    procedure: name,
    label: `${name}()`,
  } as Statement
}

function acquire({ writer }: Spot, name: string): Statement {
  const thread = writer.fresh()
  const owner = optional(id('Thread'))
  const mine = binary(shared(name), '==', some({ kind: 'bound', id: thread }, owner))
  const free = not({ kind: 'isSome', of: shared(name) })
  return statement({
    kind: 'step',
    label: `lock ${name} ${writer.fresh()}`,
    body: [wait(free, { bound: thread, condition: mine }), assign(shared(name), some(current, owner))],
  })
}

function release(name: string): Statement {
  return assign(shared(name), zero(optional(id('Thread'))))
}
