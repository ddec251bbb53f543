/** The destination of pure control: the control point that a transition ends in. */
import type { Expression, Statement, StatementOf } from '../../language/ast.ts'
import type { Code } from '../program.ts'
import { fillRemaining, prefix, resets } from './effects.ts'
import { hasRounds, type Lowering } from './lowering.ts'
import { behindCall, inside, next, statementAt, type TextPlace } from './text.ts'

/** From a place that was reached with nothing (more) to do, by an edge. */
export function arrive(l: Lowering, w: TextPlace | undefined, edge: number): Code {
  if (w === undefined) return { op: 'goto', point: l.point('end'), edge }
  const s = statementAt(w)
  if (s === undefined) return arriveAtEnd(l, w, edge)
  switch (s.kind) {
    case 'call':
      return s.atomic ? restAt(l, w, s, edge) : arrive(l, inside(w, s.body, 'call'), edge)
    case 'label':
      return arrive(l, next(w), edge)
    case 'reset':
      return prefix(resets(l, s.locals), arrive(l, next(w), edge))
    case 'goto':
      return arrive(l, l.targets.label(s.id), edge)
    case 'loop':
      return arrive(l, inside(w, s.body, 'loop'), edge)
    case 'break':
      return arrive(l, l.targets.behindLoop(s.loop), edge)
    case 'continue':
      return arrive(l, l.targets.loop(s.loop), edge)
    case 'return':
      return arrive(l, behindCall(w), edge)
    case 'forEach':
      if (!hasRounds(l, s.over)) return arrive(l, next(w), edge)
      return { op: 'effect', effect: fillRemaining(s), next: restAt(l, w, s, edge) }
    default:
      return restAt(l, w, s, edge)
  }
}

/** From the end of a list. */
function arriveAtEnd(l: Lowering, w: TextPlace, edge: number): Code {
  const { up } = w
  switch (up.kind) {
    case 'thread':
      return arrive(l, undefined, edge)
    case 'block':
    case 'call':
      return arrive(l, up.after, edge)
    case 'loop':
      return arrive(l, { ...w, index: 0 }, edge)
    case 'forEach': {
      const { statement, after } = up
      const head = restAt(l, { ...after, index: after.index - 1 }, statement, edge)
      return { op: 'branch', condition: noneRemain(statement), then: arrive(l, after, edge), otherwise: head }
    }
  }
}

const noneRemain = (s: StatementOf<'forEach'>): Expression => ({
  kind: 'binary',
  operator: '==',
  left: { kind: 'size', of: { kind: 'local', id: s.remaining } },
  right: { kind: 'literal', value: 0, type: { kind: 'int', low: 0, high: 0, overflow: 'error' } },
})

/** At the statement itself, which is then a control point. */
export const restAt = (l: Lowering, w: TextPlace, s: Statement, edge: number): Code => ({
  op: 'goto',
  point: l.point(s.path, w),
  edge,
})
