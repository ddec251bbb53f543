/** The visited set of one partition: states, or their fingerprints, in a table that grows. */
import { mostPages, pageBytes } from '../wasm/memory.ts'
import type { EngineInstance } from './instance.ts'
import { control, leastCapacity, memoryBytes, overrunSlot } from './memory.ts'

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
   * than these bytes besides what it has.
   */
  grow(limitBytes: number, spareBytes?: number): boolean
  /** Whether it could grow if the process had memory to spare. */
  canGrow(limitBytes: number): boolean
  /** Takes the keys of all states out, but the one of zero bits. */
  drain(take: (run: StateRun) => void): void
}

/**
 * The bytes that a table grows to. A small one grows fast, so that few states are moved; a large one slowly, so that
 * little stands empty.
 */
function grown(bytes: number): number {
  // a table that was to have 64 MiB has a little less: whole slots
  if (bytes < 2 ** 25) return Math.min(8 * bytes, 2 ** 26)
  return (bytes < 2 ** 28 ? 2 : 1.5) * bytes
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
  const nextCapacity = (limitBytes: number, spareBytes = Infinity): number | undefined => {
    const old = capacity()
    const addressable = mostPages * pageBytes - memoryBytes(plan, 0) - pageBytes
    const wanted = Math.min(Math.max(grown(old * keyBytes), leastCapacity(plan) * keyBytes), limitBytes, addressable)
    const spared = old * keyBytes + shareOfSpare * spareBytes
    const bytes = Math.min(wanted, spared)
    const next = Math.floor(bytes / keyBytes / homeSlots) * homeSlots
    return next < old * (spared < wanted ? leastLastGrowth : leastGrowth) ? undefined : next
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
    grow(limitBytes, spareBytes) {
      const old = capacity()
      const next = nextCapacity(limitBytes, spareBytes)
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
