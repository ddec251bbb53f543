/** The transitions that can begin where a thread stands, found in its text, whatever the state is. */
import type { StatementOf } from '../language/ast.ts'
import { blocksOf, rootOf, visitStatements } from '../language/walk.ts'
import { enter, isLocal, siteAt, targetAt, type Target, type ThreadText } from '../semantics/control.ts'

type Step = StatementOf<'step'>

/** What can begin at a control point. */
export interface Beginnings {
  /** The steps that stand for an event. */
  readonly shown: readonly Step[]
  /** Whether something can begin that stands for none. */
  readonly hides: boolean
  /** Whether all that can begin and stands for none only observes: it changes the thread's own locals alone. */
  readonly observes: boolean
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
  let [hides, observes] = [false, true]
  const seen = new Set<string>()
  const visit = (target: Target): void => {
    if (target === 'end' || target.again || seen.has(target.path)) return
    seen.add(target.path)
    const { statement, next } = siteAt(text, target.path)
    const hop = text.hops.get(target.path)
    if (hop !== undefined) visit(hop)
    else if (statement.kind === 'step' && statement.shows !== undefined) shown.push(statement)
    else if (statement.kind === 'either') for (const { body } of blocksOf(statement)) visit(enter(body, next))
    else if (isLocal(statement)) {
      // it may be a transition of its own, where a loop begins anew behind it
      hides = true
      for (const { body } of blocksOf(statement)) visit(enter(body, next))
      visit(next)
    } else {
      hides = true
      if (!isObservation(statement)) observes = false
    }
  }
  const start = targetAt(text, point)
  visit(start === 'end' ? start : { ...start, again: false })
  return { shown, hides, observes }
}

/** A step that changes nothing but locals of its thread. */
function isObservation(statement: ReturnType<typeof siteAt>['statement']): boolean {
  if (statement.kind !== 'step') return false
  let only = true
  visitStatements(statement.body, (s) => {
    if ('target' in s && rootOf(s.target).kind !== 'local') only = false
    if (s.kind === 'assert') only = false
  })
  return only
}
