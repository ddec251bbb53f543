/** Random branches, and the jumps that may end them. */
import type { Arm, Statement } from '../../src/language/ast.ts'
import { back, goto, leave, statement } from '../support/ast.ts'
import { chance, pick } from './draw.ts'
import { declare, inside, scalar, scopeOf, seeing, test, value } from './spot.ts'
import type { Spot } from './spot.ts'

export function branching(spot: Spot, write: (to: Spot) => readonly Statement[]): Statement {
  const { draw } = spot.writer
  const optionals = scopeOf(spot).reads.filter(({ type }) => type.kind === 'optional')
  const otherwise: Arm = { binds: [], body: chance(draw, 50) ? write(inside(spot)) : [] }
  if (optionals.length > 0 && chance(draw, 45)) {
    const { expression: of, type } = pick(draw, optionals)
    const to = declare(spot, type.kind === 'optional' ? type.of : type, 'v')
    const then: Arm = {
      binds: [{ local: to.expression.id, value: { kind: 'value', of } }],
      body: write(seeing(inside(spot), to)),
    }
    return statement({ kind: 'if', condition: { kind: 'isSome', of }, then, otherwise })
  }
  if (chance(draw, 15)) {
    const to = declare(spot, scalar(spot), 'v')
    const bind = { local: to.expression.id, value: value(spot, to.type) }
    return statement({
      kind: 'if',
      condition: test(spot),
      then: { binds: [bind], body: write(seeing(inside(spot), to)) },
      otherwise,
    })
  }
  return statement({ kind: 'if', condition: test(spot), then: { binds: [], body: write(inside(spot)) }, otherwise })
}

export function matching(spot: Spot, write: (to: Spot) => readonly Statement[]): Statement {
  const { draw, types } = spot.writer
  const unions = scopeOf(spot).reads.filter(({ type }) => type.kind === 'union')
  const type =
    unions.length > 0
      ? pick(draw, unions).type
      : pick(
          draw,
          types.all.filter(({ kind }) => kind === 'union'),
        )
  if (type.kind !== 'union') throw new TypeError('no union')
  const of = value(spot, type)
  const arms = Object.fromEntries(
    Object.entries(type.cases).map(([tag, fields]): [string, Arm] => {
      const bound = Object.entries(fields)
        .filter(() => chance(draw, 60))
        .map(([name, field]) => ({ name, to: declare(spot, field, 'p') }))
      const binds = bound.map(({ name, to }) => ({
        local: to.expression.id,
        value: { kind: 'payload', of, tag, name } as const,
      }))
      return [tag, { binds, body: write(seeing(inside(spot), ...bound.map(({ to }) => to))) }]
    }),
  )
  if (chance(draw, 60)) return statement({ kind: 'match', of, arms })
  const left = Object.fromEntries(Object.entries(arms).slice(0, -1))
  return statement({ kind: 'match', of, arms: left, otherwise: { binds: [], body: write(inside(spot)) } })
}

/** How a branch may end: by a jump, if there is somewhere to go. */
export function tail({ writer: { draw }, loops, labels, inCall }: Spot): readonly Statement[] {
  const ways: readonly Statement[] = [
    ...loops.slice(-1).flatMap((to) => [leave('break', to), leave('break', to), leave('continue', to)]),
    ...labels.map((to) => goto(to)),
    ...(inCall ? [back, back] : [back]),
  ]
  return chance(draw, loops.length > 0 || inCall || labels.length > 0 ? 50 : 4) ? [pick(draw, ways)] : []
}
