/**
 * Probabilistic concurrency testing: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A Randomized Scheduler
 * with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 */
import type { WalkStart } from '../../engine/walks/strategy.ts'
import type { WalkState } from '../../explorer/walks/walk.ts'
import type { Draw, Extent, Strategy } from './strategy.ts'

/**
 * Threads have random priorities, and the highest that can act does; at d-1 steps, drawn among all k before the walk
 * begins, the thread that is about to act falls behind every other. Which of its enabled transitions a thread
 * takes is drawn, each equally likely.
 *
 * A bug has depth d if some d steps, in one order, are enough for it to show, whatever else happens. With n threads,
 * one walk finds a bug of depth d with a probability of at least 1/(n k^(d-1)). The proof is about threads that end.
 * Threads of a model come back to where they may rest for ever, and begin again. So that the first does not keep the
 * others from ever running, a thread that comes back falls behind every other, as if it had ended. The guarantee is
 * then about bugs that show while each thread carries out one operation, in walks in which the threads make the choices
 * that the bug needs.
 *
 * @param depth d, from 1 on
 */
export function pct(depth: number): Strategy {
  const begin = (draw: Draw, { threads, maxSteps }: Extent): Required<Omit<WalkStart, 'chance'>> => ({
    priorities: shuffled(draw, threads),
    demotions: Array.from({ length: depth - 1 }, () => draw(maxSteps)),
  })
  return {
    name: 'pct',
    compiled: { name: 'pct', depth, begin },
    start(draw, extent) {
      const { demotions, priorities: first } = begin(draw, extent)
      const priorities = [...first]
      let [step, last] = [0, -1]
      /** Lower than any before. */
      let lowest = 0
      const demote = (thread: number): void => {
        priorities[thread] = --lowest
      }
      return (state) => {
        if (last >= 0 && state.isIdle(last)) demote(last)
        let thread = highest(state, priorities)
        for (const demotion of demotions) {
          if (demotion !== step) continue
          demote(thread)
          thread = highest(state, priorities)
        }
        step += 1
        last = thread
        return drawTransition(state, thread, draw)
      }
    },
    guarantee: ({ threads, maxSteps }) => ({
      formula: '1/(n k^(d-1))',
      where: `n = ${threads} threads, k = ${maxSteps} steps, d = ${depth}`,
      probability: 1 / (threads * maxSteps ** (depth - 1)),
      of: `a bug of depth ${depth} that shows while each thread carries out one operation, if the threads choose as it needs`,
    }),
  }
}

function shuffled(draw: Draw, count: number): number[] {
  const numbers = Array.from({ length: count }, (_, n) => n)
  for (let n = count - 1; n > 0; n--) {
    const other = draw(n + 1)
    ;[numbers[n], numbers[other]] = [numbers[other] ?? 0, numbers[n] ?? 0]
  }
  return numbers
}

/** The thread of the highest priority that can act. */
function highest({ count, threadOf }: WalkState, priorities: readonly number[]): number {
  let best = threadOf(0)
  for (let n = 1; n < count; n++) {
    const thread = threadOf(n)
    if ((priorities[thread] ?? 0) > (priorities[best] ?? 0)) best = thread
  }
  return best
}

/** Draws one of the enabled transitions of a thread that can act. */
export function drawTransition({ count, threadOf }: WalkState, thread: number, draw: Draw): number {
  let first = 0
  while (first < count - 1 && threadOf(first) !== thread) first++
  let end = first + 1
  while (end < count && threadOf(end) === thread) end++
  return first + draw(end - first)
}
