/**
 * The actions of a thread before the first state, and the place they lead to. An action that can fail may be left for
 * the first transition.
 */
import type { Statement } from '../../language/ast.ts'
import type { Code } from '../program.ts'
import { arrive, restAt } from './arrive.ts'
import { bindings, branchBetween, isLocalEffect, isLocalTest, type Branching } from './branches.ts'
import { effectOf, effectsOf, prefix, resets } from './effects.ts'
import { armTakenBefore, type Lowering } from './lowering.ts'
import { behindCall, inside, next, statementAt, type TextPlace } from './text.ts'

export function beforeFirstState(l: Lowering, w: TextPlace | undefined): Code {
  const stop = (): Code => arrive(l, w, l.edge(undefined))
  if (w === undefined) return stop()
  const s = statementAt(w)
  if (s === undefined) return w.up.kind === 'block' || w.up.kind === 'call' ? beforeFirstState(l, w.up.after) : stop()
  switch (s.kind) {
    case 'label':
      return s.idle ? stop() : beforeFirstState(l, next(w))
    case 'loop':
      return beforeFirstState(l, inside(w, s.body, 'loop'))
    case 'break':
      return beforeFirstState(l, l.targets.behindLoop(s.loop))
    case 'return':
      return beforeFirstState(l, behindCall(w))
    case 'reset':
      return prefix(resets(l, s.locals), beforeFirstState(l, next(w)))
    case 'call':
      return s.atomic ? stop() : beforeFirstState(l, inside(w, s.body, 'call'))
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'pop':
    case 'discard':
      if (!isLocalEffect(s)) return stop()
      return orRest(l, w, s, { op: 'effect', effect: effectOf(l, s), next: beforeFirstState(l, next(w)) })
    case 'if':
    case 'match':
      return isLocalTest(s) ? beginBranches(l, w, s) : stop()
    default:
      return stop()
  }
}

function beginBranches(l: Lowering, w: TextPlace, s: Branching): Code {
  const simple = effectsOf(l, s, {
    isAllowed: (one) => isLocalEffect(one) && one.kind !== 'assert' && !l.canFail(one),
    take: armTakenBefore,
  })
  if (simple !== undefined) return prefix(simple, beforeFirstState(l, next(w)))
  const branches = branchBetween(s, ({ arm, name }) => {
    const effects = [...armTakenBefore(l, s, name, arm.body), ...bindings(arm)]
    return prefix(effects, beforeFirstState(l, inside(w, arm.body, 'block')))
  })
  return orRest(l, w, s, branches)
}

/** The code of a statement, with the choice to leave it for later if it may fail. */
const orRest = (l: Lowering, w: TextPlace, s: Statement, code: Code): Code =>
  l.canFail(s) ? { op: 'either', branches: [restAt(l, w, s, l.edge(undefined)), code] } : code
