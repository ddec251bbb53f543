/**
 * Explanations that need not be kept. Where an event may depend on a hidden step of another thread, the search keeps two
 * states: one in which the step came before the event, and one in which it did not. Often the step makes no difference,
 * and can as well come behind the event: it alone leads from the state without it to the state with it. Then each run
 * from the state with it is also a run from the state without it, and the state with it is left out. No fall is lost by
 * that, if the step breaks nothing and no more falls in the run to the state that is kept.
 */
import { threadOf, type Machine, type State } from '../semantics/machine.ts'
import type { Fall } from './falls.ts'
import { hiddenSteps } from './hidden-steps.ts'
import type { Meaning } from './meaning.ts'
import type { Beginnings } from './points.ts'
import type { SeenStates } from './seen-states.ts'

/** A state behind an event, and what is known of the run to it. */
interface Explained {
  readonly state: State
  readonly falls: readonly Fall[]
  /** Other threads than that of the event which have taken hidden steps right before it. */
  readonly early?: ReadonlySet<number>
}

/** What the search knows of the model. */
interface Known {
  readonly machine: Machine
  readonly meaning: Meaning
  readonly beginnings: (point: string) => Beginnings
  readonly noStates: () => SeenStates
}

/** @param found states behind one event, no two of them the same */
export function withoutPostponed<T extends Explained>(known: Known, found: readonly T[]): readonly T[] {
  const early = new Set(found.flatMap((one) => [...(one.early ?? [])]))
  if (found.length < 2 || early.size === 0) return found
  const states = known.noStates()
  const byState = new Map(found.map((one) => [one.state, one]))
  for (const { state } of found) states.meet(state)
  /** What becomes the state that is left out by a hidden step. */
  const first = new Map<T, T>()
  for (const one of found)
    for (const state of stepsOf(known, one.state, early)) {
      const same = states.find(state)
      const later = same && byState.get(same)
      if (later === undefined || first.has(later) || later.falls.length < one.falls.length) continue
      // of states that become each other, one is kept
      if (firstOf(first, one) !== later) first.set(later, one)
    }
  return found.filter((one) => !first.has(one))
}

/** The states behind one hidden step that breaks nothing, of one of the threads. */
const stepsOf = (known: Known, state: State, threads: ReadonlySet<number>): readonly State[] =>
  [...threads].flatMap((thread) =>
    known.beginnings(threadOf(state, thread).point).hides
      ? hiddenSteps(known, state, thread).flatMap((next) => (next.transition.broken.length > 0 ? [] : [next.state]))
      : [],
  )

function firstOf<T>(first: ReadonlyMap<T, T>, one: T): T {
  const before = first.get(one)
  return before === undefined ? one : firstOf(first, before)
}
