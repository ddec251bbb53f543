/** The watches on states and transitions: the model's properties, and the judgements made besides. */
import type { RestingPlace } from '../analysis/rests.ts'
import type { Property } from '../language/ast.ts'
import { isSameClaim, type Claim } from '../language/claims.ts'

/** One of them; where they are numbered, it is by their order in `watched`. */
export interface Watch {
  /** The claim that a finding is about. */
  readonly claim: Claim
  /** The same, as the model declares it. */
  readonly property?: Property
  /**
   * `itself`: by the condition on a state or step; for a deadlock, the state has no transition. `covers`: by its
   * `cover`s, which witness it one step later. `premise`, of an invariant: whether its premise comes true; not a
   * violation. `rest`, of locks: whether a thread comes to rest with one; not a violation. `standstill`, of a
   * deadlock: there are transitions, and none changes what the engine keeps of the state.
   */
  readonly by: 'itself' | 'covers' | 'standstill' | 'premise' | 'rest'
  readonly rest?: RestingPlace
}

/** The number of a watch; -1 if it is not watched. */
export const watchOf = (watched: readonly Watch[], claim: Claim, by: Watch['by'] = 'itself'): number =>
  watched.findIndex((one) => one.by === by && isSameClaim(one.claim, claim))
