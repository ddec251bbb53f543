/** Mutexes (include/linux/mutex.h): sleeping locks with one owner. */
import {
  Acquire,
  atomic,
  current,
  If,
  Let,
  Misuse,
  none,
  optional,
  ref,
  Step,
  struct,
  Thread,
  type PlaceOf,
  type Block,
} from '../language/index.ts'
import { acquires } from './lockdep.ts'
import { might_sleep } from './spinlock.ts'

/** struct mutex. Which of several waiters gets it is open: a mutex can be stolen from the waiters' list at any time. */
export const Mutex = struct('mutex', { owner: optional(Thread) }).as('lock')

/** Takes it; sleeps until it is free. By the thread that holds it, or where sleeping is forbidden: lock misuse. */
export const mutex_lock = atomic(
  'mutex_lock',
  [ref(Mutex)],
  (lock) => {
    acquires()
    might_sleep()
    Misuse('mutex_lock() by the thread that holds it', lock.owner.ne(current))
    Acquire(lock.owner.isNone, (thread) => lock.owner.eq(thread))
    lock.owner.set(current)
  },
  { source: '4.13 kernel/locking/mutex.c mutex_lock' },
)

/** Takes it if it is free, and says whether it did. */
export const mutex_trylock = atomic(
  'mutex_trylock',
  [ref(Mutex)],
  (lock) => {
    const taken = Let('taken', lock.owner.isNone)
    If(taken, () => lock.owner.set(current))
    return taken
  },
  { source: '4.13 kernel/locking/mutex.c mutex_trylock' },
)

/** Gives it back. By a thread that does not hold it: lock misuse. */
export const mutex_unlock = atomic(
  'mutex_unlock',
  [ref(Mutex)],
  (lock) => {
    Misuse('mutex_unlock() by a thread that does not hold it', lock.owner.eq(current))
    lock.owner.set(none)
  },
  { source: '4.13 kernel/locking/mutex.c mutex_unlock' },
)

/**
 * The same in its two steps: the mutex becomes free, and then its waiters are looked at. A thread that frees the memory
 * of a mutex as soon as it can take the mutex frees it under the second step (Documentation/locking/mutex-design). A
 * spinlock is not touched any more once it is free.
 *
 * @param touches the assertions for the second look at the mutex
 */
export const mutex_unlock_and_wake = (lock: PlaceOf<typeof Mutex>, touches: Block): void => {
  mutex_unlock(lock)
  Step('__mutex_unlock_slowpath(): spin_lock(&lock->wait_lock)', () => touches())
}
