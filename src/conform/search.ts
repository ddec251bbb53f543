/**
 * Looks for runs of a model that explain a recording: it keeps the set of all states in which a run can be that has
 * shown the events so far. Between two events any thread may take steps that stand for none.
 */
import { is } from 'immutable'
import type { ConfiguredModel, StatementOf } from '../language/ast.ts'
import {
  machine as machineOf,
  sought,
  threadOf,
  type Machine,
  type Sought,
  type State,
  type ThreadState,
  type Transition,
} from '../semantics/machine.ts'
import { stateHolds } from '../semantics/properties.ts'
import type { Seeking } from '../semantics/execute.ts'
import type { Value } from '../semantics/values.ts'
import type { Declared, Names } from './declared.ts'
import { liveIn } from './live.ts'
import { comparisonOf, type Comparison, type Difference } from './matching.ts'
import { beginningsIn, type Beginnings } from './points.ts'
import type { RecordedEvent } from './recording.ts'

/** A step of an explanation, and those before it. */
export interface Trail {
  readonly thread: number
  readonly label: string
  readonly at: string
  /** The event that it explains; undefined for a hidden step. */
  readonly event?: RecordedEvent
  readonly before: Trail | undefined
  /** How many hidden steps there are up to this one. */
  readonly hidden: number
  /** How many steps are kept. */
  readonly kept: number
}

/** A state that explains the events so far, and a shortest run to it, as far as that is known. */
export interface Explanation {
  readonly state: State
  readonly trail: Trail | undefined
}

/** A property that falls at an event in every explanation of it. */
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

/** Steps of a trail that are kept. */
const KEPT_STEPS = 40

export class Search {
  readonly #machine: Machine
  readonly #comparisons: ReadonlyMap<string, Comparison>
  readonly #beginnings: (point: string) => Beginnings
  readonly #live: (point: string) => readonly number[]
  readonly #threads = new Map<string, number>()
  readonly #nextEvents: ReadonlyMap<RecordedEvent, RecordedEvent | undefined>
  readonly #first: ReadonlyMap<string, RecordedEvent>
  /** The next event of each instance that has one. */
  readonly #awaited = new Map<number, RecordedEvent>()
  #set: readonly Explanation[]
  #largest = 1

  /** @param events those that are to be explained, without those that are ignored */
  constructor(model: ConfiguredModel, declared: Declared, names: Names, events: readonly RecordedEvent[]) {
    this.#machine = machineOf(model)
    const [runner] = this.#machine.runners
    if (runner === undefined) throw new TypeError('a conformance model has a thread')
    this.#beginnings = beginningsIn(runner.text)
    this.#live = liveIn(runner.thread.body)
    this.#comparisons = new Map(
      [...declared.values()].flat().flatMap((one): [string, Comparison][] => {
        const site = runner.text.sites.get(one.path)
        return site?.statement.kind === 'step' ? [[one.path, comparisonOf(site.statement, one, names)]] : []
      }),
    )
    ;[this.#first, this.#nextEvents] = nextOf(events)
    this.#set = this.#machine.initial.map(({ state }) => ({ state, trail: undefined }))
  }

  /** The largest set of states that was kept. */
  get largest(): number {
    return this.#largest
  }

  get set(): readonly Explanation[] {
    return this.#set
  }

  /** Explains one event more. */
  explain(event: RecordedEvent): { readonly falls: readonly Fall[] } | { readonly rejection: Rejection } {
    const thread = this.#instanceOf(event)
    const known = new States(this.#live)
    const todo: Explanation[] = []
    const add = (one: Explanation): void => {
      if (known.add(one.state)) todo.push(one)
      if (todo.length > MOST_EXPLANATIONS) throw new TooManyExplanations(String(event.order))
    }
    for (const one of this.#set) add(this.#observed(one))
    const found: Found[] = []
    for (const one of todo) {
      found.push(...this.#explained(one, thread, event))
      for (const next of this.#hidden(one)) add(this.#observed(next))
    }
    this.#largest = Math.max(this.#largest, todo.length)
    if (found.length === 0) return { rejection: this.#rejection(event, thread, todo) }
    const { left, falls } = this.#judged(found, event)
    this.#set = left
    const next = this.#nextEvents.get(event)
    if (next === undefined) this.#awaited.delete(thread)
    else this.#awaited.set(thread, next)
    return { falls }
  }

  /** The instance that stands for the thread of the event. */
  #instanceOf({ thread }: RecordedEvent): number {
    const known = this.#threads.get(thread)
    if (known !== undefined) return known
    const fresh = this.#threads.size
    this.#threads.set(thread, fresh)
    const first = this.#first.get(thread)
    if (first !== undefined) this.#awaited.set(fresh, first)
    return fresh
  }

  #explained({ state, trail }: Explanation, thread: number, event: RecordedEvent): readonly Found[] {
    const seeking = this.#seeking(event)
    return sought(this.#machine, state, thread, seeking).flatMap((one) => {
      const comparison = this.#comparisons.get(one.statement.path)
      if (comparison === undefined || comparison.difference(event, one.scope) !== undefined) return []
      const transition = one.transition()
      return transition.outcome.kind === 'next'
        ? [{ state: transition.outcome.state, trail: follow(trail, transition, event), transition }]
        : []
    })
  }

  /** Only steps that stand for the event, with what it shows of their choices. */
  #seeking(event: RecordedEvent): Seeking {
    let bound: ReadonlyMap<number, readonly Value[]> | undefined
    return {
      enters: ({ path }: Step) => {
        const comparison = this.#comparisons.get(path)
        if (comparison === undefined || !comparison.mayBe(event)) return false
        bound = comparison.bound(event)
        return bound !== undefined
      },
      choices: (local) => bound?.get(local),
    }
  }

  /** The states after one hidden step that changes more than what its thread knows. */
  #hidden({ state, trail }: Explanation): readonly Explanation[] {
    return [...this.#awaited.keys()].flatMap((thread) => {
      const { hides, observes } = this.#beginnings(threadOf(state, thread).point)
      if (!hides || observes) return []
      return hiddenSteps(this.#machine, state, thread).map((next) => ({
        state: next.state,
        trail: follow(trail, next.transition),
      }))
    })
  }

  /**
   * The same state, but that each thread has observed what it must have for its next event, if it can do so now. To
   * observe changes nothing for others, so one who has observed what he needs can do all that one can who has not.
   */
  #observed(one: Explanation): Explanation {
    let now = one
    for (const [thread, awaited] of this.#awaited) now = this.#observedBy(now, thread, awaited)
    return now
  }

  /** @param depth how many observations more may come one after the other */
  #observedBy(one: Explanation, thread: number, awaited: RecordedEvent, depth = 2): Explanation {
    const { hides, observes } = this.#beginnings(threadOf(one.state, thread).point)
    if (!hides || !observes) return one
    const steps = hiddenSteps(this.#machine, one.state, thread)
    const [only] = steps
    const after = ({ state, transition }: Hidden): Explanation => ({ state, trail: follow(one.trail, transition) })
    // its own control alone moves on: nobody else can tell
    if (only !== undefined && steps.length === 1 && !only.isStep)
      return this.#observedBy(after(only), thread, awaited, depth)
    if (steps.length === 0 || this.#isUseful(one, thread, awaited)) return one
    for (const step of steps) {
      const next = after(step)
      if (this.#isUseful(next, thread, awaited)) return next
      if (depth > 0) {
        const later = this.#observedBy(next, thread, awaited, depth - 1)
        if (later !== next && this.#isUseful(later, thread, awaited)) return later
      }
    }
    return one
  }

  /** Whether the thread can show its next event now. */
  #isUseful(one: Explanation, thread: number, awaited: RecordedEvent): boolean {
    return this.#explained(one, thread, awaited).length > 0
  }

  /** Explanations in which no property falls are preferred; a property falls if it does in all of them. */
  #judged(found: readonly Found[], event: RecordedEvent): { left: readonly Explanation[]; falls: readonly Fall[] } {
    const judged = found.map((one) => ({ ...one, broken: this.#broken(one) }))
    const fewest = Math.min(...judged.map(({ broken }) => broken.length))
    const best = judged.filter(({ broken }) => broken.length === fewest)
    const known = new States(this.#live)
    const left = best.filter(({ state }) => known.add(state))
    const falls = (best[0]?.broken ?? []).map(({ property, message }) => ({ property, message, event }))
    return { left: left.map(({ state, trail }) => ({ state, trail })), falls }
  }

  #broken({ state, transition }: Found): readonly { readonly property: string; readonly message: string }[] {
    const asserted = transition.broken.map(({ claim, message }) => ({ property: claim.name, message }))
    const invariants = this.#machine.model.properties.flatMap((one) =>
      one.kind === 'invariant' && !stateHolds(this.#machine, state, one.condition)
        ? [{ property: one.name, message: `the invariant ${one.name} does not hold` }]
        : [],
    )
    return [...asserted, ...invariants]
  }

  #rejection(event: RecordedEvent, thread: number, states: readonly Explanation[]): Rejection {
    const alternatives = new Map<string, Alternative>()
    for (const { state } of states.slice(0, 100))
      for (const now of [state, ...hiddenSteps(this.#machine, state, thread).map((next) => next.state)])
        for (const one of this.#alternatives(now, thread, event))
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
  #alternatives(state: State, thread: number, event: RecordedEvent): readonly Alternative[] {
    const { shown } = this.#beginnings(threadOf(state, thread).point)
    return shown.flatMap((step): Alternative[] => {
      const kind = step.shows?.event ?? ''
      const comparison = this.#comparisons.get(step.path)
      const described = { label: step.label, at: step.at, event: kind }
      if (kind !== event.kind || comparison === undefined) return [described]
      const bound = comparison.bound(event)
      if (bound === undefined) return [described]
      const ends = sought(this.#machine, state, thread, {
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

/** The trail with one step more; of a long one only the end. */
function follow(trail: Trail | undefined, { thread, label, at }: Transition, event?: RecordedEvent): Trail {
  const before = trail !== undefined && trail.kept >= 2 * KEPT_STEPS ? shortened(trail) : trail
  return {
    thread,
    label,
    at,
    ...(event === undefined ? {} : { event }),
    before,
    hidden: (trail?.hidden ?? 0) + (event === undefined ? 1 : 0),
    kept: (before?.kept ?? 0) + 1,
  }
}

const shortened = (trail: Trail): Trail | undefined =>
  stepsOf(trail)
    .slice(-KEPT_STEPS)
    .reduce<Trail | undefined>((before, step, n) => ({ ...step, before, kept: n + 1 }), undefined)

/** The steps of a trail, in order. */
export function stepsOf(trail: Trail | undefined): readonly Trail[] {
  const steps: Trail[] = []
  for (let one = trail; one !== undefined; one = one.before) steps.push(one)
  return steps.reverse()
}

/** A set of states. They share most of their parts, which makes comparing them cheaper than hashing them. */
class States {
  readonly #live: (point: string) => readonly number[]
  readonly #byPoints = new Map<string, State[]>()

  constructor(live: (point: string) => readonly number[]) {
    this.#live = live
  }

  /** Whether it is new. */
  add(state: State): boolean {
    const key = state.threads.map(({ point }) => point).join(' ')
    const known = this.#byPoints.get(key)
    if (known === undefined) {
      this.#byPoints.set(key, [state])
      return true
    }
    if (known.some((one) => this.#same(one, state))) return false
    known.push(state)
    return true
  }

  /** Two states in which all threads stand at the same points. */
  #same(one: State, other: State): boolean {
    const isSameThread = ({ point, locals }: ThreadState, n: number): boolean => {
      const mine = other.threads.get(n)?.locals
      return mine === locals || this.#live(point).every((local) => is(mine?.get(local), locals.get(local)))
    }
    return (
      one === other ||
      (one.shared.every((value, name) => is(other.shared.get(name), value)) && one.threads.every(isSameThread))
    )
  }
}
