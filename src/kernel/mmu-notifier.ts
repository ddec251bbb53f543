/**
 * The mmu notifier core, which announces changes to a page table to its subscribers (include/linux/mmu_notifier.h,
 * mm/mmu_notifier.c of 4.13).
 */
import {
  Acquire,
  Assert,
  atomic,
  current,
  ForEach,
  If,
  Misuse,
  not,
  or,
  Return,
  setOf,
  shared,
  Source,
  Step,
  Thread,
  yes,
  type Bool,
  type Id,
  type Nothing,
  type Recorded,
  type SortType,
  type ValueOf,
} from '../language/index.ts'
import { mm_is_alive } from './mm-users.ts'
import type { WatchedLocks } from './lockdep.ts'
import type { Rwsem } from './rwsem.ts'
import { Srcu, srcu_read_lock, srcu_read_unlock, srcuCallbacks, synchronize_srcu } from './srcu.ts'

/** The options of an mmu notifier core: each is what some kernel had or lacked, true where it is left out. */
export interface NotifierOptions {
  /** mm->mmap_sem, which a registration must own for writing. */
  readonly mmap_sem: ValueOf<typeof Rwsem>
  /** Whether mm_take_all_locks() takes them. */
  readonly take_all_locks?: Bool
  /** Whether synchronize_srcu() waits. */
  readonly wait_for_callbacks?: Bool
  /**
   * Whether exit calls `release` of a notifier while it is still in the list (from 3.6 on), or takes it out first.
   * Read by `enter_release`.
   */
  readonly release_before_unlink?: Bool
  /** Whether a notifier may be taken out twice: `hlist_del_init_rcu()`, in place of `hlist_del_rcu()`. */
  readonly unlink_twice?: Bool
  /** Watches the order of locks: called where these are taken or waited for. */
  readonly watch?: Pick<WatchedLocks<'srcu' | 'i_mmap_rwsem'>, 'lock_acquire' | 'acquiring'>
}

/** The same, of objects that are freed by `mmu_notifier_call_srcu`. */
export interface Freeing<Sort extends string> {
  /** Frees an object that `mmu_notifier_call_srcu` was called for. */
  readonly freed?: (subscription: Id<Sort>) => Nothing
}

/** The state of the notifiers of one process. */
function notifierState<Sort extends string>(Subscription: SortType<Sort>, { freed }: Freeing<Sort>) {
  /** mm->mmu_notifier_mm->list */
  const list = shared('mmu_notifier_list', setOf(Subscription))
  /**
   * Notifiers whose registration holds a reference of mm_count. Exit unlinks a notifier but leaves it this reference.
   */
  const mm_count = shared('mm_count', setOf(Subscription))
  const srcu = shared('srcu', Srcu)
  const callbacks = freed && srcuCallbacks(Subscription, 'rcu_heads', { srcu, freed })
  /** Threads that walk the reverse map, with i_mmap_rwsem or an anon_vma lock held for reading. */
  const rmap_walkers = shared('rmap_walkers', setOf(Thread))

  return { list, mm_count, srcu, callbacks, rmap_walkers }
}
type NotifierState<Sort extends string> = ReturnType<typeof notifierState<Sort>>

/** What every method does, and what is asked of the methods that run. */
function methodsOf<Sort extends string>(
  Subscription: SortType<Sort>,
  { list, srcu, callbacks }: NotifierState<Sort>,
  { release_before_unlink = yes }: NotifierOptions,
) {
  return {
    /**
     * Calls a method of every subscription: `hlist_for_each_entry_rcu`. The method is a procedure that begins with
     * `enter` and ends with `leave`.
     */
    for_each: (method: (subscription: Id<Sort>) => Nothing): Recorded => ForEach(Subscription, method),

    /**
     * In the first step of a method: leaves the procedure if the subscription is not in the list, else enters the
     * SRCU read section.
     */
    enter(subscription: Id<Sort>): void {
      If(not(list.has(subscription)), () => Return())
      srcu_read_lock(srcu)
    },
    /**
     * The same for `release`, which exit calls: as it was up to 3.5, the notifier is taken out of the list in this
     * step.
     */
    enter_release(subscription: Id<Sort>): void {
      If(not(list.has(subscription)), () => Return())
      If(not(release_before_unlink), () => list.remove(subscription))
      srcu_read_lock(srcu)
    },
    /** In the last step of a method. */
    leave(): void {
      srcu_read_unlock(srcu)
      callbacks?.reader_left()
    },

    /** The thread runs a method, or `release`. */
    runs_method: (): Bool => srcu.readers.has(current),
    /** No method runs: what mmu_notifier_call_srcu() was given to free has been freed. */
    no_method_runs: (): Bool => srcu.readers.isEmpty,
  }
}

/** Walks of the reverse map, under whose locks brackets run. */
const rmapWalks = <Sort extends string>({ rmap_walkers }: NotifierState<Sort>) => ({
  /**
   * A walk of the reverse map begins; for a step. Only mm_take_all_locks() holds these locks for writing, in one
   * step.
   */
  rmap_lock: (): Recorded => rmap_walkers.add(current),
  /** The walk ends; for a step. */
  rmap_unlock: (): Recorded => rmap_walkers.remove(current),
})

/** How a notifier comes into the list and out of it. */
function registration<Sort extends string>(
  Subscription: SortType<Sort>,
  { list, mm_count, rmap_walkers, callbacks }: NotifierState<Sort>,
  { mmap_sem, take_all_locks = yes, unlink_twice, watch }: NotifierOptions,
) {
  return {
    /**
     * It takes every lock under which a bracket may run, so no bracket is open when the notifier begins to be called.
     */
    __mmu_notifier_register: atomic(
      '__mmu_notifier_register',
      [Subscription],
      (subscription) => {
        Misuse('BUG_ON(mm_users <= 0) in __mmu_notifier_register()', mm_is_alive())
        Misuse(
          'BUG_ON(down_read_trylock(&mm->mmap_sem)) in mm_take_all_locks()',
          or(mmap_sem.writer.isSome, not(mmap_sem.waiters.isEmpty)),
        )
        If(take_all_locks, () => {
          watch?.lock_acquire('i_mmap_rwsem')
          Acquire(rmap_walkers.isEmpty, (thread) => rmap_walkers.has(thread))
        })
        list.add(subscription)
        mm_count.add(subscription)
      },
      { source: '4.13 mm/mmu_notifier.c do_mmu_notifier_register' },
    ),

    /** Unlinks it; methods that run go on running. Without effect if exit has unlinked it. */
    hlist_del_init_rcu: atomic(
      'hlist_del_init_rcu',
      [Subscription],
      (subscription) => {
        if (unlink_twice !== undefined)
          Assert('P-LIFE', or(unlink_twice, list.has(subscription)), 'hlist_del_rcu() of a notifier that is in no list')
        list.remove(subscription)
      },
      { source: '4.13 mm/mmu_notifier.c mmu_notifier_unregister' },
    ),

    /**
     * Frees it once the running methods have returned, without waiting for them; for a step. Only if `freed` is
     * given.
     */
    mmu_notifier_call_srcu(subscription: Id<Sort>): void {
      callbacks?.call_srcu(subscription)
    },

    /** The reference that registration took. */
    mmdrop: atomic('mmdrop', [Subscription], (subscription) => mm_count.remove(subscription), {
      source: '4.13 mm/mmu_notifier.c mmu_notifier_unregister',
    }),
  }
}

/**
 * The notifiers of one process. A subscription (`struct mmu_notifier`) is known by the object it is embedded in.
 *
 * A thread that changes the page table does so in a bracket: `invalidate_range_start` of every subscription, the
 * change, `invalidate_range_end` of every subscription. It holds mmap_sem, or (reclaim, truncate) a lock of the
 * reverse map. Each method runs in an SRCU read section of its own.
 *
 * @param Subscription the sort of the objects that notifiers are embedded in
 * @param options `mmap_sem`, and which checks and waits there are
 */
export function mmuNotifiers<const Sort extends string>(
  Subscription: SortType<Sort>,
  options: NotifierOptions & Freeing<Sort>,
) {
  const { wait_for_callbacks = yes, watch } = options
  const state = notifierState(Subscription, options)
  const { list, mm_count, rmap_walkers, srcu } = state

  /** mmu_notifier_unregister()'s and mmu_notifier_release()'s wait for methods that still run. */
  const wait = (): Recorded =>
    If(wait_for_callbacks, () => {
      const wait_for = (): Recorded => synchronize_srcu(srcu)
      if (watch === undefined) wait_for()
      else watch.acquiring('srcu', wait_for)
    })

  return {
    list,
    mm_count,
    rmap_walkers,
    /** It is called for what changes from now on. */
    is_listed: (subscription: Id<Sort>): Bool => list.has(subscription),
    /** There is no subscription: mm_has_notifiers() is false. */
    is_empty: (): Bool => list.isEmpty,

    ...methodsOf(Subscription, state, options),
    ...rmapWalks(state),
    ...registration(Subscription, state, options),

    /** Waits for the methods that run. */
    wait,

    /**
     * At exit: calls `release` of every subscription, unlinks them all, waits for the methods that run.
     *
     * @param has_release whether there is one: `mn->ops->release` may be NULL
     */
    mmu_notifier_release(release: (subscription: Id<Sort>) => Nothing, has_release: Bool = yes): void {
      Source('4.13 mm/mmu_notifier.c __mmu_notifier_release', () => {
        If(has_release, () => ForEach(Subscription, release))
        Step('hlist_del_init_rcu() of every notifier', () => list.clear())
        wait()
      })
    },
  }
}
