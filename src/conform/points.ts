/** The transitions that can begin where a thread stands, found in its text, whatever the state is. */
import type { Statement, StatementOf } from '../language/ast.ts'
import { blocksOf, mapStatement } from '../language/walk.ts'
import { enter, isLocal, siteAt, targetAt, type Target, type ThreadText } from '../semantics/control.ts'
import { accessesOf, type Accesses } from './touched.ts'

type Step = StatementOf<'step'>

/** What can begin at a control point. */
export interface Beginnings {
  /** The steps that stand for an event. */
  readonly shown: readonly Step[]
  /** Whether something can begin that stands for none. */
  readonly hides: boolean
  /** The steps that stand for none. */
  readonly hidden: readonly Step[]
  /** Whether something else can begin: control that moves on by itself. */
  readonly moves: boolean
  /** What the thread can touch before it shows its next event, one hidden step after the other. */
  readonly ahead: readonly Accesses[]
  /** Locals that it may set on the way. */
  readonly unsure: ReadonlySet<number>
}

/** @param text of the thread. The answers are remembered. */
export function beginningsIn(text: ThreadText): (point: string) => Beginnings {
  const known = new Map<string, Beginnings>()
  return (point) => {
    const found = known.get(point) ?? beginningsAt(text, point)
    known.set(point, found)
    return found
  }
}

function beginningsAt(text: ThreadText, point: string): Beginnings {
  const shown: Step[] = []
  const ahead: Accesses[] = []
  const unsure = new Set<number>()
  const hidden: Step[] = []
  let moves = false
  const seen = new Set<string>()
  /** `isFirst`: no hidden step is between the point and here. */
  const visit = (target: Target, isFirst: boolean): void => {
    if (target === 'end' || seen.has(`${target.path} ${isFirst}`)) return
    seen.add(`${target.path} ${isFirst}`)
    // a loop begins anew in a transition of its own
    const begins = isFirst && !target.again
    const { statement, next } = siteAt(text, target.path)
    const hop = text.hops.get(target.path)
    if (hop !== undefined) {
      if (statement.kind === 'reset') for (const local of statement.locals) unsure.add(local)
      visit(hop, begins)
    } else if (statement.kind === 'step' && statement.shows !== undefined) {
      if (begins) shown.push(statement)
    } else if (statement.kind === 'either') for (const { body } of blocksOf(statement)) visit(enter(body, next), begins)
    else if (isLocal(statement)) {
      // it may be a transition of its own, where a loop begins anew behind it
      if (begins) moves = true
      for (const local of accessesOf([alone(statement)]).sets.keys()) unsure.add(local)
      for (const { body } of blocksOf(statement)) visit(enter(body, next), begins)
      visit(next, begins)
    } else {
      if (begins && statement.kind === 'step') hidden.push(statement)
      else if (begins) moves = true
      ahead.push(accessesOf([alone(statement)]))
      if (statement.kind !== 'step' && statement.kind !== 'call')
        for (const { body } of blocksOf(statement)) visit(enter(body, next), false)
      visit(next, false)
    }
  }
  const start = targetAt(text, point)
  visit(start === 'end' ? start : { ...start, again: false }, true)
  return { shown, hidden, moves, hides: moves || hidden.length > 0, ahead, unsure }
}

/** A branch without what is inside it. */
const alone = (statement: Statement): Statement =>
  statement.kind === 'if' || statement.kind === 'match' ? mapStatement(statement, { block: () => [] }) : statement
