/**
 * The part of a schedule that fits a model: a step that can't be taken is left out, and those behind it are tried
 * where the run then stands.
 */
import { failuresOf, isEnabled, transitionsOf } from '../semantics/machine.ts'
import type { Initial, Machine, Run, State, Transition } from '../semantics/machine.ts'
import { isSameClaim } from '../language/claims.ts'
import { carry } from './carry.ts'
import { firstShown } from './judge.ts'
import type { Schedule, ScheduleProperty, ScheduleStep } from './schedule.ts'
import { sameChoices } from '../semantics/choices.ts'
import { findInitial, showPlain, showStep } from './steps.ts'

/** A step of a schedule, from 1, that can't be taken; 0 is the initial state. */
export interface Mismatch {
  readonly step: number
  readonly wanted: string
}

export interface Fit {
  /** The part that can be played, up to where it first shows the property. */
  readonly run: Run
  readonly shown: boolean
  readonly mismatches: readonly Mismatch[]
}

/** More initial states than these are not tried if the schedule's own is none any more. */
const STARTS = 64

/**
 * The part of a schedule that fits a model: all of it, if its steps can be taken there in exactly one way. Else the
 * model has changed since: the part is the steps that are still enabled when those that are not are left out.
 *
 * @param machine of the model, with the property
 */
export function fit(machine: Machine, schedule: Schedule, property: ScheduleProperty): Fit {
  const own = findInitial(machine, schedule.initial)
  const [first, ...others] = (own === undefined ? machine.initial.slice(0, STARTS) : [own]).map((initial) =>
    fitFrom(machine, initial, schedule.steps, property),
  )
  if (first === undefined) throw new RangeError(`${machine.model.name} has no initial state`)
  const best = others.reduce((one, other) => (isBetter(other, one) ? other : one), first)
  if (own !== undefined && best.shown && best.mismatches.length === 0) return best
  const carried = carry(machine, { ...schedule, property })
  if (carried.kind === 'carried') return { run: carried.run, shown: true, mismatches: [] }
  if (own !== undefined) return best
  const wanted =
    schedule.initial.choices.map(({ name, value }) => `${name} = ${showPlain(value)}`).join(', ') || 'without a choice'
  return { ...best, mismatches: [{ step: 0, wanted }, ...best.mismatches] }
}

const isBetter = (one: Fit, other: Fit): boolean =>
  one.shown === other.shown ? one.mismatches.length < other.mismatches.length : one.shown

/** It ends with a step that fails by the property; one that fails by another can't be taken. */
function fitFrom(machine: Machine, initial: Initial, wanted: readonly ScheduleStep[], property: ScheduleProperty): Fit {
  const mismatches: Mismatch[] = []
  const steps: Run['steps'][number][] = []
  let state: State | undefined = initial.state
  for (const [n, step] of wanted.entries()) {
    if (state === undefined) break
    const transition = find(machine, state, step, property)
    if (transition === undefined) {
      mismatches.push({ step: n + 1, wanted: showStep(step) })
      continue
    }
    state = transition.outcome.kind === 'next' ? transition.outcome.state : undefined
    steps.push({ transition, ...(state === undefined ? {} : { state }) })
    if (failuresOf(transition).some(({ claim }) => isSameClaim(claim, property))) break
  }
  const shown = firstShown(machine, { initial, steps }, property)
  return { run: { initial, steps: steps.slice(0, shown ?? steps.length) }, shown: shown !== undefined, mismatches }
}

/** A statement that has moved in its thread's text has another path, and the same words. */
function find(
  machine: Machine,
  state: State,
  { thread, path, label, choices, branch = 0 }: ScheduleStep,
  property: ScheduleProperty,
): Transition | undefined {
  const instance = machine.model.instances.findIndex(({ name }) => name === thread)
  if (instance < 0) return undefined
  const alike = transitionsOf(machine, state, instance)
    .filter(
      (one) =>
        one.label === label &&
        (one.outcome.kind === 'next' || failuresOf(one).some(({ claim }) => isSameClaim(claim, property))) &&
        sameChoices(one.choices, choices),
    )
    .toSorted((a, b) => Number(isEnabled(b)) - Number(isEnabled(a)))
  const exact = alike.filter((one) => one.path === path)
  return (exact.length > 0 ? exact : alike)[branch]
}
