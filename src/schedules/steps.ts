/** The names by which a schedule knows initial states and transitions, in both directions. */
import { sameChoices } from '../semantics/choices.ts'
import { isEnabled, isSameTransition, plainState, transitions, transitionsOf } from '../semantics/machine.ts'
import type { Choice, Initial, Machine, State, Transition } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import { canonicalJson } from '../language/canonical-json.ts'
import type { Schedule, ScheduleStep } from './schedule.ts'

type Start = Schedule['initial']

/** A step without its branch. */
type Named = Omit<ScheduleStep, 'branch'>

function named(machine: Machine, { thread, path, label, choices }: Transition): Named {
  return { thread: machine.model.instances[thread]?.name ?? String(thread), path, label, choices }
}

/**
 * Variables that may start with one of several values are named with the one they have; then come the choices of
 * `initially`.
 */
function startChoices(machine: Machine, initial: Initial): readonly Choice[] {
  const open = machine.model.variables.filter((variable) => variable.initial.length > 1)
  if (open.length === 0) return initial.choices
  const { shared } = plainState(machine, initial.state)
  return [...open.map(({ name }): Choice => ({ name, value: shared[name] ?? null })), ...initial.choices]
}

/** Whether the same was chosen wherever both choose something of that name. */
export function agree(one: readonly Choice[], other: readonly Choice[]): boolean {
  const chosen = (all: readonly Choice[], wanted: string): readonly unknown[] =>
    all.filter(({ name }) => name === wanted).map(({ value }) => value)
  return one.every(
    ({ name }) =>
      !other.some((choice) => choice.name === name) ||
      canonicalJson(chosen(one, name)) === canonicalJson(chosen(other, name)),
  )
}

/** The name of an initial state of the machine. */
export function nameInitial(machine: Machine, initial: Initial): Start {
  const choices = startChoices(machine, initial)
  const alike = machine.initial.filter((other) => sameChoices(startChoices(machine, other), choices))
  const branch = alike.findIndex(({ state }) => state.equals(initial.state))
  return alike.length > 1 && branch >= 0 ? { choices, branch } : { choices }
}

/** The initial state of that name, if there is one. */
export function findInitial(machine: Machine, { choices, branch = 0 }: Start): Initial | undefined {
  return machine.initial.filter((initial) => sameChoices(startChoices(machine, initial), choices))[branch]
}

/** The initial state of that name; if the model starts otherwise, those that agree with it as far as both choose. */
export function startsOf(machine: Machine, start: Start): readonly Initial[] {
  const exact = findInitial(machine, start)
  return exact === undefined ? machine.initial.filter(({ choices }) => agree(choices, start.choices)) : [exact]
}

/** The name of a transition of that state. */
export function nameTransition(machine: Machine, state: State, transition: Transition): ScheduleStep {
  const name = named(machine, transition)
  const alike = called(machine, state, name)
  return alike.length > 1 ? { ...name, branch: alike.findIndex((one) => isSameTransition(one, transition)) } : name
}

/** The transition of that name in that state, if it exists there. */
export function findTransition(
  machine: Machine,
  state: State,
  { branch = 0, ...name }: ScheduleStep,
): Transition | undefined {
  return called(machine, state, name)[branch]
}

/**
 * The transitions with that name. Those that only break an assertion come last, so that the branch of the others does
 * not depend on the claims.
 */
function called(machine: Machine, state: State, name: Named): readonly Transition[] {
  const thread = machine.model.instances.findIndex((one) => one.name === name.thread)
  if (thread < 0) return []
  const alike = transitionsOf(machine, state, thread).filter((transition) => isCalled(machine, transition, name))
  return [...alike.filter(isEnabled), ...alike.filter((one) => !isEnabled(one))]
}

function isCalled(machine: Machine, transition: Transition, { thread, path, label, choices }: Named): boolean {
  const other = named(machine, transition)
  return other.path === path && other.thread === thread && other.label === label && sameChoices(other.choices, choices)
}

/** A value that was chosen, as a reader sees it. */
export function showPlain(value: Plain): string {
  return value === null ? 'none' : typeof value === 'object' ? canonicalJson(value) : String(value)
}

/** A step as one line of text: `cpu[0]: va = any va [va = 1]`. */
export function showStep({ thread, label, choices }: Named): string {
  return `${thread}: ${label}${choices.length === 0 ? '' : ` [${choices.map(({ name, value }) => `${name} = ${showPlain(value)}`).join(', ')}]`}`
}

/** A step that cannot be taken, and what is enabled in its place, a line each: of its thread first. */
export interface Refused {
  readonly wanted: string
  readonly enabled: readonly string[]
}

/**
 * The message about a step that is not enabled in a state.
 *
 * One label may stand at several places of a text: where the line of the step and one of those that are enabled would
 * be the same, they show their paths.
 */
export function refusedStep(machine: Machine, state: State, step: Named): Refused {
  const all = transitions(machine, state).map((transition) => named(machine, transition))
  const ordered = [
    ...all.filter(({ thread }) => thread === step.thread),
    ...all.filter(({ thread }) => thread !== step.thread),
  ]
  const line = showStep(step)
  const isAmbiguous = ordered.some((one) => showStep(one) === line)
  const show = (one: Named): string =>
    isAmbiguous && showStep(one) === line ? `${line} at ${one.path}` : showStep(one)
  return { wanted: show(step), enabled: ordered.map(show) }
}

/** The states an initial state can be chosen from, a line each. */
export function initialStarts(machine: Machine): readonly string[] {
  return machine.initial.map(
    (initial) =>
      startChoices(machine, initial)
        .map(({ name, value }) => `${name} = ${showPlain(value)}`)
        .join(', ') || 'without a choice',
  )
}
