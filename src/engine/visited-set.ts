/** The visited set of one partition: states, or their fingerprints, in a table that grows. */
import { mostPages, pageBytes } from '../wasm/memory.ts'
import type { EngineInstance } from './instance.ts'
import { control, largeTable, leastCapacity, memoryBytes, overrunSlot } from './memory.ts'

/** States one behind the other. */
export interface StateRun {
  readonly states: Uint8Array
  readonly count: number
}

export interface VisitedSet {
  /** Number of states in the set. */
  readonly size: () => number
  /** The slot of a state, from 1; 0 for the state of zero bits, which has none; -1 if it does not hold the state. */
  find(state: Uint8Array): number
  /** More than the largest number of a slot. */
  readonly slots: () => number
  readonly holdsZero: () => boolean
  /** Has it no room for what one more block may bring? */
  isFull(): boolean
  /**
   * Makes room; false if the table would take more than `limitBytes`, or more memory than exists, or the process more
   * than `spareBytes` besides what it has.
   *
   * @param waiting states that are still to be expanded: the more there are, the more a large table grows. Default:
   *   more than there are in it
   */
  grow(limitBytes: number, spareBytes?: number, waiting?: number): boolean
  /** Whether it could grow if the process had memory to spare. */
  canGrow(limitBytes: number): boolean
  /** Takes the keys of all states out, but the one of zero bits. */
  drain(take: (run: StateRun) => void): void
}

/** Growth of a large table. */
const [leastOfLarge, mostOfLarge] = [1.125, 1.5]
/**
 * States that are found after one that waits: an estimate from searches of some millions of states, in their second
 * half. Before it there are more, and the table grows once more.
 */
const foundByWaiting = 8

/**
 * The bytes that a table grows to. A small one grows fast, so that few states are moved; a large one as far as the
 * states need that are likely to come, so that little stands empty.
 *
 * @param share states that wait, for each state in the table
 */
function grown(bytes: number, share: number): number {
  // a table that was to have 64 MiB has a little less: whole slots
  if (bytes < 2 ** 25) return Math.min(8 * bytes, 2 ** 26)
  if (bytes < largeTable) return 2 * bytes
  return Math.min(mostOfLarge, Math.max(leastOfLarge, 1 + foundByWaiting * share)) * bytes
}
/** Growth by less than this is not worth moving the states. */
const leastGrowth = 1.1
/** The same at the end of the memory that the process may take. */
const leastLastGrowth = 1.02
/** The part of what is left of that memory that the table takes: logs and queues grow with it. */
const shareOfSpare = 0.5

export function visitedSetOf(instance: EngineInstance): VisitedSet {
  const { plan, engine, view, bytes, capacity } = instance
  const { keyBytes, homeSlots, blockSuccessors, successors, table, tailSlots } = plan
  /** Takes out the states of the first `slots` slots, from the last to the first. */
  const takeAllOut = (slots: number, take: (run: StateRun) => void): void => {
    for (let left = slots; left > 0; ) {
      const batch = Math.min(blockSuccessors, left)
      left -= batch
      const count = engine.takeOut(left, batch)
      if (count > 0) take({ states: instance.copyOut(successors.address, count * keyBytes), count })
    }
  }
  const putBack = ({ states, count }: StateRun): void => {
    bytes().set(states, successors.address)
    engine.putBack(count)
  }
  /** The capacity to grow to; undefined if that is too little. */
  const nextCapacity = (limitBytes: number, spareBytes = Infinity, waiting = Infinity): number | undefined => {
    const old = capacity()
    const addressable = mostPages * pageBytes - memoryBytes(plan, 0) - pageBytes
    const next = grown(old * keyBytes, waiting / Math.max(1, control.count.read(view())))
    const wanted = Math.min(Math.max(next, leastCapacity(plan) * keyBytes), limitBytes, addressable)
    const spared = old * keyBytes + shareOfSpare * spareBytes
    const bytes = Math.min(wanted, spared)
    const slots = Math.floor(bytes / keyBytes / homeSlots) * homeSlots
    return slots < old * (spared < wanted ? leastLastGrowth : leastGrowth) ? undefined : slots
  }
  return {
    size: () => control.count.read(view()),
    find: (state) => engine.find(instance.input(state)),
    slots: () => capacity() + tailSlots + 1,
    holdsZero: () => control.zeroSeen.read(view()) !== 0,
    isFull() {
      if (control.count.read(view()) > control.limit.read(view())) return true
      const slot = table + overrunSlot(capacity()) * keyBytes
      return bytes()
        .subarray(slot, slot + keyBytes)
        .some((byte) => byte !== 0)
    },
    canGrow: (limitBytes) => nextCapacity(limitBytes) !== undefined,
    grow(limitBytes, spareBytes, waiting) {
      const old = capacity()
      const next = nextCapacity(limitBytes, spareBytes, waiting)
      if (next === undefined || !instance.resize(next)) return false
      // what could not be moved in place is taken out as a whole, and put back
      const left = engine.rehash(old + tailSlots)
      const aside: StateRun[] = []
      takeAllOut(left, (run) => {
        aside.push(run)
      })
      for (const run of aside) putBack(run)
      return true
    },
    drain(take) {
      takeAllOut(capacity() + tailSlots, take)
    },
  }
}
