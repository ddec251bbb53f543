/** The parts of the protocol: the core, the page table, and a driver's entries, lock and subscriptions. */
import { array, Assert, Bool, Cover, epoch, Ghost, setOf, shared, sort, struct, Thread, type Id } from 'hmmcheck'
import { Mutex, mmuIntervals, Va } from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import {
  end_lock,
  insert_defers,
  insert_invalidates,
  insert_lock,
  read_lock,
  reader_waits,
  remove_defers,
  remove_lock,
  remove_unlinks,
  remove_waits,
  remove_waits_under_lock,
  start_lock,
} from './fixes.ts'

/** struct mmu_interval_notifier, each inside an object of its driver. */
export const Sub = sort('Sub')
/** struct mmu_notifier: an entry of the classic list. */
export const Notifier = sort('Notifier')

/** The page table: an entry is known by when it was changed last. */
export const pte = epoch('pte', Va)
/** The address that a subscription is about: one page. */
export const interval = shared('interval', array(Sub, Va))

/** The driver's own page table: for each subscription the entry of its address. */
export const device_pte = shared('device_pte', array(Sub, struct('device_pte', { mapped: Bool, pte: pte.Sample })))
/** The driver's lock, which its callbacks take. */
export const driver_lock = shared('driver_lock', Mutex)

/** Objects of the driver that exist. */
export const allocated = shared('allocated', setOf(Sub))
/** Of them, those that faults may use. */
export const open_subs = shared('open_subs', setOf(Sub))
/** The threads that use one. */
export const users = shared('users', array(Sub, setOf(Thread)))

/** Goes before every use of the struct of a subscription. */
export const dereference = (sub: Id<'Sub'>, what: string): void => {
  Ghost(() => Cover(no_use_after_kfree.reached))
  Assert(no_use_after_kfree.property, allocated.has(sub), `${what}: the subscription was freed`)
}

export const intervals = mmuIntervals(Sub, {
  locks: { start: start_lock, end: end_lock, insert: insert_lock, remove: remove_lock, read: read_lock },
  wait_under_lock: remove_waits_under_lock,
  insert_invalidates,
  insert_defers,
  remove_defers,
  remove_unlinks,
  remove_waits,
  reader_waits,
  touches: dereference,
})

/** mmap_lock or a lock of the reverse map, held for reading: who changes the page table holds one. */
export const mm_locks = shared('mm_locks', setOf(Thread))
/** vma_start_read(): from 6.4 on a fault may hold the lock of its VMA alone. */
export const vma_locks = shared('vma_locks', setOf(Thread))

/** The brackets that a classic notifier has been told of, and not of their end: mn_active_invalidate_count of KVM. */
export const told = shared('told', array(Notifier, setOf(Thread)))
/** Those that fail where they must not block. They have no `invalidate_range_end`. */
export const failing = shared('failing', setOf(Notifier))
/** Threads that are in a bracket: from before its start until it has ended, or was refused. */
export const brackets = shared('brackets', setOf(Thread))
/** Of them, those in a bracket that must not block. */
export const non_blockable = shared('non_blockable', setOf(Thread))
