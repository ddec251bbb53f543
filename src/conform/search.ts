/**
 * Looks for runs of a model that explain a recording: it keeps the set of all states in which a run can be that has
 * shown the events so far. Between two events any thread may take steps that stand for none.
 */
import type { ConfiguredModel, StatementOf } from '../language/ast.ts'
import {
  machine as machineOf,
  sought,
  threadOf,
  type Machine,
  type Sought,
  type State,
  type Transition,
} from '../semantics/machine.ts'
import { stateHolds } from '../semantics/properties.ts'
import type { Seeking } from '../semantics/execute.ts'
import type { Value } from '../semantics/values.ts'
import type { Declared, ObjectNames } from './declared.ts'
import { liveIn } from './live.ts'
import { comparisonOf, type Comparison, type Difference } from './matching.ts'
import { unseenStates } from './unseen-states.ts'
import { beginningsIn, type Beginnings } from './points.ts'
import type { RecordedEvent } from './recording.ts'
import { trailWith, type Trail } from './trail.ts'

/** A state that explains the events so far, and a run to it, as far as that is known, in which fewest properties fall. */
export interface Explanation {
  readonly state: State
  readonly trail: Trail | undefined
  /** The properties that fall in this run. */
  readonly falls: readonly Fall[]
}

/** A property that falls at an event. */
export interface Fall {
  readonly property: string
  readonly message: string
  readonly event: RecordedEvent
}

/** What a thread could have done instead of an event. */
export interface Alternative {
  readonly label: string
  readonly at: string
  readonly event: string
  /** The first field that differs, if it is the same kind of event. */
  readonly difference?: Difference
}

/** No state explains the event. */
export interface Rejection {
  readonly event: RecordedEvent
  readonly trail: Trail | undefined
  readonly states: number
  readonly alternatives: readonly Alternative[]
}

type Step = StatementOf<'step'>

/** More explanations than these are not kept: a model that leaves so much open says nothing. */
export const MOST_EXPLANATIONS = 20_000

/** Raised where a recording has more explanations than `MOST_EXPLANATIONS`. */
export class TooManyExplanations extends Error {
  override readonly name = 'TooManyExplanations'
}

/** Explains a recording, event after event. */
export interface Explainer {
  explain(event: RecordedEvent): Rejection | undefined
  /** The states that explain all events so far; first those of runs in which fewest properties fall. */
  set(): readonly Explanation[]
  /** The largest set of states that was looked at. */
  largest(): number
}

/** What the search knows of the model and of the recording. */
interface Known {
  readonly machine: Machine
  readonly comparisons: ReadonlyMap<string, Comparison>
  readonly beginnings: (point: string) => Beginnings
  readonly live: (point: string) => readonly number[]
  /** The next event of each instance that has one. */
  readonly awaited: Map<number, RecordedEvent>
}

/** What is to be explained. */
interface Task {
  readonly declared: Declared
  readonly names: ObjectNames
  /** Without those that are ignored. */
  readonly events: readonly RecordedEvent[]
}

export function explainer(model: ConfiguredModel, { declared, names, events }: Task): Explainer {
  const machine = machineOf(model)
  const known = knownOf(machine, declared, names)
  const [first, nextEvents] = nextOf(events)
  const threads = new Map<string, number>()
  let set: readonly Explanation[] = machine.initial.map(({ state }) => ({ state, trail: undefined, falls: [] }))
  let largest = set.length
  /** The instance that stands for the thread of the event. */
  const instanceOf = ({ thread }: RecordedEvent): number => {
    const old = threads.get(thread)
    if (old !== undefined) return old
    const fresh = threads.size
    threads.set(thread, fresh)
    const awaits = first.get(thread)
    if (awaits !== undefined) known.awaited.set(fresh, awaits)
    return fresh
  }
  return {
    set: () => set,
    largest: () => largest,
    explain(event) {
      const thread = instanceOf(event)
      const { todo, found } = closure(known, set, thread, event)
      largest = Math.max(largest, todo.length)
      if (found.length === 0) return rejectionOf(known, event, thread, todo)
      set = judged(known, found, event)
      const next = nextEvents.get(event)
      if (next === undefined) known.awaited.delete(thread)
      else known.awaited.set(thread, next)
      return undefined
    },
  }
}

function knownOf(machine: Machine, declared: Declared, names: ObjectNames): Known {
  const [runner] = machine.runners
  if (runner === undefined) throw new TypeError('a conformance model has a thread')
  return {
    machine,
    beginnings: beginningsIn(runner.text),
    live: liveIn(runner.thread.body),
    awaited: new Map(),
    comparisons: new Map(
      [...declared.values()].flat().flatMap((one): [string, Comparison][] => {
        const site = runner.text.sites.get(one.path)
        return site?.statement.kind === 'step' ? [[one.path, comparisonOf(site.statement, one, names)]] : []
      }),
    ),
  }
}

/**
 * All states that hidden steps lead to, and those behind the event. What follows from runs with fewer falls comes
 * first: a state that two of them lead to belongs to the one with fewer.
 */
function closure(
  known: Known,
  set: readonly Explanation[],
  thread: number,
  event: RecordedEvent,
): { readonly todo: readonly Explanation[]; readonly found: readonly Found[] } {
  const isNew = unseenStates(known.live)
  const todo: Explanation[] = []
  const found: Found[] = []
  const add = (one: Explanation): void => {
    if (isNew(one.state)) todo.push(one)
    if (todo.length > MOST_EXPLANATIONS) throw new TooManyExplanations(String(event.order))
  }
  let done = 0
  for (const [n, one] of set.entries()) {
    add(observed(known, one))
    if (set[n + 1]?.falls.length === one.falls.length) continue
    for (let next = todo[done]; next !== undefined; next = todo[done]) {
      done += 1
      found.push(...explained(known, next, thread, event))
      for (const after of hidden(known, next)) add(observed(known, after))
    }
  }
  return { todo, found }
}

function explained(
  known: Known,
  { state, trail, falls }: Explanation,
  thread: number,
  event: RecordedEvent,
): readonly Found[] {
  const seeking = seekingFor(known, event)
  return sought(known.machine, state, thread, seeking).flatMap((one) => {
    const comparison = known.comparisons.get(one.statement.path)
    if (comparison === undefined || comparison.difference(event, one.scope) !== undefined) return []
    const transition = one.transition()
    return transition.outcome.kind === 'next'
      ? [{ state: transition.outcome.state, trail: trailWith(trail, transition, event), falls, transition }]
      : []
  })
}

/** Only steps that stand for the event, with what it shows of their choices. */
function seekingFor(known: Known, event: RecordedEvent): Seeking {
  let bound: ReadonlyMap<number, readonly Value[]> | undefined
  return {
    enters: ({ path }: Step) => {
      const comparison = known.comparisons.get(path)
      if (comparison === undefined || !comparison.mayBe(event)) return false
      bound = comparison.bound(event)
      return bound !== undefined
    },
    choices: (local) => bound?.get(local),
  }
}

/** The states after one hidden step that changes more than what its thread knows. */
function hidden(known: Known, { state, trail, falls }: Explanation): readonly Explanation[] {
  return [...known.awaited.keys()].flatMap((thread) => {
    const { hides, observes } = known.beginnings(threadOf(state, thread).point)
    if (!hides || observes) return []
    return hiddenSteps(known.machine, state, thread).map((next) => ({
      state: next.state,
      trail: trailWith(trail, next.transition),
      falls,
    }))
  })
}

/**
 * The same state, but that each thread has observed what it must have for its next event, if it can do so now. To
 * observe changes nothing for others, so one who has observed what he needs can do all that one can who has not.
 */
function observed(known: Known, one: Explanation): Explanation {
  let now = one
  for (const [thread, awaited] of known.awaited) now = observedBy(known, now, thread, awaited)
  return now
}

/** @param depth how many observations more may come one after the other */
function observedBy(known: Known, one: Explanation, thread: number, awaited: RecordedEvent, depth = 2): Explanation {
  const { hides, observes } = known.beginnings(threadOf(one.state, thread).point)
  if (!hides || !observes) return one
  const steps = hiddenSteps(known.machine, one.state, thread)
  const [only] = steps
  const after = ({ state, transition }: Hidden): Explanation => ({
    ...one,
    state,
    trail: trailWith(one.trail, transition),
  })
  // its own control alone moves on: nobody else can tell
  if (only !== undefined && steps.length === 1 && !only.isStep)
    return observedBy(known, after(only), thread, awaited, depth)
  if (steps.length === 0 || isUseful(known, one, thread, awaited)) return one
  for (const step of steps) {
    const next = after(step)
    if (isUseful(known, next, thread, awaited)) return next
    if (depth > 0) {
      const later = observedBy(known, next, thread, awaited, depth - 1)
      if (later !== next && isUseful(known, later, thread, awaited)) return later
    }
  }
  return one
}

/** Whether the thread can show its next event now. */
function isUseful(known: Known, one: Explanation, thread: number, awaited: RecordedEvent): boolean {
  return explained(known, one, thread, awaited).length > 0
}

/** Each explanation with the properties that fall at the event; of those with one state, a run with fewest falls. */
function judged(known: Known, found: readonly Found[], event: RecordedEvent): readonly Explanation[] {
  const isNew = unseenStates(known.live)
  return found
    .map((one) => ({
      state: one.state,
      trail: one.trail,
      falls: [...one.falls, ...brokenBy(known, one).map((broken) => ({ ...broken, event }))],
    }))
    .sort((one, other) => one.falls.length - other.falls.length)
    .filter(({ state }) => isNew(state))
}

function brokenBy(
  known: Known,
  { state, transition }: Found,
): readonly { readonly property: string; readonly message: string }[] {
  const asserted = transition.broken.map(({ claim, message }) => ({ property: claim.name, message }))
  const invariants = known.machine.model.properties.flatMap((one) =>
    one.kind === 'invariant' && !stateHolds(known.machine, state, one.condition)
      ? [{ property: one.name, message: `the invariant ${one.name} does not hold` }]
      : [],
  )
  return [...asserted, ...invariants]
}

function rejectionOf(known: Known, event: RecordedEvent, thread: number, states: readonly Explanation[]): Rejection {
  const alternatives = new Map<string, Alternative>()
  for (const { state } of states.slice(0, 100))
    for (const now of [state, ...hiddenSteps(known.machine, state, thread).map((next) => next.state)])
      for (const one of alternativesOf(known, now, thread, event))
        alternatives.set(JSON.stringify([one.at, one.difference]), one)
  return {
    event,
    trail: states.at(-1)?.trail,
    states: states.length,
    alternatives: [...alternatives.values()].sort(
      (a, b) => Number(b.difference !== undefined) - Number(a.difference !== undefined),
    ),
  }
}

/** What the thread could do in the state: the same kind of event with other values, or another event. */
function alternativesOf(known: Known, state: State, thread: number, event: RecordedEvent): readonly Alternative[] {
  const { shown } = known.beginnings(threadOf(state, thread).point)
  return shown.flatMap((step): Alternative[] => {
    const kind = step.shows?.event ?? ''
    const comparison = known.comparisons.get(step.path)
    const described = { label: step.label, at: step.at, event: kind }
    if (kind !== event.kind || comparison === undefined) return [described]
    const bound = comparison.bound(event)
    if (bound === undefined) return [described]
    const ends = sought(known.machine, state, thread, {
      enters: ({ path }) => path === step.path,
      choices: (local) => bound.get(local),
    }).flatMap((end: Sought): Alternative[] => {
      if (end.statement !== step) return []
      const difference = comparison.difference(event, end.scope)
      return [{ ...described, ...(difference === undefined ? {} : { difference }) }]
    })
    return ends.slice(0, 3)
  })
}

interface Found extends Explanation {
  readonly transition: Transition
}

/** A transition that stands for no event. */
interface Hidden {
  readonly state: State
  readonly transition: Transition
  readonly isStep: boolean
}

/** The hidden transitions of a thread. */
function hiddenSteps(machine: Machine, state: State, thread: number): readonly Hidden[] {
  return sought(machine, state, thread, {
    enters: ({ shows }) => shows === undefined,
    choices: () => undefined,
  }).flatMap((one): readonly Hidden[] => {
    const transition = one.transition()
    if (transition.outcome.kind !== 'next') return []
    return [{ state: transition.outcome.state, transition, isStep: one.statement.kind === 'step' }]
  })
}

/** The first event of each thread, and for each event the thread's next. */
function nextOf(
  events: readonly RecordedEvent[],
): readonly [ReadonlyMap<string, RecordedEvent>, ReadonlyMap<RecordedEvent, RecordedEvent | undefined>] {
  const ahead = new Map<string, RecordedEvent>()
  const next = new Map<RecordedEvent, RecordedEvent | undefined>()
  for (let n = events.length - 1; n >= 0; n -= 1) {
    const event = events[n]
    if (event === undefined) continue
    next.set(event, ahead.get(event.thread))
    ahead.set(event.thread, event)
  }
  return [ahead, next]
}
