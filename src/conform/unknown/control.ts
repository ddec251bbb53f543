/**
 * Where a thread can be that is met in the middle of its work, as the text alone says: before a step that stands for
 * its next event, from which its later events can follow.
 */
import type { StatementOf } from '../../language/ast.ts'
import { blocksOf } from '../../language/walk.ts'
import { enter, siteAt, type Target, type ThreadText } from '../../semantics/control.ts'
import type { Comparison } from '../matching.ts'
import type { RecordedEvent } from '../recording.ts'

type Step = StatementOf<'step'>

/** The steps that a thread may come to next, with no event between: those that stand for one, and the others. */
interface Ahead {
  readonly shown: ReadonlySet<string>
  readonly hidden: ReadonlySet<string>
}

/** What a text says of where threads can be. */
export interface WhereThreadsAre {
  /** The steps that can stand for the first of these events of a thread, so that the others can follow. */
  beginnings(events: readonly RecordedEvent[]): readonly string[]
  /** The variables that steps which stand for no event may change, right before one of these steps. */
  changesBefore(steps: readonly string[]): ReadonlySet<string>
  /** The variables that steps which stand for no event may change, behind an event of the thread. */
  changesBehind(event: RecordedEvent): ReadonlySet<string>
}

/** Later events than these are not asked about. */
const MOST_EVENTS = 200

/** @param changes the variables that a step may change */
export function controlOf(
  text: ThreadText,
  comparisons: ReadonlyMap<string, Comparison>,
  changes: (path: string) => Iterable<string>,
): WhereThreadsAre {
  const aheadOf = aheads(text)
  const hidden = [...text.sites].flatMap(([path, { statement, inside }]) =>
    inside === undefined && !isControl(text, path) && !(statement.kind === 'step' && statement.shows !== undefined)
      ? [path]
      : [],
  )
  const stepsFor = (event: RecordedEvent): readonly string[] =>
    [...comparisons].flatMap(([path, comparison]) => (comparison.mayBe(event) ? [path] : []))
  const behind = (path: string): Ahead => aheadOf(siteAt(text, path).next)
  const union = (paths: Iterable<string>): ReadonlySet<string> =>
    new Set([...paths].flatMap((path) => [...changes(path)]))
  const startsFor = (events: readonly RecordedEvent[]): readonly string[] => {
    const [last, ...earlier] = [...events].reverse()
    let steps = last === undefined ? [] : stepsFor(last)
    for (const event of earlier) {
      const later = new Set(steps)
      steps = stepsFor(event).filter((path) => [...behind(path).shown].some((next) => later.has(next)))
    }
    return steps
  }
  return {
    beginnings(events) {
      // where nothing can be followed by all of them, what the first ones say: the others are no run
      for (let most = Math.min(events.length, MOST_EVENTS); most > 0; most = Math.floor(most / 2)) {
        const steps = startsFor(events.slice(0, most))
        if (steps.length > 0) return steps
      }
      return []
    },
    changesBefore: (steps) => union(hidden.filter((path) => steps.some((step) => behind(path).shown.has(step)))),
    changesBehind: (event) => union(stepsFor(event).flatMap((path) => [...behind(path).hidden])),
  }
}

const isControl = (text: ThreadText, path: string): boolean => text.hops.has(path)

/** What a thread can come to, from anywhere. The answers are remembered. */
function aheads(text: ThreadText): (target: Target) => Ahead {
  const known = new Map<string, Ahead>()
  return (start) => {
    if (start === 'end') return { shown: new Set(), hidden: new Set() }
    const answer = known.get(start.path)
    if (answer !== undefined) return answer
    const [shown, hidden, seen] = [new Set<string>(), new Set<string>(), new Set<string>()]
    const todo: Target[] = [start]
    for (let target = todo.pop(); target !== undefined; target = todo.pop()) {
      if (target === 'end' || seen.has(target.path)) continue
      const { path } = target
      seen.add(path)
      const { statement, next } = siteAt(text, path)
      const hop = text.hops.get(path)
      if (hop !== undefined) todo.push(hop)
      else if (isShown(statement)) shown.add(path)
      else {
        hidden.add(path)
        if (statement.kind !== 'step' && statement.kind !== 'call')
          for (const { body } of blocksOf(statement)) todo.push(enter(body, next))
        if (statement.kind !== 'either') todo.push(next)
      }
    }
    const found = { shown, hidden }
    known.set(start.path, found)
    return found
  }
}

const isShown = (statement: { readonly kind: string }): boolean =>
  statement.kind === 'step' && (statement as Step).shows !== undefined
