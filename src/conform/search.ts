/**
 * Looks for runs of a model that explain a recording: it keeps the set of all states in which a run can be that has
 * shown the events so far. Between two events any thread may take steps that stand for none.
 */
import type { ConfiguredModel } from '../language/ast.ts'
import { machine as machineOf, type Machine, type State } from '../semantics/machine.ts'
import { sought, type Sought } from '../semantics/sought.ts'
import type { Declared, ObjectNames } from './declared.ts'
import type { Scope } from '../semantics/evaluate.ts'
import type { Seeking } from '../semantics/execute.ts'
import { remembered } from '../language/remembered.ts'
import { fallsOfEvent, fallsOfHidden, type Fall } from './falls.ts'
import { liveIn } from './live.ts'
import { birthsIn, renewals, type Born, type Freed, type Renewal } from './lives.ts'
import { hiddenSteps } from './hidden-steps.ts'
import { comparisonOf, type Comparison } from './matching.ts'
import { known as allKnown, partlyKnown, type Meaning } from './meaning.ts'
import { seenStates, type SeenStates } from './seen-states.ts'
import { together, type Touched } from './touched.ts'
import { hiddenChanges, isNeeded, onDemand, orderOf, seekingFor, type Order, type Way } from './order.ts'
import { beginningsIn, type Beginnings } from './points.ts'
import { withoutPostponed } from './postponed.ts'
import type { RecordedEvent } from './recording.ts'
import { rejectionOf, type Rejection } from './rejection.ts'
import { trailWith, type Trail } from './trail.ts'
import { controlOf } from './unknown/control.ts'
import { unknownWindow, type UnknownWindow } from './unknown/window.ts'
import { waitingByFalls } from './waiting.ts'

/** A state that explains the events so far, and what is known of the run to it in which fewest properties fall. */
export interface Explanation {
  readonly state: State
  readonly trail: Trail | undefined
  /** The properties that fall in this run. */
  readonly falls: readonly Fall[]
  /** Other threads than that of the last event which have taken hidden steps right before it. */
  readonly early?: ReadonlySet<number>
}

/** More explanations than these are not kept: a model that leaves so much open says nothing. */
export const MOST_EXPLANATIONS = 20_000

/** Raised where a recording has more explanations than `MOST_EXPLANATIONS`. */
export class TooManyExplanations extends Error {
  override readonly name = 'TooManyExplanations'
}

/** Explains a recording, event after event. */
export interface Explainer {
  explain(event: RecordedEvent): Rejection | undefined
  /** Forgets how the states were reached, and what has fallen: a window begins here. */
  begin(): void
  /** The states that explain all events so far; first those of runs in which fewest properties fall. */
  set(): readonly Explanation[]
  /** The largest set of states that was looked at. */
  largest(): number
}

/** What the search knows of the model and of the recording. */
interface Known {
  readonly machine: Machine
  readonly meaning: Meaning
  /** Of a window that is checked alone. */
  readonly window: UnknownWindow | undefined
  readonly comparisons: ReadonlyMap<string, Comparison>
  readonly beginnings: (point: string) => Beginnings
  /** An empty set of states. */
  readonly noStates: () => SeenStates
  readonly order: Order
  /** The next event of each instance that has one. */
  readonly awaited: Map<number, RecordedEvent>
  /** What becomes new at an event. */
  readonly renewal: (event: RecordedEvent) => Renewal | undefined
}

/** What is to be explained. */
interface Task {
  readonly declared: Declared
  readonly names: ObjectNames
  /** Without those that are ignored. */
  readonly events: readonly RecordedEvent[]
  /** Where objects are given free. */
  readonly freed: readonly Freed[]
  /** If nothing is known of what comes before: the last event, there, of each thread that shows nothing here. */
  readonly unseen?: readonly RecordedEvent[] | undefined
}

export function explainer(model: ConfiguredModel, task: Task): Explainer {
  const { events } = task
  const threads = new Map(firstOf(events).map(({ thread }, n) => [thread, n]))
  const known = knownOf(machineOf(model), task, threads)
  const nextEvents = nextOf(events)
  const starts = known.window === undefined ? known.machine.initial.map(({ state }) => state) : [known.window.start]
  let set: readonly Explanation[] = starts.map((state) => ({ state, trail: undefined, falls: [] }))
  let largest = set.length
  /** What explains the event behind these states; without what can come to nothing, unless all is wanted. */
  const after = (
    before: readonly Explanation[],
    event: RecordedEvent,
    wantsAll: boolean,
  ): readonly Explanation[] | Rejection => {
    const thread = threads.get(event.thread) ?? 0
    const next = nextEvents.get(event)
    const hopeless = (state: State): boolean => next !== undefined && known.order.hopeless(state, thread, next)
    const seeking = seekingFor(known.comparisons, event, known.meaning)
    const begun = known.window === undefined ? before : before.flatMap((one) => begunIn(known.window, one, event))
    const { todo, found } = closure(known, begun, { thread, event, wantsAll, seeking })
    largest = Math.max(largest, todo.length)
    if (found.length === 0) return rejectionOf(known, event, thread, todo)
    if (next === undefined) known.awaited.delete(thread)
    else known.awaited.set(thread, next)
    const hopeful = wantsAll ? found : found.filter(({ state }) => !hopeless(state))
    const kept = fewestFalls(known, hopeful.length === 0 ? found : hopeful)
    return wantsAll || known.window !== undefined ? kept : withoutPostponed(known, kept)
  }
  let recent: Recent = { before: set, awaited: new Map(known.awaited), events: [] }
  let older = recent
  return {
    set: () => set,
    largest: () => largest,
    begin() {
      set = set.map(({ state }) => ({ state, trail: undefined, falls: [] }))
      largest = set.length
      recent = { before: set, awaited: new Map(known.awaited), events: [] }
      older = recent
    },
    explain(event) {
      if (recent.events.length === EVENTS_LOOKED_BACK) {
        older = recent
        recent = { before: set, awaited: new Map(known.awaited), events: [] }
      }
      const found = after(set, event, false)
      recent.events.push(event)
      if (isExplained(found)) {
        set = found
        return undefined
      }
      // of a window that is checked alone there would be too many
      if (known.window !== undefined) return found
      // a state that comes to nothing can still explain an event or two: the rejection belongs where the last one ends
      known.awaited.clear()
      for (const [thread, one] of older.awaited) known.awaited.set(thread, one)
      let all = older.before
      for (const one of older === recent ? recent.events : [...older.events, ...recent.events]) {
        const whole = after(all, one, true)
        if (!isExplained(whole)) return whole
        all = whole
      }
      set = all
      return undefined
    },
  }
}

/** States that were left out are looked at again from this many events before a rejection. */
const EVENTS_LOOKED_BACK = 100

/** Events, and what explained all before them. */
interface Recent {
  readonly before: readonly Explanation[]
  readonly awaited: ReadonlyMap<number, RecordedEvent>
  readonly events: RecordedEvent[]
}

const isExplained = (found: readonly Explanation[] | Rejection): found is readonly Explanation[] => Array.isArray(found)

function knownOf(machine: Machine, task: Task, threads: ReadonlyMap<string, number>): Known {
  const { declared, names, events, freed, unseen } = task
  const [runner] = machine.runners
  if (runner === undefined) throw new TypeError('a conformance model has a thread')
  const meaning = unseen === undefined ? allKnown : partlyKnown
  const beginnings = beginningsIn(runner.text, machine.values)
  const comparisons = new Map(
    [...declared.values()].flat().flatMap((one): [string, Comparison][] => {
      const site = runner.text.sites.get(one.path)
      return site?.statement.kind === 'step' ? [[one.path, comparisonOf(site.statement, one, { names, meaning })]] : []
    }),
  )
  const births = birthsIn(events, freed, { declared, names, threads })
  const window =
    unseen &&
    unknownWindow(machine, {
      events,
      unseen,
      threads,
      reborn: new Set([...births].flatMap(([event, born]) => (born.some(isThread) ? [event] : []))),
      control: controlOf(runner.text, comparisons, hiddenChanges(machine)),
    })
  const renew = renewals(machine, window?.start)
  const renewed = remembered((born: readonly Born[]) =>
    renew(born.filter((one) => window === undefined || !isThread(one))),
  )
  const renewal = (event: RecordedEvent): Renewal | undefined => {
    const born = births.get(event)
    return born && renewed(born)
  }
  return {
    machine,
    meaning,
    window,
    renewal,
    beginnings,
    noStates: seenStates(machine, liveIn(runner.text)),
    order: orderOf(machine, { beginnings, comparisons, meaning, renewal }),
    awaited: new Map(firstOf(events).entries()),
    comparisons,
  }
}

const isThread = ({ sort }: Born): boolean => sort === 'Thread'

/** Where the thread of an event can be, if it has shown nothing before. */
const begunIn = (window: UnknownWindow | undefined, one: Explanation, event: RecordedEvent): readonly Explanation[] =>
  window === undefined ? [one] : window.begun(one.state, event).map((state) => ({ ...one, state }))

/** The event that is to be explained, and the instance that shows it. `wantsAll`: with what can come to nothing. */
interface Wanted {
  readonly thread: number
  readonly event: RecordedEvent
  readonly wantsAll: boolean
  /** The steps that stand for it. */
  readonly seeking: Seeking
}

/** A state that is looked at before the event, and the hidden steps to it. */
interface Reached extends Explanation {
  readonly way: Way | undefined
}

/**
 * All states that hidden steps lead to, as far as they matter for the event, and those behind the event. They are
 * looked at in the order of their falls: a state that two runs lead to belongs to the one with fewer.
 */
function closure(
  known: Known,
  set: readonly Explanation[],
  wanted: Wanted,
): { readonly todo: readonly Explanation[]; readonly found: readonly Explanation[] } {
  const seen = known.noStates()
  const waiting = waitingByFalls<Reached>()
  for (const one of set) waiting.add({ ...one, way: undefined })
  const todo: Reached[] = []
  const found: Explanation[] = []
  for (let next = waiting.next(); next !== undefined; next = waiting.next()) {
    if (seen.meet(next.state) !== undefined) continue
    todo.push(next)
    if (todo.length > MOST_EXPLANATIONS) throw new TooManyExplanations(String(wanted.event.order))
    found.push(...explained(known, next, wanted))
    for (const after of hidden(known, next, wanted)) waiting.add(after)
  }
  return { todo, found }
}

/** The states behind the event, with what falls at it. */
function explained(
  known: Known,
  { state: before, trail, falls, way }: Reached,
  { thread, event, seeking }: Wanted,
): readonly Explanation[] {
  const renewal = known.renewal(event)
  const state = renewal?.renewed(before) ?? before
  if (!known.order.mayShow(state, thread, event)) return []
  return sought(known.machine, state, thread, seeking).flatMap((one): readonly Explanation[] => {
    const { statement } = one
    const comparison = known.comparisons.get(statement.path)
    if (comparison === undefined || comparison.difference(event, one.scope) !== undefined) return []
    const touched = (): Touched =>
      together([known.order.touched(state, thread, statement, seeking.choices), ...(renewal ? [renewal.touched] : [])])
    if (way !== undefined && !isNeeded(way, thread, touched)) return []
    const transition = one.transition(toldBy(known, comparison, one, event))
    if (transition.outcome.kind !== 'next') return []
    const { state: next } = transition.outcome
    const after = known.window?.forgotten(next, event, true) ?? next
    const own = fallsOfEvent(known, { before: state, after: next, transition }, event)
    return [
      {
        state: after,
        trail: trailWith(trail, transition, event),
        falls: withMore(falls, own),
        ...(way === undefined ? {} : { early: othersOf(way, thread) }),
      },
    ]
  })
}

/** The threads that take the steps of the way, but for this one. */
function othersOf(way: Way, thread: number): ReadonlySet<number> {
  const others = new Set<number>()
  for (let one: Way | undefined = way; one !== undefined; one = one.before) others.add(one.thread)
  others.delete(thread)
  return others
}

/** What a step could see, with what its event tells of what was not known. */
function toldBy({ machine, meaning, window }: Known, comparison: Comparison, { scope }: Sought, event: RecordedEvent) {
  const [runner] = machine.runners
  if (window === undefined || runner === undefined) return scope
  return comparison
    .told(event, scope)
    .reduce<Scope>((now, [part, value]) => meaning.learn(runner, now, part, value), scope)
}

const withMore = (falls: readonly Fall[], more: readonly Fall[]): readonly Fall[] =>
  more.length === 0 ? falls : [...falls, ...more]

/** The states after one hidden step that the event may depend on. */
function hidden(
  known: Known,
  { state, trail, falls, way }: Reached,
  { thread, event, wantsAll }: Wanted,
): readonly Reached[] {
  return known.order.concerned(state, thread, event).flatMap((one) => {
    const awaited = one === thread ? event : known.awaited.get(one)
    return hiddenSteps(known, state, one)
      .filter((next) => wantsAll || awaited === undefined || !known.order.hopeless(next.state, one, awaited))
      .map((next) => ({
        state: known.window?.forgotten(next.state, event, false) ?? next.state,
        trail: trailWith(trail, next.transition),
        falls: withMore(falls, fallsOfHidden(next.transition, event)),
        way: { thread: one, touched: onDemand(() => known.order.touched(state, one, next.statement)), before: way },
      }))
  })
}

/** Of explanations with the same state, one with fewest falls; those with fewest come first. */
function fewestFalls(known: Known, found: readonly Explanation[]): readonly Explanation[] {
  if (found.length < 2) return found
  const seen = known.noStates()
  return [...found]
    .sort((one, other) => one.falls.length - other.falls.length)
    .filter(({ state }) => seen.meet(state) === undefined)
}

/** The first event of each thread: an instance stands for each, in the order in which they appear. */
function firstOf(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const first = new Map<string, RecordedEvent>()
  for (const event of events) if (!first.has(event.thread)) first.set(event.thread, event)
  return [...first.values()]
}

/** For each event, the next one of its thread. */
function nextOf(events: readonly RecordedEvent[]): ReadonlyMap<RecordedEvent, RecordedEvent> {
  const ahead = new Map<string, RecordedEvent>()
  const next = new Map<RecordedEvent, RecordedEvent>()
  for (const event of [...events].reverse()) {
    const later = ahead.get(event.thread)
    if (later !== undefined) next.set(event, later)
    ahead.set(event.thread, event)
  }
  return next
}
