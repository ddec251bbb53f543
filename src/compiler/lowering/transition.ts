/** The possible actions of a thread in one transition from a place in its text. */
import type { Statement, StatementOf } from '../../language/ast.ts'
import { internal } from '../encoding.ts'
import type { Code } from '../program.ts'
import { seesChoice } from '../waiting.ts'
import { arrive } from './arrive.ts'
import { bindings, branchBetween, isLocalEffect, isLocalExpression, isLocalTest, type Branching } from './branches.ts'
import { effectOf, effectsOf, fillRemaining, prefix, resets } from './effects.ts'
import { hasRounds, armTaken, type Lowering } from './lowering.ts'
import { chooseOf, guardOf, insideStep, type Exits } from './step.ts'
import { behindCall, inside, next, roundOf, statementAt, type TextPlace } from './text.ts'

/**
 * The last statement done in the transition, and its arm: the transition is named after it. Undefined if nothing was
 * done.
 */
export interface DoneBefore {
  readonly statement: Statement | undefined
  readonly arm: string
}
const nothingDone: DoneBefore = { statement: undefined, arm: '' }
const done = (statement: Statement, arm = ''): DoneBefore => ({ statement, arm })

export const transitionsFrom = (l: Lowering, w: TextPlace): Code => goOn(l, w, nothingDone)

/** The possible actions from here on in the same transition. */
function goOn(l: Lowering, w: TextPlace | undefined, before: DoneBefore): Code {
  const isBegun = before.statement !== undefined
  const stop = (at: TextPlace | undefined): Code => arrive(l, at, l.edge(before.statement, before.arm))
  if (w === undefined) return isBegun ? stop(w) : { op: 'either', branches: [] }
  const s = statementAt(w)
  if (s === undefined) {
    if (w.up.kind === 'thread') return goOn(l, undefined, before)
    if (w.up.kind === 'block' || w.up.kind === 'call') return goOn(l, w.up.after, before)
    return isBegun ? stop(w) : internal('a round in which nothing was done')
  }
  switch (s.kind) {
    case 'call':
      return s.atomic ? act(l, w, s) : goOn(l, inside(w, s.body, 'call'), before)
    case 'label':
      return s.idle && isBegun ? stop(w) : goOn(l, next(w), before)
    case 'loop':
      return goOn(l, inside(w, s.body, 'loop'), before)
    case 'forEach':
      if (!isBegun) return act(l, w, s)
      return hasRounds(l, s.over) ? { op: 'effect', effect: fillRemaining(s), next: act(l, w, s) } : stop(w)
    case 'goto':
    case 'continue':
      return stop(w)
    case 'break':
      return goOn(l, l.targets.behindLoop(s.loop), before)
    case 'return':
      return goOn(l, behindCall(w), before)
    case 'reset':
      return prefix(resets(l, s.locals), goOn(l, next(w), before))
    default:
      return act(l, w, s)
  }
}

/** The code of a statement that does something, whatever was done before: one code for all paths that lead to it. */
function act(l: Lowering, w: TextPlace, s: Statement): Code {
  const code = l.acts.get(s.path) ?? actionOf(l, w, s)
  l.acts.set(s.path, code)
  return code
}

function actionOf(l: Lowering, w: TextPlace, s: Statement): Code {
  const complete = (to: TextPlace | undefined = next(w)): Code => arrive(l, to, l.edge(s))
  switch (s.kind) {
    case 'forEach': {
      const { local, remaining, over } = s
      return { op: 'pick', local, remaining, over, next: goOn(l, roundOf(w, s), done(s)) }
    }
    case 'call':
      return insideStep(l, s.body, stepExits(l, s, complete, complete))
    case 'step':
      return insideStep(
        l,
        s.body,
        stepExits(l, s, complete, () => arrive(l, behindCall(w), l.edge(s))),
      )
    case 'either':
      return {
        op: 'either',
        branches: s.branches.map((b, n) => goOn(l, inside(w, b, 'block'), done(s, `or-${n}`))),
      }
    case 'assert':
      return { op: 'effect', effect: effectOf(l, s), next: goOn(l, next(w), done(s)) }
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'pop':
    case 'discard':
      return {
        op: 'effect',
        effect: effectOf(l, s),
        next: isLocalEffect(s) ? goOn(l, next(w), done(s)) : complete(),
      }
    case 'if':
    case 'match':
      return branching(l, w, s)
    case 'await':
      return guardOf(s, complete())
    case 'choose':
      return choice(l, w, s)
    case 'cover':
      return internal('a cover outside a step')
    case 'label':
    case 'loop':
    case 'goto':
    case 'continue':
    case 'break':
    case 'return':
    case 'reset':
      return internal(`${s.kind} does nothing`)
  }
}

const stepExits = (l: Lowering, s: Statement, end: () => Code, back: () => Code): Exits => ({
  end: () => end(),
  jump: (to) => arrive(l, to, l.edge(s)),
  back,
})

function branching(l: Lowering, w: TextPlace, s: Branching): Code {
  const isLocal = isLocalTest(s)
  // code that only changes locals and has one continuation is not written twice
  const simple =
    isLocal && isNamedBehind(l, next(w)) ? effectsOf(l, s, { isAllowed: isLocalEffect, take: armTaken }) : undefined
  if (simple !== undefined) return prefix(simple, goOn(l, next(w), done(s)))
  return branchBetween(s, ({ arm, name }) => {
    const to = inside(w, arm.body, 'block')
    const effects = [...(isLocal ? armTaken(l, s, name, arm.body) : []), ...bindings(arm)]
    return prefix(effects, isLocal ? goOn(l, to, done(s, name)) : arrive(l, to, l.edge(s, name)))
  })
}

/** A choice goes on with what follows it, unless its `where` is shared or what follows sees the value. */
function choice(l: Lowering, w: TextPlace, s: StatementOf<'choose'>): Code {
  const mayGoOn = s.own !== true && (s.where === undefined || isLocalExpression(s.where))
  const on = mayGoOn ? goOn(l, next(w), done(s)) : undefined
  if (on !== undefined && seesChoice(on, s.local)) l.own.add(s.path)
  const code = on === undefined || l.own.has(s.path) ? arrive(l, next(w), l.edge(s)) : on
  return chooseOf(l, s, code)
}

/**
 * Whether something is done from here on before the transition can be complete: then it is named after that,
 * whatever was done before.
 */
function isNamedBehind(l: Lowering, w: TextPlace | undefined): boolean {
  if (w === undefined) return false
  const s = statementAt(w)
  if (s === undefined) return (w.up.kind === 'block' || w.up.kind === 'call') && isNamedBehind(l, w.up.after)
  switch (s.kind) {
    case 'label':
      return !s.idle && isNamedBehind(l, next(w))
    case 'loop':
      return isNamedBehind(l, inside(w, s.body, 'loop'))
    case 'forEach':
      return hasRounds(l, s.over)
    case 'goto':
    case 'continue':
      return false
    case 'break':
      return isNamedBehind(l, l.targets.behindLoop(s.loop))
    case 'return':
      return isNamedBehind(l, behindCall(w))
    case 'reset':
      return isNamedBehind(l, next(w))
    case 'call':
      return s.atomic || isNamedBehind(l, inside(w, s.body, 'call'))
    default:
      return true
  }
}
