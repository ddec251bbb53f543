/**
 * Wait queues and completions (include/linux/wait.h, include/linux/completion.h): sleeping until somebody says that
 * something is so.
 */
import {
  atomic,
  Await,
  Bool,
  Break,
  current,
  Either,
  If,
  Local,
  Loop,
  not,
  procedure,
  ref,
  setOf,
  Step,
  struct,
  Thread,
  type Bool as Condition,
  type PlaceOf,
} from '../language/index.ts'
import { might_sleep } from './spinlock.ts'

/** struct wait_queue_head: who sleeps. A thread that was woken tests its condition again, and may go back to sleep. */
export const WaitQueue = struct('wait_queue_head', { sleepers: setOf(Thread) }).as('wq')

/**
 * Before a test of the condition: from here on a wake-up is not lost. The loop around it is the caller's, as in
 * `___wait_event()`:
 * prepare, test the condition, leave or `schedule`, and again.
 */
export const prepare_to_wait = atomic('prepare_to_wait', [ref(WaitQueue)], (wq) => wq.sleepers.add(current), {
  source: '4.13 kernel/sched/wait.c prepare_to_wait',
})

/**
 * Sleeps until another thread wakes it; returns at once if that has happened since `prepare_to_wait`. The waker is not
 * known.
 */
export const schedule = procedure(
  'schedule',
  [ref(WaitQueue)],
  (wq) => {
    might_sleep()
    Await(not(wq.sleepers.has(current)))
  },
  { source: '4.13 kernel/sched/core.c schedule' },
)

/** Sleeps until somebody wakes it, or until the time has run out; says whether it has. */
export const schedule_timeout = procedure(
  'schedule_timeout',
  [ref(WaitQueue)],
  (wq) => {
    const timed_out = Local('timed_out', Bool, false)
    might_sleep()
    Either(
      () => Step('schedule_timeout: woken', () => Await(not(wq.sleepers.has(current)))),
      () => Step('schedule_timeout: the time has run out', () => timed_out.set(true)),
    )
    return timed_out
  },
  { source: '6.1 kernel/time/timer.c schedule_timeout' },
)

/** The condition holds: no more waiting. */
export const finish_wait = atomic('finish_wait', [ref(WaitQueue)], (wq) => wq.sleepers.remove(current), {
  source: '4.13 kernel/sched/wait.c finish_wait',
})

/** Wakes all who sleep. A condition that is made true and not followed by this is a wake-up that is lost. */
export const wake_up_all = atomic('wake_up_all', [ref(WaitQueue)], (wq) => wq.sleepers.clear(), {
  source: '4.13 kernel/sched/wait.c __wake_up',
})

/**
 * `wait_event(wq, condition)`: sleeps until the condition holds, which is tested anew after every wake-up.
 *
 * @param condition what is waited for; it is read in a step of its own, and may read shared state
 */
export const wait_event = (wq: PlaceOf<typeof WaitQueue>, condition: () => Condition): void => {
  Loop(() => {
    prepare_to_wait(wq)
    If(condition(), () => Break())
    schedule(wq)
  })
  finish_wait(wq)
}

/**
 * `wait_event_timeout(wq, condition, timeout)`: the same, but it may give up at any moment at which it sleeps.
 *
 * @returns whether the condition held in the end: it is tested once more after the time has run out
 */
export const wait_event_timeout = (wq: PlaceOf<typeof WaitQueue>, condition: () => Condition): Condition => {
  const held = Local('held', Bool, false)
  Loop(() => {
    prepare_to_wait(wq)
    If(condition(), () => {
      held.set(true)
      Break()
    })
    const timed_out = schedule_timeout(wq)
    If(timed_out, () => {
      Step('the condition, once more', () => held.set(condition()))
      Break()
    })
  })
  finish_wait(wq)
  return held
}

/**
 * struct completion, of the kind that is completed once: by `complete()` where one waits, by `complete_all()` for
 * all.
 */
export const Completion = struct('completion', { done: Bool }).as('x')

/**
 * It is done: a waiting thread goes on. Done stays done here, so all waiting threads go on. If that matters, use
 * another kind of completion.
 */
export const complete = atomic('complete', [ref(Completion)], (x) => x.done.set(true), {
  source: '4.13 kernel/sched/completion.c complete',
})

/** It is done, for all who wait now or later, until `reinit_completion`. */
export const complete_all = atomic('complete_all', [ref(Completion)], (x) => x.done.set(true), {
  source: '4.13 kernel/sched/completion.c complete_all',
})

/** It is not done any more, and must be waited for anew. */
export const reinit_completion = atomic('reinit_completion', [ref(Completion)], (x) => x.done.set(false), {
  source: '4.13 include/linux/completion.h reinit_completion',
})

/**
 * Sleeps until it is done. The model does not know which thread will complete it, so a circular wait is a deadlock of
 * all, not of locks.
 */
export const wait_for_completion = atomic(
  'wait_for_completion',
  [ref(Completion)],
  (x) => {
    might_sleep()
    Await(x.done)
  },
  { source: '4.13 kernel/sched/completion.c wait_for_completion' },
)
