/**
 * Which hidden steps must come before an event. A hidden step that commutes with all that follows up to the event can
 * as well come behind it, so it is left until something depends on it. That loses no run: each run that explains the
 * recording can be reordered, step by step, into one in which every hidden step is as late as it can be.
 */
import type { StatementOf } from '../language/ast.ts'
import { visitStatements } from '../language/walk.ts'
import type { Scope } from '../semantics/evaluate.ts'
import type { Seeking } from '../semantics/execute.ts'
import { threadOf, type Machine, type State } from '../semantics/machine.ts'
import type { Value } from '../semantics/values.ts'
import { Map as Persistent } from 'immutable'
import { accessesOf, conflict, touchedBy, mayMeet, NOTHING, type Accesses, type Touched } from './touched.ts'
import { isHopeless } from './hopeless.ts'
import type { Comparison } from './matching.ts'
import type { Beginnings } from './points.ts'
import type { RecordedEvent } from './recording.ts'

type Step = StatementOf<'step'>
type Choices = (local: number) => readonly Value[] | undefined

/** Hidden steps, the last one first. */
export interface Way {
  readonly thread: number
  readonly touched: Touched
  readonly before: Way | undefined
}

/** Whether each hidden step of the way must come before the event, which a thread shows and which touches this. */
export function isNeeded(way: Way, thread: number, touched: Touched): boolean {
  const threads = new Set([thread])
  const needed = [touched]
  for (let one: Way | undefined = way; one !== undefined; one = one.before) {
    const { touched: mine } = one
    if (!threads.has(one.thread) && !needed.some((later) => conflict(mine, later))) return false
    threads.add(one.thread)
    needed.push(mine)
  }
  return true
}

/** Only steps that stand for the event, with what it shows of their choices. */
export function seekingFor(comparisons: ReadonlyMap<string, Comparison>, event: RecordedEvent): Seeking {
  let bound: ReadonlyMap<number, readonly Value[]> | undefined
  return {
    enters: ({ path }: Step) => {
      const comparison = comparisons.get(path)
      if (comparison === undefined || !comparison.mayBe(event)) return false
      bound = comparison.bound(event)
      return bound !== undefined
    },
    choices: (local) => bound?.get(local),
  }
}

interface Sought {
  /** The thread that shows the event. */
  readonly thread: number
  readonly event: RecordedEvent
  /** How many threads there are so far. */
  readonly begun: number
}

export interface Order {
  /** The threads whose hidden steps the event may depend on. */
  concerned(state: State, sought: Sought): readonly number[]
  /** Whether the thread can't come to its next event, as it knows by itself. */
  hopeless(state: State, thread: number, awaited: RecordedEvent): boolean
  /** What the step at the path touches, done by the thread in the state. */
  touched(state: State, thread: number, path: string, chosen?: Choices): Touched
}

interface Texts {
  readonly beginnings: (point: string) => Beginnings
  readonly comparisons: ReadonlyMap<string, Comparison>
}

export function orderOf(machine: Machine, { beginnings, comparisons }: Texts): Order {
  const [runner] = machine.runners
  const accesses = new Map<string, Accesses>()
  const changes: Accesses['writes'][number][] = []
  for (const { body } of machine.model.threads)
    visitStatements(body, (s) => {
      if (s.kind !== 'step') return
      const own = accessesOf([s])
      accesses.set(s.path, own)
      if (s.shows === undefined) changes.push(...own.writes)
    })
  const judged = accessesOf(
    machine.model.properties.flatMap((one) =>
      one.kind === 'invariant' ? [{ kind: 'await', condition: one.condition, path: '', at: '' }] : [],
    ),
  )
  const settled = new Map<Accesses['writes'][number], boolean>()
  const mayChange = (access: Accesses['writes'][number]): boolean => {
    const known = settled.get(access) ?? changes.some((change) => mayMeet(change, access))
    settled.set(access, known)
    return known
  }
  const scopeOf = (state: State, thread: number): Scope => ({
    sizes: machine.model.sizes,
    values: machine.values,
    shared: state.shared,
    locals: threadOf(state, thread).locals,
    bound: Persistent(),
    current: thread,
    self: runner?.instance.self,
  })
  const ofEvent = (state: State, thread: number, event: RecordedEvent): readonly Touched[] =>
    beginnings(threadOf(state, thread).point).shown.flatMap((step) => {
      const comparison = comparisons.get(step.path)
      const own = accesses.get(step.path)
      if (comparison === undefined || own === undefined || !comparison.mayBe(event)) return []
      const bound = comparison.bound(event)
      if (bound === undefined) return []
      return [touchedBy(own, { scope: scopeOf(state, thread), chosen: (local) => bound.get(local), mayChange })]
    })
  const ahead = (state: State, thread: number): readonly Touched[] => {
    const { ahead: texts, unsure } = beginnings(threadOf(state, thread).point)
    if (texts.length === 0) return []
    const others = (own: Accesses): ReadonlySet<number> => {
      if (texts.length === 1) return unsure
      const all = new Set(unsure)
      for (const text of texts) if (text !== own) for (const local of text.sets.keys()) all.add(local)
      return all
    }
    const scope = scopeOf(state, thread)
    return texts.map((own) => touchedBy(own, { scope, unsure: others(own), mayChange }))
  }
  return {
    concerned(state, { thread, event, begun }) {
      const own = beginnings(threadOf(state, thread).point).hides ? [thread] : []
      const waiting = Array.from({ length: begun }, (_, one) => one).filter(
        (one) => one !== thread && beginnings(threadOf(state, one).point).ahead.length > 0,
      )
      if (waiting.length === 0) return own
      const wanted = [
        ...ofEvent(state, thread, event),
        ...ahead(state, thread),
        touchedBy(judged, { scope: scopeOf(state, thread), mayChange }),
      ]
      const others: number[] = []
      let left = waiting.map((one) => ({ one, touches: ahead(state, one) }))
      for (let grows = true; grows; ) {
        grows = false
        const rest: typeof left = []
        for (const candidate of left)
          if (candidate.touches.some((mine) => wanted.some((its) => conflict(mine, its)))) {
            others.push(candidate.one)
            wanted.push(...candidate.touches)
            grows = true
          } else rest.push(candidate)
        left = rest
      }
      return [...own, ...others]
    },
    hopeless: (state, thread, awaited) =>
      isHopeless(beginnings(threadOf(state, thread).point), comparisons, scopeOf(state, thread), awaited),
    touched(state, thread, path, chosen) {
      const own = accesses.get(path)
      return own === undefined
        ? NOTHING
        : touchedBy(own, { scope: scopeOf(state, thread), chosen, mayChange: () => false })
    },
  }
}
