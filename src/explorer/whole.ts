/**
 * Plays on the whole model a run that was found on a reduced one, which has no unread variables and resets dead locals.
 * The states of the two models differ, so transitions are identified by their names, and if names are equal, by the
 * states that they lead to.
 */
import { is } from 'immutable'
import type { ConfiguredModel } from '../language/ast.ts'
import { failuresOf, machine, transitionsOf } from '../semantics/machine.ts'
import { isSameClaim } from '../language/claims.ts'
import type { Initial, Machine, Run, State, Transition } from '../semantics/machine.ts'
import { sameChoices } from '../semantics/choices.ts'
import type { Value } from '../semantics/values.ts'
import {
  machineOf,
  withoutAssertions,
  type Counterexample,
  type ScheduleProperty,
} from '../semantics/counterexample.ts'
import { Disagreement } from './disagreement.ts'

/** Values of the reduced model, by the equal ones of the whole model that they were compared with last. */
const equals = new WeakMap<object, Value>()

/** Whether two values are equal. From one step to the next most values are the same objects, and were compared before. */
function isEqual(whole: Value | undefined, reduced: Value): boolean {
  if (typeof whole !== 'object' || whole === null) return is(whole, reduced)
  if (equals.get(whole) === reduced) return true
  if (!is(whole, reduced)) return false
  equals.set(whole, reduced)
  return true
}

/**
 * Whether the variables that the reduced model kept have the same values. The control points of its threads may have
 * other names.
 */
function agrees(whole: State, reduced: State): boolean {
  return reduced.shared.every((value, name) => isEqual(whole.shared.get(name), value))
}

/** The machine may judge fewer assertions than the reduced model did. */
function isLike({ model }: Machine, one: Transition, other: Transition, after: State | undefined): boolean {
  if (one.path !== other.path || one.label !== other.label || !sameChoices(one.choices, other.choices)) return false
  const mine = failuresOf(one)
  const theirs = failuresOf(other).filter(
    ({ claim }) => claim.kind !== 'assertion' || model.properties.some((property) => isSameClaim(property, claim)),
  )
  if (
    one.outcome.kind !== other.outcome.kind ||
    !theirs.every(({ claim }) => mine.some((failure) => isSameClaim(failure.claim, claim)))
  )
    return false
  return one.outcome.kind !== 'next' || after === undefined || agrees(one.outcome.state, after)
}

type Steps = Run['steps']

/** A machine on which runs are played. Many of them begin alike, so what was followed once is remembered. */
interface Playing {
  readonly machine: Machine
  readonly transitionsOf: (state: State, thread: number) => readonly Transition[]
}

/** States whose transitions are remembered: enough for the schedules of a check. Who plays more begins anew. */
const rememberedStates = 10_000

function playing(machine: Machine): Playing {
  const known = new Map<State, Map<number, readonly Transition[]>>()
  return {
    machine,
    transitionsOf(state, thread) {
      const here = known.get(state) ?? new Map<number, readonly Transition[]>()
      if (known.size === rememberedStates) known.clear()
      known.set(state, here)
      const followed = here.get(thread) ?? transitionsOf(machine, state, thread)
      here.set(thread, followed)
      return followed
    },
  }
}

/**
 * The steps, played from a state; among several equal transitions, the first that leads on to the end. A schedule may
 * have very many steps, so the transitions still to be tried stand in a list, not on the stack.
 */
function play({ machine, transitionsOf: from }: Playing, steps: Steps, start: State): Steps | undefined {
  const played: Steps[number][] = []
  /**
   * For each step played, and for the one that comes next: the transitions like it not tried yet, the last one first.
   */
  const open: Transition[][] = []
  const arrive = (state: State): void => {
    const step = steps[played.length]
    if (step !== undefined)
      open.push(
        from(state, step.transition.thread)
          .filter((one) => isLike(machine, one, step.transition, step.state))
          .reverse(),
      )
  }
  arrive(start)
  while (played.length < steps.length) {
    const transition = open.at(-1)?.pop()
    if (transition === undefined) {
      open.pop()
      if (played.pop() === undefined) return undefined
      continue
    }
    if (transition.outcome.kind !== 'next') return [...played, { transition }]
    played.push({ transition, state: transition.outcome.state })
    arrive(transition.outcome.state)
  }
  return played
}

/** The same run, of this machine's model; undefined if it can't be played there. */
function playedOn(playing: Playing, run: Run): Run | undefined {
  const likely = (initial: Initial): boolean => agrees(initial.state, run.initial.state)
  for (const initial of playing.machine.initial.filter(likely)) {
    const steps = play(playing, run.steps, initial.state)
    if (steps !== undefined) return { initial, steps }
  }
  return undefined
}

/** From a run of a reduced model to the counterexample, or witness, of the whole one. */
export type ReplayOnWhole = (property: ScheduleProperty, run: Run) => Counterexample

/**
 * The maker of counterexamples and witnesses. It takes a run of a model, or of one that was reduced to be searched,
 * and plays it on the whole model.
 *
 *     const run = ...   // of interleavings(model)
 *     record(originOf(setting), replayOnWhole(model)({ name: 'P-NOUAF', kind: 'assertion', outcome: 'violated' }, run))
 *
 * @param model the whole model
 * @param claims the same model with the properties that are judged; default: all
 * @returns a function that plays runs on it. It throws a Disagreement if one can't be played: the reduction was wrong
 */
export function replayOnWhole(model: ConfiguredModel, claims: ConfiguredModel = model): ReplayOnWhole {
  let shared: Playing | undefined
  return (property, run) => {
    const graph =
      property.kind === 'assertion'
        ? playing(machineOf(model, property))
        : (shared ??= playing(machine(withoutAssertions(model))))
    const played = playedOn(graph, run)
    if (played === undefined)
      throw new Disagreement(
        `the schedule of ${run.steps.length} steps for ${property.name}, found without what nothing reads, can't be played on the whole model ${model.name}`,
      )
    return { property, model, claims, machine: graph.machine, run: played }
  }
}
