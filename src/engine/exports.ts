/** The functions of a module, with their types. They take and leave states in the regions of `MemoryPlan`. */

/** Addresses are those of states in the memory. */
export interface EngineExports {
  /** Expands the parents of the input from `first` to before `end`; returns the first that was not expanded. */
  expand(first: number, end: number): number
  /** Takes `count` records from where successors are. */
  receive(count: number): void
  /** The same of records that have keys in place of states. */
  receiveKeys(count: number): void
  /** Returns the bytes of the successors of the first state of the input. */
  successorsOfAll(): number
  /** The same of one thread instance. */
  successorsOfThread(instance: number): number
  /** Marks the first `count` states of the input, where the output is. */
  mark(count: number): void
  /** The instances that are at an allowed end, a bit for each. */
  idle(address: number): bigint
  /** The slot of a state from 1, 0 for the state of zero bits, -1 if it is not in the visited set. */
  find(address: number): number
  /**
   * Follows states of the input from `first` to before `end`, to where they and their successors stand in the visited
   * set; returns the first that was not followed.
   */
  edges(first: number, end: number): number
  /**
   * Looks at the first `count` states of the input, from the last to the first: a byte for each where the output is, 1
   * unless it is seen to return. What walks need stands at an address; the marks in it take so many bytes. Returns the
   * number of 1s.
   */
  returning(count: number, behindTable: number, bytesOfMarks: number): number
  /** Moves the states of `count` slots to where successors are; returns their number. */
  takeOut(first: number, count: number): number
  /** Puts `count` states from where successors are into the table. */
  putBack(count: number): void
  /** Moves the states of a table of `slots` slots to their new homes; returns the number of slots left as they were. */
  rehash(slots: number): number
  /** Makes a state the form of its orbit, and leaves in the arrangement how; the size of the orbit. */
  canonical(address: number): number
}

/** In the order in which a module exports them. */
export const exportNames: readonly (keyof EngineExports)[] = [
  'expand',
  'receive',
  'receiveKeys',
  'successorsOfAll',
  'successorsOfThread',
  'mark',
  'idle',
  'find',
  'edges',
  'returning',
  'takeOut',
  'putBack',
  'rehash',
  'canonical',
]
