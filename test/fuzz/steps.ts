/** Random steps: guards, then effects. */
import type { LocalDeclaration, Statement } from '../../src/language/ast.ts'
import { bool, cover, either, statement, wait, when } from '../support/ast.ts'
import { branching, matching, tail } from './branches.ts'
import { asserting, blockers, careful, change, changeLocal, choosing, ghostly, read, unordered } from './changes.ts'
import { chance, pick, times, weighted } from './draw.ts'
import { expression } from './expressions.ts'
import { inside, likely, scopeOf, test } from './spot.ts'
import type { Setting, Spot, Writer, Written } from './spot.ts'

/** `initially`: the inside of a step. */
export function initially(setting: Setting): {
  readonly locals: readonly LocalDeclaration[]
  readonly body: readonly Statement[]
} {
  const writer: Writer = { ...setting, self: undefined, runs: false, locals: [] }
  const text = effects(
    { writer, seen: [], loops: [], labels: [], inCall: false, depth: 1, step: 'effects' },
    1 + setting.draw(3),
  )
  return { locals: writer.locals, body: text }
}

const inStep = (spot: Spot): Spot => ({ ...inside(spot), step: 'before the effects' })

/** A statement that completes a transition, with a label that no other has. */
export function visible(spot: Spot): Statement {
  return labelled(spot, [change({ ...spot, step: 'effects' })])
}

export function labelled({ writer }: Spot, inner: readonly Statement[]): Statement {
  const name = `s${writer.fresh()}`
  return chance(writer.draw, 65)
    ? statement({ kind: 'step', label: name, body: inner })
    : statement({ kind: 'call', procedure: name, atomic: true, label: `${name}()`, body: inner })
}

export function stepping(spot: Spot): Written {
  return { statements: [stepOf(spot)], spot }
}

export function stepOf(spot: Spot): Statement {
  const { draw } = spot.writer
  return labelled(spot, [...guards(inStep(spot), draw(3))])
}

/** The inside of a step: what may stand before the effects, then the effects. */
export function guards(start: Spot, before: number): readonly Statement[] {
  const { draw } = start.writer
  const statements: Statement[] = []
  let spot = start
  for (let n = 0; n < before; n++) {
    const written = weighted<Written>(draw, [
      [40, () => ({ statements: [wait(likely(spot), chance(draw, 30) ? blockers(spot) : undefined)], spot })],
      [30, () => choosing(spot, chance(draw, 50))],
      [15, () => ({ statements: [asserting(spot)], spot })],
      [15, () => read(spot)],
      [6, () => changeLocal(spot)],
    ])
    statements.push(...written.statements)
    spot = written.spot
  }
  if (spot.depth > 0 && chance(draw, 15))
    return [...statements, statement({ kind: 'either', branches: times(2, () => guards(inside(spot), draw(2))) })]
  if (spot.depth > 0 && chance(draw, 10))
    return [...statements, when(test(spot), [...guards(inside(spot), draw(2))], [...guards(inside(spot), draw(2))])]
  return [...statements, ...effects({ ...spot, step: 'effects' }, 1 + draw(2))]
}

export function effects(start: Spot, length: number): readonly Statement[] {
  const { writer } = start
  const { draw, ghosts, covers, assertions } = writer
  const statements: Statement[] = []
  let spot = start
  const only = (...written: readonly Statement[]): Written => ({ statements: written, spot })
  for (let n = 0; n < length; n++) {
    const deep = spot.depth > 0 ? 1 : 0
    const within = { ...inside(spot), step: 'effects' } as const
    const written = weighted<Written>(draw, [
      [40, () => only(careful(spot))],
      [10, () => read(spot)],
      [6, () => changeLocal(spot)],
      [8, () => choosing(spot, false)],
      [ghosts.length > 0 ? 14 : 0, () => only(ghostly(spot))],
      [covers.length > 0 ? 8 : 0, () => only(cover(pick(draw, covers), expression(scopeOf(spot, true), bool, 2)))],
      [assertions.length > 0 ? 4 : 0, () => only(asserting(spot))],
      [10 * deep, () => only(branching(spot, (to) => effects({ ...to, step: 'effects' }, 1 + draw(2))))],
      [6 * deep, () => only(matching(spot, (to) => effects({ ...to, step: 'effects' }, draw(2))))],
      [5 * deep, () => only(either(...times(2, () => [...effects(within, 1 + draw(2))])))],
      [6 * deep, () => only(labelled(spot, effects(within, 1 + draw(2))))],
      [12 * deep, () => only(unordered(spot))],
      [10 * deep, () => only(when(test(spot), [...effects(within, 1), ...tail(spot)]))],
    ])
    statements.push(...written.statements)
    spot = written.spot
  }
  return chance(draw, 20) ? [...statements, ...tail(spot)] : statements
}
