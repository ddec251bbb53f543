/** The meaning of the names in an expression where it is evaluated. */
import type { CompiledInstance } from '../layout.ts'
import type { PackedState } from './state.ts'
import type { CompiledValue } from './value.ts'

export interface EmitScope {
  /** The instance that runs; none in a property. */
  readonly instance: CompiledInstance | undefined
  /** The state that is read. */
  readonly state: PackedState
  /** The state before the transition, for `before`. */
  readonly before?: PackedState
  /** Values of quantified variables, by their ids. */
  readonly bound: ReadonlyMap<number, CompiledValue>
}

export const scopeIn = (instance: CompiledInstance | undefined, state: PackedState): EmitScope => ({
  instance,
  state,
  bound: new Map(),
})

/** The scope in which a quantified variable has this value. */
export const bind = (scope: EmitScope, id: number, value: CompiledValue): EmitScope => ({
  ...scope,
  bound: new Map(scope.bound).set(id, value),
})
