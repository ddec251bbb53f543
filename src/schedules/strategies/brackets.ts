/** Context switches inside brackets: races live where a thread has begun something and not ended it. */
import type { Scene } from '../../explorer/walks/walk.ts'
import { possibilityOf } from './pct.ts'
import type { Strategy } from './strategy.ts'

/** Of so many steps, how many switch to another thread. */
const OF = 16
const INSIDE = 5
const OUTSIDE = 1

/**
 * The thread that acted last goes on, but for 1 step in 16, in which another is drawn that can act; while it is inside a bracket (the shared state names it:
 * it holds a lock, stands in a queue, reads in an SRCU section, is counted as a user; `bracketsOf` has the exact rule), for 5 in 16. A thread that comes back to
 * where it may rest for ever gives way. Which of its possibilities a thread takes is drawn, each as likely. No probability is guaranteed.
 */
export const brackets: Strategy = {
  name: 'brackets',
  start(draw) {
    let last = -1
    return (scene) => {
      const threads = threadsOf(scene)
      const others = threads.filter((thread) => thread !== last)
      const stays = others.length === 0
        || (others.length < threads.length && !scene.isIdle(last) && draw(OF) >= (scene.isInside(last) ? INSIDE : OUTSIDE))
      if (!stays) last = others[draw(others.length)] ?? last
      return possibilityOf(scene, last, draw)
    }
  },
}

/** The threads that can act, each once. */
function threadsOf({ count, threadOf }: Scene): readonly number[] {
  const threads: number[] = []
  for (let n = 0; n < count; n++) if (threadOf(n) !== threads.at(-1)) threads.push(threadOf(n))
  return threads
}
