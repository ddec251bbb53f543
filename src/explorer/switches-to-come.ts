/** Of each gathered state, for each goal: how many switches are still to come, by the thread that takes the next step. */
import { keyOf } from './ask.ts'

/** It leads nowhere. */
export const never = 0xffff

export interface SwitchesToCome {
  /** The number of states that are known. */
  readonly size: () => number
  /** The number of a state that is known. */
  numberOf(state: Uint8Array): number | undefined
  /** The numbers of states, new ones for those that are new. They are known from `know` on. */
  number(states: readonly Uint8Array[]): readonly number[]
  /** The states that were numbered are known from now on. */
  know(): void
  /** The number that the next new state gets. */
  readonly nextNumber: () => number
  /** The goal is reached in the state, or by a step of the thread from there. */
  reach(number: number, goal: number, thread?: number): void
  /** A step of the thread leads to a state from which so many switches are still to come. */
  lead(number: number, goal: number, thread: number, switches: number): void
  /** Switches still to come if the thread takes the next step. */
  next(number: number | undefined, goal: number, thread: number): number
  /** The same, of the best thread, counting the switch to it from `last`; 0 where the goal is reached. */
  after(number: number | undefined, goal: number, last: number | undefined): number
}

export function switchesToCome(goals: number, threads: number): SwitchesToCome {
  const numbers = new Map<string, number>()
  /** They are kept apart from those that are known: a step to one of them leads back. */
  let fresh = new Map<string, number>()
  let used = 0
  // of each state, for each goal: a cell for each thread, and one that is 0 where the goal is reached
  const width = goals * (threads + 1)
  let costs = new Uint16Array(1024 * width)
  const cell = (number: number, goal: number, thread = threads): number =>
    number * width + goal * (threads + 1) + thread
  const room = (): number => {
    const number = used++
    if ((number + 1) * width > costs.length) {
      const larger = new Uint16Array(2 * costs.length)
      larger.set(costs)
      costs = larger
    }
    costs.fill(never, number * width, (number + 1) * width)
    return number
  }
  const next: SwitchesToCome['next'] = (number, goal, thread) =>
    number === undefined ? never : (costs[cell(number, goal, thread)] ?? never)
  return {
    size: () => numbers.size,
    numberOf: (state) => numbers.get(keyOf(state)),
    number: (states) =>
      states.map((state) => {
        const key = keyOf(state)
        const number = fresh.get(key) ?? room()
        fresh.set(key, number)
        return number
      }),
    know() {
      for (const [key, number] of fresh) numbers.set(key, number)
      fresh = new Map()
    },
    nextNumber: () => used,
    reach(number, goal, thread) {
      costs[cell(number, goal, thread)] = 0
    },
    lead(number, goal, thread, switches) {
      const at = cell(number, goal, thread)
      costs[at] = Math.min(costs[at] ?? never, switches)
    },
    next,
    after(number, goal, last) {
      if (number === undefined) return never
      if (costs[cell(number, goal)] === 0) return 0
      let best = never
      for (let thread = 0; thread < threads; thread++)
        best = Math.min(best, next(number, goal, thread) + (last === undefined || thread === last ? 0 : 1))
      return best
    },
  }
}
