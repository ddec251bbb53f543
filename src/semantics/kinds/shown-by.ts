/** The step of a run that first shows a property. */
import type { AnyProperty } from '../../language/ast.ts'
import { executions, type Machine, type Run, type State } from '../machine.ts'
import { unrecoverableThreads } from '../properties.ts'
import { kinds } from './index.ts'
import type { Moment, RunStep } from './kind.ts'

/** A run on a machine. The rest spares work that was done, or can do more than the interpreter. */
export interface PlayedRun {
  readonly machine: Machine
  readonly run: Run
  /** The ends of all executions from the state after `after` steps. */
  readonly ends?: (after: number) => ReturnType<Moment['ends']>
  /** The threads that cannot reach an allowed end after the run; undefined if there is too much to follow. */
  readonly unrecoverable?: Moment['unrecoverable']
}

/** States that the interpreter looks at to see whether a thread can still reach its end. */
export const RECOVERY_LIMIT = 1_000

/** The states of a run, the initial one first. As many as there are steps if the last one fails, else one more. */
export const statesOf = ({ initial, steps }: Run): readonly State[] => [
  initial.state,
  ...steps.flatMap(({ state }) => (state === undefined ? [] : [state])),
]

/** The state after the last step of a run that leads to one. */
export function lastMoment({ machine, run, ends, unrecoverable }: PlayedRun): Moment {
  const states = statesOf(run)
  const after = states.length - 1
  const state = states[after] ?? run.initial.state
  return {
    machine,
    state,
    ends: () => ends?.(after) ?? executions(machine, state),
    unrecoverable: unrecoverable ?? (() => unrecoverableThreads(machine, state, RECOVERY_LIMIT)),
  }
}

/**
 * The number of transitions after which a run first shows a property: 0 if the initial state does, undefined if
 * nothing in it does.
 */
export function shownBy(property: AnyProperty, played: PlayedRun): number | undefined {
  const { shownInState, shownInStep, judgedOn } = kinds[property.kind]
  const { machine, run, ends } = played
  if (judgedOn === 'run') return run.steps.length
  if (judgedOn === 'end')
    return shownInState?.(property, lastMoment(played)) === true ? statesOf(run).length - 1 : undefined
  const states = statesOf(run)
  const inState =
    shownInState === undefined
      ? -1
      : states.findIndex((state, after) =>
          shownInState(property, {
            machine,
            state,
            next: states[after + 1],
            ends: () => ends?.(after) ?? executions(machine, state),
            unrecoverable: () => undefined,
          }),
        )
  const inStep =
    shownInStep === undefined
      ? -1
      : run.steps.findIndex(({ transition, state: after }, n) => {
          const before = states[n]
          return before !== undefined && shownInStep(property, { machine, before, transition, after })
        })
  const found = [...(inState < 0 ? [] : [inState]), ...(inStep < 0 ? [] : [inStep + 1])]
  return found.length === 0 ? undefined : Math.min(...found)
}

/** Whether a step, or the state after it, shows a property that a run can show by itself. */
export function isShownAfter(property: AnyProperty, step: RunStep): boolean {
  const { machine, after: state } = step
  const { shownInState, shownInStep } = kinds[property.kind]
  if (shownInStep?.(property, step) === true) return true
  return (
    state !== undefined &&
    shownInState?.(property, {
      machine,
      state,
      ends: () => executions(machine, state),
      unrecoverable: () => undefined,
    }) === true
  )
}
