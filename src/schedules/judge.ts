/** What a run shows: after how many of its transitions a property first is violated, or witnessed. */
import { match } from 'ts-pattern'
import { lostAfter } from '../explorer/lost.ts'
import type { Expression, Property } from '../language/ast.ts'
import { isAlwaysJudged, isSameClaim } from '../language/claims.ts'
import type { Claim } from '../language/claims.ts'
import { failuresOf, transitions } from '../semantics/machine.ts'
import type { Machine, Run, State } from '../semantics/machine.ts'
import { isDeadlocked, lostThreads, stateHolds, stuckThreads, transitionHolds } from '../semantics/properties.ts'
import type { ScheduleProperty } from './schedule.ts'

/**
 * How many states the interpreter looks at to see whether a thread can still come to its end; more, the engine does.
 */
const RECOVERY_LIMIT = 1_000

/**
 * The number of transitions after which the run first shows the property: 0 if an initial state does, undefined if
 * nothing in it does.
 *
 * `recoverable` is judged in the last state only, where it needs a search of what can still be reached.
 *
 * @param property of the machine's model, or one of the implicit ones: `domain`, lock misuse
 */
export function firstShown(machine: Machine, run: Run, property: ScheduleProperty): number | undefined {
  const declared = isAlwaysJudged(property.kind)
    ? undefined
    : machine.model.properties.find(({ name }) => name === property.name)
  const states = [run.initial.state, ...run.steps.flatMap(({ state }) => (state === undefined ? [] : [state]))]
  const inState = (shows: (state: State) => boolean): number | undefined => found(states.findIndex(shows))
  const inStep = (shows: (step: Run['steps'][number], before: State) => boolean): number | undefined => {
    const at = run.steps.findIndex((step, n) => {
      const before = states[n]
      return before !== undefined && shows(step, before)
    })
    return at < 0 ? undefined : at + 1
  }
  const failing = (): number | undefined =>
    inStep(({ transition }) => failuresOf(transition).some(({ claim }) => isSameClaim(claim, property)))
  return match(property.kind)
    .with('assertion', 'domain', 'misuse', failing)
    .with('invariant', () => inState((state) => !stateHolds(machine, state, conditionOf(declared))))
    .with('transition', () =>
      inStep(
        ({ state }, before) => state !== undefined && !transitionHolds(machine, before, state, conditionOf(declared)),
      ),
    )
    .with('sometimes', () =>
      earliest(
        declared?.condition === undefined
          ? undefined
          : inState((state) => stateHolds(machine, state, conditionOf(declared))),
        inStep(({ transition }) => transition.covers.includes(property.name)),
      ),
    )
    .with('pair', () => inStep(({ transition }) => transition.covers.includes(property.name)))
    .with('collected', () => undefined)
    .with('deadlock', () =>
      found(states.findIndex((state, n) => !(states[n + 1]?.equals(state) === false) && isDeadlocked(machine, state))),
    )
    .with('lock-deadlock', () => inState((state) => stuckThreads(machine, state).length > 0))
    .with('recoverable', () => ((lostAtEnd(machine, run)?.length ?? 0) > 0 ? states.length - 1 : undefined))
    .exhaustive()
}

/** The threads that cannot come to an allowed end any more after a run; undefined if there is too much to follow. */
export function lostAtEnd(machine: Machine, run: Run): readonly number[] | undefined {
  return (
    lostThreads(machine, run.steps.at(-1)?.state ?? run.initial.state, RECOVERY_LIMIT) ??
    lostAfter(machine.model, ordinalsOf(machine, run))
  )
}

/** A property that a run violates, and after how many of its transitions. */
export interface ShownViolation extends ScheduleProperty {
  readonly after: number
}

/**
 * `recoverable` speaks of all that can come after a state, `collected` of a relation over all schedules: a run alone
 * shows neither.
 */
export const isBeyondRuns = (kind: Property['kind']): boolean => kind === 'recoverable' || kind === 'collected'

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
    ...properties.filter(({ kind }) => !isBeyondRuns(kind) && kind !== 'sometimes' && kind !== 'pair'),
    ...failed,
  ].flatMap(({ name, kind }) => {
    const property: ScheduleProperty = { name, kind, outcome: 'violated' }
    const after = firstShown(machine, run, property)
    return after === undefined ? [] : [{ ...property, after }]
  })
}

const found = (index: number): number | undefined => (index < 0 ? undefined : index)

function earliest(...numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

function conditionOf(property: Property | undefined): Expression {
  return property?.condition ?? { kind: 'literal', value: true, type: { kind: 'bool' } }
}

/** The run as the engine counts: which initial state, and at each step which of the possibilities that do not fail. */
function ordinalsOf(
  machine: Machine,
  { initial, steps }: Run,
): { readonly initial: number; readonly ordinals: readonly number[] } {
  const before = [initial.state, ...steps.flatMap(({ state }) => (state === undefined ? [] : [state]))]
  const ordinals = steps.map(({ transition: { ordinal } }, n) =>
    transitions(machine, before[n] ?? initial.state)
      .filter(({ outcome }) => outcome.kind === 'next')
      .findIndex((one) => one.ordinal === ordinal),
  )
  return { initial: machine.initial.findIndex(({ state }) => state.equals(initial.state)), ordinals }
}
