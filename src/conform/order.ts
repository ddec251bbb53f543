/**
 * Which hidden steps must come before an event. A hidden step that commutes with all that follows up to the event can
 * as well come behind it, so it is left until something depends on it. That loses no run: each run that explains the
 * recording can be reordered, step by step, into one in which every hidden step is as late as it can be. Nor does it
 * change what falls: an assertion is a read of its step, and what is judged behind an event is a read of the event.
 */
import type { Expression, Statement, StatementOf } from '../language/ast.ts'
import type { Scope } from '../semantics/evaluate.ts'
import type { Seeking } from '../semantics/execute.ts'
import { threadOf, type Machine, type State, type ThreadState } from '../semantics/machine.ts'
import { fitDomain, type Value } from '../semantics/values.ts'
import { Map as Persistent } from 'immutable'
import { accessesOf, mayConflict, mayMeet, type Access, type Accesses } from './accesses.ts'
import { conflict, together, touchedBy, type Resolving, type Touched } from './touched.ts'
import { isHopeless } from './hopeless.ts'
import type { Renewal } from './lives.ts'
import type { Comparison } from './matching.ts'
import type { Meaning } from './meaning.ts'
import { accessesAlone, type Beginnings } from './points.ts'
import type { RecordedEvent } from './recording.ts'

type Step = StatementOf<'step'>
type Choices = (local: number) => readonly Value[] | undefined

/** Hidden steps, the last one first. */
export interface Way {
  readonly thread: number
  readonly touched: () => Touched
  readonly before: Way | undefined
}

/** What is found when it is asked for first. */
export function onDemand<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined
  return () => (found ??= { value: find() }).value
}

/** Whether each hidden step of the way must come before the event, which a thread shows and which touches this. */
export function isNeeded(way: Way, thread: number, touched: () => Touched): boolean {
  const threads = new Set([thread])
  const needed = [touched]
  for (let one: Way | undefined = way; one !== undefined; one = one.before) {
    const { touched: mine } = one
    if (!threads.has(one.thread) && !needed.some((later) => conflict(mine(), later()))) return false
    threads.add(one.thread)
    needed.push(mine)
  }
  return true
}

/** Only steps that stand for the event, with what it shows of their choices. */
export function seekingFor(
  comparisons: ReadonlyMap<string, Comparison>,
  event: RecordedEvent,
  { instead }: Meaning,
): Seeking {
  type Bound = ReturnType<Comparison['bound']>
  const bounds = new Map<string, Bound>()
  const boundOf = (path: string): Bound => {
    const comparison = comparisons.get(path)
    return comparison?.mayBe(event) === true ? comparison.bound(event) : undefined
  }
  let bound: Bound
  return {
    instead,
    enters: ({ path }: Step) => {
      bound = bounds.has(path) ? bounds.get(path) : boundOf(path)
      bounds.set(path, bound)
      return bound !== undefined
    },
    choices: (local) => bound?.get(local),
  }
}

export interface Order {
  /** The threads whose hidden steps the event, which the thread shows, may depend on. */
  concerned(state: State, thread: number, event: RecordedEvent): readonly number[]
  /** Whether a step that can begin where the thread stands may stand for the event. */
  mayShow(state: State, thread: number, event: RecordedEvent): boolean
  /** Whether the thread can't come to its next event, as it knows by itself. */
  hopeless(state: State, thread: number, awaited: RecordedEvent): boolean
  /** What a transition touches that is named after the statement, done by the thread in the state. */
  touched(state: State, thread: number, statement: Statement, chosen?: Choices): Touched
}

interface Texts {
  readonly beginnings: (point: string) => Beginnings
  readonly comparisons: ReadonlyMap<string, Comparison>
  readonly meaning: Meaning
  /** What becomes new at an event. */
  readonly renewal: (event: RecordedEvent) => Renewal | undefined
}

export function orderOf(machine: Machine, { beginnings, comparisons, meaning, renewal }: Texts): Order {
  const [runner] = machine.runners
  const { evaluate } = meaning
  const accesses = accessesIn(machine)
  const changes = [...accesses.hidden.values()].flatMap(({ writes }) => writes)
  const judged = accessesOf(
    conditionsJudged(machine).map((condition) => ({ kind: 'await', condition, path: '', at: '' })),
  )
  const settled = new Map<Access, boolean>()
  const mayChange = (access: Access): boolean => {
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
  const stored = (local: number, value: Value): Value =>
    runner === undefined ? value : fitDomain(runner.local(local).type, value)
  const resolving = (state: State, thread: number): Resolving => ({
    scope: scopeOf(state, thread),
    evaluate,
    stored,
    mayChange,
  })
  const ofEvent = (state: State, thread: number, event: RecordedEvent): readonly Touched[] => {
    const { showing, before } = beginnings(threadOf(state, thread).point)
    const { unsure } = before
    const here = resolving(state, thread)
    const ofSteps = showing(event.kind).flatMap((step) => {
      const comparison = comparisons.get(step.path)
      const own = accesses.shown.get(step.path)
      if (comparison === undefined || own === undefined || !comparison.mayBe(event)) return []
      const bound = comparison.bound(event)
      if (bound === undefined) return []
      return [touchedBy(own, { ...here, chosen: (local) => bound.get(local), unsure })]
    })
    return [...ofSteps, touchedBy(before.asserted, { ...here, unsure }), touchedBy(judged, here)]
  }
  /** What threads can touch ahead, as far as they know it themselves. */
  const ofThreads = new WeakMap<ThreadState, readonly Touched[]>()
  const ahead = (state: State, thread: number): readonly Touched[] => {
    const own = threadOf(state, thread)
    const known = ofThreads.get(own)
    if (known !== undefined) return known
    const { ahead: texts, isAheadOwn, unsure } = beginnings(own.point)
    const here = { ...resolving(state, thread), unsure }
    const found = texts.map((text) => touchedBy(text, here))
    if (isAheadOwn) ofThreads.set(own, found)
    return found
  }
  /** What the thread may touch up to the event, as its text says. */
  const textsOf = (state: State, thread: number, event: RecordedEvent): readonly Accesses[] => {
    const { showing, before, ahead: own } = beginnings(threadOf(state, thread).point)
    const steps = showing(event.kind).flatMap(({ path }) =>
      comparisons.get(path)?.mayBe(event) ? (accesses.shown.get(path) ?? []) : [],
    )
    return [...steps, ...own, before.asserted, judged]
  }
  return {
    mayShow(state, thread, event) {
      const { showing, moves } = beginnings(threadOf(state, thread).point)
      return moves || showing(event.kind).some(({ path }) => comparisons.get(path)?.mayBe(event) === true)
    },
    concerned(state, thread, event) {
      const own = beginnings(threadOf(state, thread).point).hides ? [thread] : []
      const waiting = [...machine.runners.keys()].filter(
        (one) => one !== thread && beginnings(threadOf(state, one).point).ahead.length > 0,
      )
      if (waiting.length === 0) return own
      const renews = renewal(event)
      const texts = textsOf(state, thread, event)
      const mayConcern = (one: number): boolean =>
        beginnings(threadOf(state, one).point).ahead.some((mine) => texts.some((its) => mayConflict(mine, its)))
      if (renews === undefined && !waiting.some(mayConcern)) return own
      const wanted = [
        ...ofEvent(renews?.renewed(state) ?? state, thread, event),
        ...ahead(state, thread),
        ...(renews ? [renews.touched] : []),
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
      renewal(awaited)?.threads.has(thread) !== true &&
      isHopeless(beginnings(threadOf(state, thread).point), { comparisons, evaluate }, scopeOf(state, thread), awaited),
    touched(state, thread, statement, chosen) {
      const { before } = beginnings(threadOf(state, thread).point)
      const { unsure } = before
      const here = resolving(state, thread)
      const own = accesses.shown.get(statement.path) ?? accesses.hidden.get(statement.path) ?? accessesOf([statement])
      return together([
        touchedBy(own, { ...here, chosen, unsure, mayChange: () => false }),
        touchedBy(before.asserted, { ...here, unsure }),
        ...(accesses.shown.has(statement.path) ? [touchedBy(judged, here)] : []),
      ])
    },
  }
}

/** The variables that steps which stand for no event may change, by path. */
export function hiddenChanges(machine: Machine): (path: string) => readonly string[] {
  const { hidden } = accessesIn(machine)
  return (path) => (hidden.get(path)?.writes ?? []).map(({ name }) => name)
}

interface StepAccesses {
  readonly shown: ReadonlyMap<string, Accesses>
  /** Also those of statements outside of steps: each can be a transition. */
  readonly hidden: ReadonlyMap<string, Accesses>
}

/** The accesses of all that can be a transition, by path. */
function accessesIn({ runners: [runner] }: Machine): StepAccesses {
  const shown = new Map<string, Accesses>()
  const hidden = new Map<string, Accesses>()
  for (const { statement, inside } of runner?.text.sites.values() ?? []) {
    if (inside !== undefined) continue
    const isShown = statement.kind === 'step' && statement.shows !== undefined
    ;(isShown ? shown : hidden).set(statement.path, accessesAlone(statement))
  }
  return { shown, hidden }
}

/** What is judged behind an event. */
const conditionsJudged = ({ model }: Machine): readonly Expression[] =>
  model.properties.flatMap((one) => (one.kind === 'invariant' || one.kind === 'transition' ? [one.condition] : []))
