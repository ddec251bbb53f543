/** Judgement of a run: the number of its transitions after which a property first is violated, or witnessed. */
import { unrecoverableAfter } from '../explorer/unrecoverable.ts'
import { isAlwaysJudged, propertyOfClaim } from '../language/claims.ts'
import type { Claim } from '../language/claims.ts'
import { isBeyondRuns, kinds } from '../semantics/kinds/index.ts'
import { RECOVERY_LIMIT, shownBy, statesOf } from '../semantics/kinds/shown-by.ts'
import { failuresOf, isSameTransition, transitions } from '../semantics/machine.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import { unrecoverableThreads } from '../semantics/properties.ts'
import type { ScheduleProperty } from './schedule.ts'

/**
 * The number of transitions after which the run first shows the property: 0 if an initial state does, undefined if
 * nothing in it does.
 *
 * `recoverable` is judged in the last state only, where it needs a search of what can still be reached.
 *
 * @param property of the machine's model, or one of the implicit ones: `domain`, lock misuse
 */
export function firstShown(machine: Machine, run: Run, property: ScheduleProperty): number | undefined {
  const judged = propertyOfClaim(machine.model, property)
  return judged && shownBy(judged, { machine, run, unrecoverable: () => unrecoverableAtEnd(machine, run) })
}

/** The threads that can no longer reach an allowed end after a run; undefined if there is too much to follow. */
export function unrecoverableAtEnd(machine: Machine, run: Run): readonly number[] | undefined {
  return (
    unrecoverableThreads(machine, run.steps.at(-1)?.state ?? run.initial.state, RECOVERY_LIMIT) ??
    unrecoverableAfter(machine.model, ordinalsOf(machine, run))
  )
}

/** A property that a run violates, and after how many of its transitions. */
export interface ShownViolation extends ScheduleProperty {
  readonly after: number
}

/**
 * Every property that a run of a machine violates, those of its model first: invariants, properties of transitions,
 * deadlocks, assertions; then a step that fails. In the order of the model; `recoverable` and `collected` are not for
 * one run to show.
 *
 *     violationsOf(run).map(({ name, after }) => `${name} after ${after} steps`)
 */
export function violationsOf({ machine, ...run }: Run & { readonly machine: Machine }): readonly ShownViolation[] {
  const { properties } = machine.model
  const failed: readonly Claim[] = run.steps
    .flatMap(({ transition }) => failuresOf(transition).map(({ claim }) => claim))
    .filter(({ kind }) => isAlwaysJudged(kind))
  return [
    ...properties.filter(({ kind }) => !isBeyondRuns(kind) && kinds[kind].outcome === 'violated'),
    ...failed,
  ].flatMap(({ name, kind }) => {
    const property: ScheduleProperty = { name, kind, outcome: 'violated' }
    const after = firstShown(machine, run, property)
    return after === undefined ? [] : [{ ...property, after }]
  })
}

/** The run in the engine's numbers: its initial state, then each transition among those enabled that do not fail. */
function ordinalsOf(
  machine: Machine,
  { initial, steps }: Run,
): { readonly initial: number; readonly ordinals: readonly number[] } {
  const before = statesOf({ initial, steps })
  const ordinals = steps.map(({ transition }, n) =>
    transitions(machine, before[n] ?? initial.state)
      .filter(({ outcome }) => outcome.kind === 'next')
      .findIndex((one) => isSameTransition(one, transition)),
  )
  return { initial: machine.initial.findIndex(({ state }) => state.equals(initial.state)), ordinals }
}
