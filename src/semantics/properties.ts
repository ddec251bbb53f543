/** The properties of docs/semantics.md, judged in a state and in a transition. */
import { Map, Set } from 'immutable'
import type { Expression } from '../language/ast.ts'
import { holdsInDomain } from './evaluate.ts'
import type { Scope } from './evaluate.ts'
import type { End } from './execute.ts'
import { executions, threadOf, transitions } from './machine.ts'
import type { Machine, State, Transition } from './machine.ts'
import type { Value } from './values.ts'

/** Whether a condition over the shared variables holds. A condition that leaves its domain does not hold. */
export function stateHolds(machine: Machine, state: State, condition: Expression): boolean {
  return holdsInDomain(sharedScope(machine, state), condition)
}

/** Whether a condition with `before` holds over two states. */
export function transitionHolds(machine: Machine, before: State, after: State, condition: Expression): boolean {
  return holdsInDomain({ ...sharedScope(machine, after), before: sharedScope(machine, before) }, condition)
}

/** Whether a thread is where it may stay for ever: at its end, at an idle label, or anywhere if it is a daemon. */
export function atAllowedEnd(machine: Machine, state: State, thread: number): boolean {
  const runner = machine.runners[thread]
  return runner === undefined || runner.thread.daemon || runner.text.ends.has(threadOf(state, thread).point)
}

/**
 * Whether no transition changes the state although some thread is not at an allowed end. A failing transition counts
 * as a change; a transition that only breaks an assertion does not.
 */
export function isDeadlocked(
  machine: Machine,
  state: State,
  all: readonly Transition[] = transitions(machine, state),
): boolean {
  const changes = all.some(
    ({ outcome }) => outcome.kind === 'fails' || (outcome.kind === 'next' && !outcome.state.equals(state)),
  )
  return !changes && machine.runners.some((_, thread) => !atAllowedEnd(machine, state, thread))
}

/**
 * The threads that can no longer reach an allowed end, whatever happens. The states after a transition that fails are
 * unknown: they may lead back.
 *
 * @param limit states to look at
 * @returns undefined if there are more states, and some thread has not reached an end in them
 */
export function unrecoverableThreads(machine: Machine, from: State, limit: number): readonly number[] | undefined {
  const reached = Set<State>([from]).asMutable()
  const todo = [from]
  let unrecoverable = machine.runners.map((_, thread) => thread)
  for (const state of todo) {
    unrecoverable = unrecoverable.filter((thread) => !atAllowedEnd(machine, state, thread))
    if (unrecoverable.length === 0) return unrecoverable
    if (todo.length > limit) return undefined
    for (const { outcome } of transitions(machine, state)) {
      if (outcome.kind === 'fails') return []
      if (outcome.kind === 'breaks' || reached.has(outcome.state)) continue
      reached.add(outcome.state)
      todo.push(outcome.state)
    }
  }
  return unrecoverable
}

/** Whether there is one of these threads; undefined if there are more states than `limit`. */
export function isUnrecoverable(machine: Machine, from: State, limit: number): boolean | undefined {
  const unrecoverable = unrecoverableThreads(machine, from, limit)
  return unrecoverable === undefined ? undefined : unrecoverable.length > 0
}

/** The largest set of threads that are blocked in acquisitions which only threads of the set could let pass. */
export function stuckThreads(
  machine: Machine,
  state: State,
  ends: readonly (readonly End[])[] = executions(machine, state),
): readonly number[] {
  const possible = ends.map((ends) => ends.filter(({ kind }) => kind !== 'breaks'))
  let stuck = possible.flatMap((ends, thread) => (isBlocked(ends) ? [thread] : []))
  for (;;) {
    const left = stuck.filter((thread) =>
      (possible[thread] ?? []).every((end) => end.kind === 'waits' && stuck.some((other) => end.blockers?.has(other))),
    )
    if (left.length === stuck.length) return stuck
    stuck = left
  }
}

/** The thread has no enabled transition, and each of its executions waits at an acquisition. */
function isBlocked(ends: readonly End[]): boolean {
  return ends.length > 0 && ends.every((end) => end.kind === 'waits' && end.blockers !== undefined)
}

/** What a condition of a property can see of a state. */
export function sharedScope({ model, values }: Machine, { shared }: State): Scope {
  return { sizes: model.sizes, values, shared, locals: Map(), bound: Map<number, Value>() }
}
