/** Context switches inside brackets: races live where a thread has begun something and not ended it. */
import { bracketSwitches } from '../../engine/walks/strategy.ts'
import type { WalkState } from '../../explorer/walks/walk.ts'
import { drawTransition } from './pct.ts'
import type { Strategy } from './strategy.ts'

const { of, inside, outside } = bracketSwitches

/**
 * The thread that acted last goes on. In 1 step of 16 another thread that can act is drawn instead; in 5 of 16 while
 * the last one is inside a bracket. It is inside while the shared state names it: it holds a lock, stands in a queue,
 * reads in an SRCU section, or is counted as a user (`bracketsOf` has the exact rule). A thread that comes back to
 * where it may rest for ever lets another act. Which of its enabled transitions a thread takes is drawn, each equally
 * likely. No probability is guaranteed.
 */
export const brackets: Strategy = {
  name: 'brackets',
  compiled: { name: 'brackets', begin: () => ({}) },
  start(draw) {
    let last = -1
    return (state) => {
      const others = countOthers(state, last)
      const stays =
        others === 0 ||
        (canAct(state, last) && !state.isIdle(last) && draw(of) >= (state.isInside(last) ? inside : outside))
      if (!stays) last = otherAt(state, last, draw(others))
      return drawTransition(state, last, draw)
    }
  },
}

function canAct({ count, threadOf }: WalkState, thread: number): boolean {
  for (let n = 0; n < count; n++) if (threadOf(n) === thread) return true
  return false
}

/** Number of other threads that can act. The transitions of one thread stand together. */
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
