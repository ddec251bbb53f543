/** What lockdep (kernel/locking/lockdep.c) watches: which classes of locks a thread holds when it takes another. */
import { array, Collect, collected, Cover, current, ghost, not, oneOf, setOf, sometimes, Thread, type Property, type Recorded } from '../../src/language/index.ts'

export interface Lockdep<Class extends string> {
  /** In the step that takes a lock of this class, or begins to wait for it. */
  lock_acquire(one: Class): Recorded
  /** In the step that gives it back. */
  lock_release(one: Class): Recorded
  /** P-ORDER: no two locks are ever taken in both orders, by whomever and in whatever schedules; nor any round of them. */
  readonly order: readonly Property[]
}

/**
 * Watches the order of these classes of locks, as a ghost. A lock with many instances is one class, and taking one inside another is a cycle.
 * Unlike a deadlock, which takes two threads at the wrong moment, an order shows in any schedule that has it.
 */
export function lockdep<const Class extends string>(...classes: readonly [Class, ...Class[]]): Lockdep<Class> {
  const LockClass = oneOf(...classes)
  const held = ghost('lockdep_held', array(Thread, setOf(LockClass)))
  return {
    lock_acquire(one) {
      Collect('P-ORDER', LockClass, held.at(current), one)
      Cover('P-ORDER.reached', not(held.at(current).isEmpty))
      return held.at(current).add(one)
    },
    lock_release: (one) => held.at(current).remove(one),
    order: [
      ...collected('P-ORDER', LockClass, { claim: 'mm/rmap.c, "Lock ordering in mm"' }),
      sometimes('P-ORDER.reached'),
    ],
  }
}
