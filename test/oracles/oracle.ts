/** A model with published or re-derived counts: what an engine must find in it, whatever it is made of. */
import type { Configuration, Model } from '../../src/language/index.ts'

export interface Oracle {
  readonly name: string
  readonly model: Model
  readonly configuration: Configuration
  /** Distinct reachable states, without dead-local reset or reduction of any kind. */
  readonly states?: number
  /** The orbits of these states, where all ids and threads that are alike are permuted. */
  readonly stored?: number
  /** Successors of all reachable states. */
  readonly transitions?: number
  /** Breadth-first levels; the initial states are level 1. */
  readonly depth?: number
  /**
   * Transitions of the shortest counterexample, or witness, by property. The other properties hold, and a `sometimes`
   * here is witnessed.
   */
  readonly shortest?: Readonly<Record<string, number>>
  /** States without a transition that changes them, in which some thread is not at an allowed end. */
  readonly deadlocks?: number
  /** The counts when dead locals are reset. */
  readonly deadLocalReset?: { readonly states: number; readonly transitions: number }
}
