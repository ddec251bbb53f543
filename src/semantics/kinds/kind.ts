/**
 * A kind of property, as the interpreter judges it: where in a run it is seen, what its schedule is, and how a report
 * says it. The engine has a switch of its own: the two are compared.
 */
import type { AnyProperty, PropertyKind, PropertyOf } from '../../language/ast.ts'
import type { End } from '../execute.ts'
import type { Machine, State, Transition } from '../machine.ts'

/** A state of a run. */
export interface Moment {
  readonly machine: Machine
  readonly state: State
  /** The ends of all executions from it, as `executions` lists them. */
  readonly ends: () => readonly (readonly End[])[]
  /** The state that the run goes on to, if it does. */
  readonly next?: State | undefined
  /**
   * The threads that cannot reach an allowed end from here, whatever happens; undefined if there are too many states
   * to follow.
   */
  readonly unrecoverable: () => readonly number[] | undefined
}

/** A step of a run. */
export interface RunStep {
  readonly machine: Machine
  readonly before: State
  readonly transition: Transition
  /** The state after it; none after a step that fails. */
  readonly after?: State | undefined
}

/** The end of a run that shows a property: what a sentence about it needs. */
export interface ShownEnd {
  readonly name: string
  /** The message of the assertion, domain error or misuse that the last step shows; else empty. */
  readonly message: string
  /** The names of the threads that `hanging` lists. */
  readonly threads: readonly string[]
}

export interface KindOf<P extends AnyProperty> {
  /**
   * The part of a run that shows it: a state; a step; a step that fails; the last state, with everything that can come
   * after it; for `run`, the whole run; or, for `graph`, only the whole graph.
   */
  readonly judgedOn: 'state' | 'step' | 'failing step' | 'end' | 'run' | 'graph'
  /** Its schedule shows that it is violated, or witnesses that it is possible. */
  readonly outcome: 'violated' | 'witnessed'
  /** A result has it with its verdict; or only if it is violated; or only as a part of its relation; or never. */
  readonly listed: 'always' | 'if violated' | 'in its relation' | 'never'
  /** A phrase for lists of rules: `a condition of every state`. */
  readonly meaning: string
  /** Whether a state shows it, as a counterexample or as a witness; undefined if that cannot be decided. */
  readonly shownInState?: (property: P, moment: Moment) => boolean | undefined
  /** Whether a step shows it. */
  readonly shownInStep?: (property: P, step: RunStep) => boolean
  /** For a hang: the threads that do not go on. */
  readonly hanging?: (moment: Moment) => readonly number[]
  /** A sentence without a stop, about the end of a run that shows it. */
  readonly sentence: (ending: ShownEnd) => string
}

/** A kind that can be asked about any property: it does not show a property of another kind. */
export type Kind = KindOf<AnyProperty>

/** Makes a kind of what is said of its own properties. */
export function defineKind<K extends PropertyKind>(name: K, said: KindOf<PropertyOf<K>>): Kind {
  const isMine = (property: AnyProperty): property is PropertyOf<K> => property.kind === name
  const { shownInState, shownInStep, ...rest } = said
  return {
    ...rest,
    ...(shownInState && { shownInState: (property, moment) => isMine(property) && shownInState(property, moment) }),
    ...(shownInStep && { shownInStep: (property, step) => isMine(property) && shownInStep(property, step) }),
  }
}
