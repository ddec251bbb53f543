/** Threads that help to walk, where there are any: `threads/crew.ts` has those of Node.js. */
import type { Dealer } from './dealing.ts'
import type { WalkOrder, WalkReport } from './threads/messages.ts'

export interface Crew {
  /** Waits for those that have begun; the others are not needed any more. */
  finish(): Promise<readonly WalkReport[]>
}

/** Starts so many threads, which take hands from the same dealer. */
export type StartCrew = (count: number, dealt: Dealer, order: Omit<WalkOrder, 'number' | 'dealing'>) => Crew
