/** Wait queues and completions (include/linux/wait.h, include/linux/completion.h): sleeping until somebody says that something is so. */
import { atomic, Await, Bool, current, not, procedure, ref, setOf, struct, Thread } from '../../src/language/index.ts'
import { might_sleep } from './spinlock.ts'

/** struct wait_queue_head: who sleeps. A thread that was woken tests its condition again, and may go back to sleep. */
export const WaitQueue = struct('wait_queue_head', { sleepers: setOf(Thread) }).as('wq')

/**
 * Before a test of the condition: from here on a wake-up is not lost. The loop around it is the caller's, as in `___wait_event()`:
 * prepare, test the condition, leave or `schedule`, and again.
 */
export const prepare_to_wait = atomic('prepare_to_wait', [ref(WaitQueue)], (wq) => wq.sleepers.add(current), { source: '4.13 kernel/sched/wait.c prepare_to_wait' })

/** Sleeps until somebody wakes it; at once, if that has happened since `prepare_to_wait`. Whoever would do so is not known. */
export const schedule = procedure('schedule', [ref(WaitQueue)], (wq) => {
  might_sleep()
  Await(not(wq.sleepers.has(current)))
}, { source: '4.13 kernel/sched/core.c schedule' })

/** The condition holds: no more waiting. */
export const finish_wait = atomic('finish_wait', [ref(WaitQueue)], (wq) => wq.sleepers.remove(current), { source: '4.13 kernel/sched/wait.c finish_wait' })

/** Wakes all who sleep. A condition that is made true and not followed by this is a wake-up that is lost. */
export const wake_up_all = atomic('wake_up_all', [ref(WaitQueue)], (wq) => wq.sleepers.clear(), { source: '4.13 kernel/sched/wait.c __wake_up' })

/** struct completion, of the kind that is completed once: by `complete()` where one waits, by `complete_all()` for all. */
export const Completion = struct('completion', { done: Bool }).as('x')

export const complete = atomic('complete', [ref(Completion)], (x) => x.done.set(true), { source: '4.13 kernel/sched/completion.c complete' })

export const complete_all = atomic('complete_all', [ref(Completion)], (x) => x.done.set(true), { source: '4.13 kernel/sched/completion.c complete_all' })

/** To be waited for anew. */
export const reinit_completion = atomic('reinit_completion', [ref(Completion)], (x) => x.done.set(false), { source: '4.13 include/linux/completion.h reinit_completion' })

/** Sleeps until it is done. Who is to complete it is not known, so a wait in a circle is a deadlock of all, not of locks. */
export const wait_for_completion = atomic('wait_for_completion', [ref(Completion)], (x) => {
  might_sleep()
  Await(x.done)
}, { source: '4.13 kernel/sched/completion.c wait_for_completion' })
