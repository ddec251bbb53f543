/** Classes of locks that lockdep (kernel/locking/lockdep.c) watches: those a thread holds when it takes another. */
import { observeAcquisition, observingAcquisitions } from '../language/acquisitions.ts'
import { pairName } from '../language/collected.ts'
import {
  array,
  Collect,
  collected,
  Cover,
  current,
  ghost,
  Ghost,
  no,
  not,
  oneOf,
  or,
  setOf,
  sometimes,
  Thread,
  type Block,
  type Bool,
  type Property,
} from '../language/index.ts'
import type { OneOfType } from '../language/types/enum.ts'

/** An observer of the order of classes of locks: `lockdep` and `lockOrder` make one. */
export interface LockOrder<Class extends string> {
  /**
   * In the step that takes a lock of this class, or begins to wait for it. An acquisition that cannot wait (a trylock,
   * srcu_read_lock) does not count.
   */
  lock_acquire(one: Class): void
  /**
   * P-ORDER: no two locks are ever taken in both orders, by whomever and in whatever schedules; nor any round of
   * them.
   */
  readonly order: readonly Property[]
}
/** The observer of `lockdep`, which is called at every release. */
export interface Lockdep<Class extends string> extends LockOrder<Class> {
  /** In the step that gives it back. */
  lock_release(one: Class): void
}

/** That of `lockOrder`, which asks the locks themselves who holds them. */
export interface WatchedLocks<Class extends string> extends LockOrder<Class> {
  /** The lock taken in the block is of this class: `acquiring('mmap_sem', () => down_read(mm.mmap_sem))`. */
  acquiring(one: Class, take: Block): void
}

const orderOf = <Class extends string>(LockClass: OneOfType<Class>): readonly Property[] => [
  ...collected('P-ORDER', LockClass, {
    claim: 'mm/rmap.c of 4.13, "Lock ordering in mm"; what is taken in a callback comes after all of it',
  }),
  sometimes('P-ORDER.reached'),
]

/**
 * Watches the order of these classes of locks, as a ghost. A lock with many instances is one class, and taking one
 * inside another is a cycle.
 * Unlike a deadlock, which takes two threads at the wrong moment, an order shows in any schedule that has it.
 *
 * @param classes the names of the classes, by which `lock_acquire` and `lock_release` know them
 */
export function lockdep<const Class extends string>(...classes: readonly [Class, ...Class[]]): Lockdep<Class> {
  const LockClass = oneOf(...classes)
  const held = ghost('lockdep_held', array(Thread, setOf(LockClass)))
  return {
    lock_acquire: (one) =>
      Ghost(() => {
        Collect('P-ORDER', LockClass, held.at(current), one)
        Cover('P-ORDER.reached', not(held.at(current).isEmpty))
        held.at(current).add(one)
      }),
    lock_release: (one) => Ghost(() => held.at(current).remove(one)),
    order: orderOf(LockClass),
  }
}

/**
 * For the text of a lock of one's own: stands in the step in which it takes the lock, or begins to wait for it, and
 * tells what `acquiring` is around it.
 */
export const acquires = (): void => {
  observeAcquisition()
}

/**
 * The same without a ghost, so it adds no state: the locks say themselves who holds them.
 *
 * @param classes of the cycles of equal length the one is shown that begins with an earlier class
 * @param holds for each class, whether the thread that takes a step holds a lock of it, or runs what others wait for
 *   as for a lock (work, a read section of SRCU)
 */
export function lockOrder<const Class extends string>(
  classes: readonly [Class, ...Class[]],
  holds: () => Readonly<Record<Class, Bool>>,
): WatchedLocks<Class> {
  const lock_acquire = (one: Class): void => {
    const held = holds()
    Ghost(() => {
      for (const outer of classes) Cover(pairName('P-ORDER', outer, one), held[outer])
      Cover('P-ORDER.reached', or(no, ...classes.map((outer) => held[outer])))
    })
  }
  return {
    lock_acquire,
    acquiring(one, take) {
      observingAcquisitions(() => lock_acquire(one), take)
    },
    order: orderOf(oneOf(...classes)),
  }
}
