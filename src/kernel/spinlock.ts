/** Spinlocks, and what may not sleep under one (include/linux/spinlock.h, kernel/sched/core.c might_sleep). */
import {
  Acquire,
  array,
  atomic,
  current,
  If,
  Misuse,
  none,
  optional,
  range,
  ref,
  shared,
  Step,
  struct,
  Thread,
  type Block,
  type Bool,
  type Recorded,
} from '../language/index.ts'

/** The number of spinlocks that each thread holds, as far as that forbids it to sleep. */
const preempt_count = shared('preempt_count', array(Thread, range(0, 3)))

/** A function that may sleep says so first. It goes with the statement that follows. */
export const might_sleep = (): Recorded =>
  Misuse('sleeping function called from invalid context', preempt_count.at(current).eq(0))

/**
 * The code that follows must not sleep: a callback that was called with `blockable` false (from 5.4 on the kernel
 * checks it by this name). For a step.
 */
export const non_block_start = (): Recorded => preempt_count.at(current).increment()
/**
 * Ends the section of a `non_block_start`: the thread may sleep again. For a step. Below 0 it is a domain error of
 * `preempt_count`.
 */
export const non_block_end = (): Recorded => preempt_count.at(current).decrement()

/** spinlock_t. The spinning threads do not form a queue: any of them may take a free lock. */
export const Spinlock = struct('spinlock', { owner: optional(Thread) }).as('lock')

/**
 * Takes it; spins until it is free, and from then on the thread must not sleep. By the thread that holds it: lock
 * misuse. Others can be seen to spin on it: for a leaf lock `leaf_section` is as good, and cheaper.
 */
export const spin_lock = atomic(
  'spin_lock',
  [ref(Spinlock)],
  (lock) => {
    Misuse('spin_lock() by the thread that holds it', lock.owner.ne(current))
    Acquire(lock.owner.isNone, (thread) => lock.owner.eq(thread))
    lock.owner.set(current)
    preempt_count.at(current).increment()
  },
  { source: '4.13 include/linux/spinlock.h spin_lock' },
)

/** Gives it back. By a thread that does not hold it: lock misuse. */
export const spin_unlock = atomic(
  'spin_unlock',
  [ref(Spinlock)],
  (lock) => {
    Misuse('spin_unlock() by a thread that does not hold it', lock.owner.eq(current))
    lock.owner.set(none)
    preempt_count.at(current).decrement()
  },
  { source: '4.13 include/linux/spinlock.h spin_unlock' },
)

/**
 * The body runs under a leaf spinlock: no other lock is taken and nothing waits inside, so no thread can tell it from
 * one transition.
 *
 * @param label what a schedule shows: `spin_lock(&hmm->lock): list_add(&range->list)`
 * @param locked whether the lock is taken; without it each statement of the body is a transition of its own
 */
export const leaf_section = (label: string, locked: Bool, body: Block): Recorded =>
  If(locked, () => Step(label, body)).Else(body)
