/** Follows the edges of the graph from states of the visited set, a block of states at a time. */
import { bytesForWalks, bytesOfMarks } from './emit/returning.ts'
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
  /** What each instance becomes in the form that stands at a slot, by the number of that slot in `slots`. */
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
  /**
   * Sorts states by whether they are seen to return: whether a way is seen on which every instance comes to an allowed
   * end. A state that is not seen to may return all the same. The visited set holds the forms of all their successors.
   *
   * @returns undefined if there is no memory for it
   */
  sortByReturn<Result>(sort: (sorter: ReturnSorter) => Result): Result | undefined
}

export interface ReturnSorter {
  /**
   * Walks from states that are not seen to return yet; at most as many as a chunk has, any number of times. A byte for
   * each state: 1 unless it is seen to return.
   */
  unseen(run: StateRun): Uint8Array
  /** Lets walks begin again where they were in vain: since then more states were seen to return. */
  again(): void
}

export function followerOf(instance: EngineInstance, orbits: Orbits): Follower {
  const { plan, engine, view, bytes, capacity } = instance
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
    sortByReturn(sort) {
      const slots = capacity() + plan.tailSlots + 1
      const marks = bytesOfMarks(slots)
      return instance.behindTable(bytesForWalks(plan, slots), (address) =>
        sort({
          unseen({ states, count }) {
            bytes().set(states.subarray(0, count * stateBytes), input.address)
            engine.returning(count, address, marks)
            return bytes().slice(output.address, output.address + count)
          },
          again() {
            bytes().fill(0, address + marks, address + 2 * marks)
          },
        }),
      )
    },
  }
}
