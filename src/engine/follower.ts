/** Follows the edges of the graph from states of the visited set, a block of states at a time. */
import type { EngineInstance } from './instance.ts'
import type { Orbits } from './orbits.ts'
import type { StateRun } from './visited-set.ts'

/** Some states one behind the other, with what follows them. It is to be read before the next is asked for. */
export interface FollowedStates {
  /** The number of the first of the states in their run, and how many they are. */
  readonly first: number
  readonly count: number
  /** A bit for each instance that is at an allowed end in a state; all bits if one of its transitions fails. */
  endsOf(n: number): bigint
  /** The number of slots of the first states, up to and with this one. */
  behind(n: number): number
  /**
   * For each state its own slot, and then those of its successors, in the order of its transitions. A slot counts from
   * 1; it is 0 for the state of zero bits, which has none.
   */
  readonly slots: Uint32Array
  /** The instance that each instance becomes in the form that stands at a slot, by the number of that slot in `slots`. */
  threadsOf(slot: number): readonly number[]
}

export interface Follower {
  /**
   * Follows all states of a run, at most as many as a chunk has. The visited set holds the forms of all their
   * successors.
   *
   * @param see called for the states in their order, some at a time
   */
  follow(run: StateRun, see: (followed: FollowedStates) => void): void
}

export function followerOf({ plan, engine, view, bytes }: EngineInstance, orbits: Orbits): Follower {
  const { stateBytes, input, output, blockEnds, lookups, arrangements } = plan
  return {
    follow({ states, count }, see) {
      bytes().set(states.subarray(0, count * stateBytes), input.address)
      for (let first = 0; first < count; ) {
        const next = engine.edges(first, count)
        see({
          first,
          count: next - first,
          endsOf: (n) => view().getBigUint64(output.addressOf(n), true),
          behind: (n) => blockEnds.read(view(), n),
          slots: new Uint32Array(bytes().buffer, lookups.address, blockEnds.read(view(), next - first - 1)),
          threadsOf: (slot) => orbits.threadsAt(arrangements.addressOf(slot)),
        })
        first = next
      }
    },
  }
}
