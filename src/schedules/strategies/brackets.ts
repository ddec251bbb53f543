/** Context switches inside brackets: races live where a thread has begun something and not ended it. */
import type { WalkState } from '../../explorer/walks/walk.ts'
import { possibilityOf } from './pct.ts'
import type { Strategy } from './strategy.ts'

/** Number of steps out of which INSIDE or OUTSIDE switch to another thread. */
const OF = 16
const INSIDE = 5
const OUTSIDE = 1

/**
 * The thread that acted last goes on, but for 1 step in 16, in which another is drawn that can act; while it is
 * inside a bracket (the shared state names it:
 * it holds a lock, stands in a queue, reads in an SRCU section, is counted as a user; `bracketsOf` has the exact
 * rule), for 5 in 16. A thread that comes back to where it may rest for ever gives way. Which of its possibilities a
 * thread takes is drawn, each as likely. No probability is guaranteed.
 */
export const brackets: Strategy = {
  name: 'brackets',
  start(draw) {
    let last = -1
    return (scene) => {
      const others = countOthers(scene, last)
      const stays =
        others === 0 ||
        (hasTurn(scene, last) && !scene.isIdle(last) && draw(OF) >= (scene.isInside(last) ? INSIDE : OUTSIDE))
      if (!stays) last = otherAt(scene, last, draw(others))
      return possibilityOf(scene, last, draw)
    }
  },
}

function hasTurn({ count, threadOf }: WalkState, thread: number): boolean {
  for (let n = 0; n < count; n++) if (threadOf(n) === thread) return true
  return false
}

/** Number of other threads that can act. The possibilities of a thread stand together. */
function countOthers({ count, threadOf }: WalkState, thread: number): number {
  let [others, before] = [0, thread]
  for (let n = 0; n < count; n++) {
    const one = threadOf(n)
    if (one !== before && one !== thread) others += 1
    before = one
  }
  return others
}

/** The n-th of them, from 0. */
function otherAt({ count, threadOf }: WalkState, thread: number, nth: number): number {
  let [others, before] = [-1, thread]
  for (let n = 0; n < count; n++) {
    const one = threadOf(n)
    if (one !== before && one !== thread) others += 1
    if (others === nth) return one
    before = one
  }
  return thread
}
