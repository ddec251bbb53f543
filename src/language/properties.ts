/** What is claimed of a model. */
import type { Property } from './ast.ts'
import type { Bool } from './types/bool.ts'

export interface PropertyOptions {
  /** Who claims it: a sentence of the kernel, with its version. */
  readonly claim?: string
}
type Declare = (name: string, condition: Bool, options?: PropertyOptions) => Property

const conditioned = (kind: Property['kind']): Declare => (name, condition, options = {}) => ({ name, kind, condition: condition.node, ...options })

/** Holds in every reachable state. */
export const invariant: Declare = conditioned('invariant')

/** Holds over every transition; `before(x)` is the value of `x` before it. */
export const transition: Declare = conditioned('transition')

/** No `Assert` of this name fails. One that is not declared is an assertion too, without a claim. */
export const assertion = (name: string, options: PropertyOptions = {}): Property => ({ name, kind: 'assertion', ...options })

/** Must be possible: the condition holds in some reachable state, or a `Cover` of this name is witnessed. */
export const sometimes = (name: string, condition?: Bool, options: PropertyOptions = {}): Property =>
  ({ name, kind: 'sometimes', ...(condition === undefined ? {} : { condition: condition.node }), ...options })

/** No state is left by no transition while a thread is not at an allowed end. */
export const deadlock = (): Property => ({ name: 'deadlock', kind: 'deadlock' })

/** In no state do threads wait for each other's locks, whatever others still do. */
export const lockDeadlock = (): Property => ({ name: 'lock-deadlock', kind: 'lock-deadlock' })

/** From every reachable state every thread that is no daemon can still come to an allowed end. */
export const recoverable = (): Property => ({ name: 'recoverable', kind: 'recoverable' })
