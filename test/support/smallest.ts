/**
 * The smallest schedules by the interpreter alone, found by looking at every schedule of a length before any that is
 * longer:
 * of those that come to the same state with the same thread last, the smallest goes on.
 */
import { Map } from 'immutable'
import type { ConfiguredModel, Property } from '../../src/language/ast.ts'
import { failuresOf, isEnabled, machine, executions, transitions } from '../../src/semantics/machine.ts'
import type { Machine, State, Transition } from '../../src/semantics/machine.ts'
import {
  isDeadlocked,
  isUnrecoverable,
  stateHolds,
  stuckThreads,
  transitionHolds,
} from '../../src/semantics/properties.ts'

export interface Smallest {
  readonly steps: number
  readonly switches: number
  /** Which initial state, and thread and ordinal of each transition, in one list: the first of the smallest. */
  readonly schedule: readonly number[]
}

/** A schedule, with the order in which it stands among those of its length. */
interface Prefix {
  readonly state: State
  readonly last: number
  readonly switches: number
  readonly schedule: readonly number[]
}

/**
 * The fewest steps that show a property of the model, of those the fewest switches, and of those the first schedule
 * in (thread, statement, choice) order.
 */
export function smallestSchedule(model: ConfiguredModel, name: string, maxSteps = 60): Smallest | undefined {
  const graph = machine(model)
  const property = model.properties.find((one) => one.name === name)
  let level = graph.initial.map(({ state }, n): Prefix => ({ state, last: -1, switches: 0, schedule: [n] }))
  const passed = Map<State, true>().asMutable()
  for (let steps = 0; steps <= maxSteps && level.length > 0; steps++) {
    const shown = level.filter(({ state }) => property !== undefined && showsState(graph, state, property))
    const shownNext: Prefix[] = []
    const next = Map<State, Map<number, Prefix>>().asMutable()
    for (const prefix of level) passed.set(prefix.state, true)
    for (const prefix of level) {
      for (const transition of transitions(graph, prefix.state)) {
        const { thread, ordinal, outcome } = transition
        const longer = {
          last: thread,
          switches: prefix.switches + (prefix.last >= 0 && prefix.last !== thread ? 1 : 0),
          schedule: [...prefix.schedule, thread, ordinal],
        }
        if (showsTransition(graph, prefix.state, transition, name, property))
          shownNext.push({ ...longer, state: prefix.state })
        if (outcome.kind !== 'next' || passed.has(outcome.state)) continue
        const known = next.get(outcome.state, Map<number, Prefix>())
        const old = known.get(thread)
        const one = { ...longer, state: outcome.state }
        if (old === undefined || before(one, old)) next.set(outcome.state, known.set(thread, one))
      }
    }
    const best = (shown.length > 0 ? shown : shownNext).toSorted((a, b) => (before(a, b) ? -1 : 1))[0]
    if (best !== undefined)
      return { steps: shown.length > 0 ? steps : steps + 1, switches: best.switches, schedule: best.schedule }
    level = next
      .valueSeq()
      .flatMap((by) => by.valueSeq())
      .toArray()
  }
  return undefined
}

/** Fewer switches, else the first in order. */
function before(a: Pick<Prefix, 'switches' | 'schedule'>, b: Pick<Prefix, 'switches' | 'schedule'>): boolean {
  if (a.switches !== b.switches) return a.switches < b.switches
  const at = a.schedule.findIndex((number, n) => number !== b.schedule[n])
  return at >= 0 && (a.schedule[at] ?? 0) < (b.schedule[at] ?? 0)
}

function showsState(graph: Machine, state: State, { kind, condition }: Property): boolean {
  if (kind === 'invariant') return condition !== undefined && !stateHolds(graph, state, condition)
  if (kind === 'sometimes') return condition !== undefined && stateHolds(graph, state, condition)
  if (kind === 'deadlock') return isDeadlocked(graph, state)
  if (kind === 'recoverable') return isUnrecoverable(graph, state, Infinity) === true
  return kind === 'lock-deadlock' && stuckThreads(graph, state, executions(graph, state)).length > 0
}

function showsTransition(
  graph: Machine,
  state: State,
  transition: Transition,
  name: string,
  property: Property | undefined,
): boolean {
  const { outcome, covers } = transition
  if (
    failuresOf(transition).some(
      ({ claim }) => claim.name === name && (property === undefined || claim.kind === property.kind),
    )
  )
    return true
  if (outcome.kind !== 'next') return false
  if (covers.includes(name)) return true
  return (
    property?.kind === 'transition' &&
    property.condition !== undefined &&
    !transitionHolds(graph, state, outcome.state, property.condition)
  )
}

/** What a schedule costs by another measure than steps. */
export interface Price {
  readonly cost: number
  readonly steps: number
}

/**
 * The least cost, and of that the fewest steps, by going over all transitions of the product with the thread that ran
 * last (with the set of threads that took part) until nothing gets cheaper.
 */
export function cheapestSchedule(
  model: ConfiguredModel,
  name: string,
  measure: 'switches' | 'preemptions' | 'threads',
): Price | undefined {
  const graph = machine(model)
  const property = model.properties.find((one) => one.name === name)
  const known = Map<State, globalThis.Map<number, Price>>().asMutable()
  const todo: State[] = []
  const better = (a: Price, b: Price | undefined): boolean =>
    b === undefined || a.cost < b.cost || (a.cost === b.cost && a.steps < b.steps)
  const reach = (state: State, tag: number, price: Price): void => {
    const prices = known.get(state) ?? new globalThis.Map<number, Price>()
    if (!better(price, prices.get(tag))) return
    prices.set(tag, price)
    known.set(state, prices)
    todo.push(state)
  }
  let best: Price | undefined
  const show = (price: Price): void => {
    if (better(price, best)) best = price
  }
  for (const { state } of graph.initial) reach(state, measure === 'threads' ? 0 : -1, { cost: 0, steps: 0 })
  for (let state = todo.shift(); state !== undefined; state = todo.shift()) {
    const shown = property !== undefined && showsState(graph, state, property)
    const all = transitions(graph, state)
    for (const [tag, price] of [...(known.get(state) ?? [])]) {
      if (shown) show(price)
      for (const transition of all) {
        const { thread, outcome } = transition
        const [next, extra] =
          measure === 'threads'
            ? [tag | (1 << thread), (tag >> thread) % 2 === 0 ? 1 : 0]
            : [
                thread,
                tag >= 0 &&
                tag !== thread &&
                (measure === 'switches' || all.some((other) => other.thread === tag && isEnabled(other)))
                  ? 1
                  : 0,
              ]
        const dearer = { cost: price.cost + extra, steps: price.steps + 1 }
        if (showsTransition(graph, state, transition, name, property)) show(dearer)
        if (outcome.kind === 'next') reach(outcome.state, next, dearer)
      }
    }
  }
  return best
}
