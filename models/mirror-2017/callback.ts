/**
 * The driver's side of an invalidation: `sync_cpu_device_pagetables`, as it should be and as a driver may get it
 * wrong.
 */
import {
  Acquire,
  and,
  Assert,
  Cover,
  current,
  Ghost,
  If,
  not,
  some,
  Step,
  Thread,
  type Bool,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { DevicePte, down_read, mutex_lock, mutex_unlock, up_read } from 'hmmcheck/kernel'
import { no_use_after_free, no_use_after_kfree } from 'hmmcheck/properties'
import { callback_does, driver_lock } from './fixes.ts'
import { hmm_mirror_register, hmm_mirror_unregister } from './registration.ts'
import { acquiring, driver, lock_acquire, mm, notifiers, owed, walker } from './state.ts'

/**
 * Removes the address from the device page table, under the lock that the fault handler updates it under. For a step:
 * it takes one lock, does one thing, and unlocks. "The device driver must not return from this callback until the
 * device page tables are completely updated (TLBs flushed, etc)": no access through the old entry is under way
 * afterwards.
 */
export function sync_cpu_device_pagetables(device: Id<'Device'>, va: Id<'Va'>, cpu: Id<'Cpu'>): void {
  const { pte, update, bound } = driver.at(device)
  Assert(no_use_after_kfree.property, bound.ne('unbound'), 'mirror->ops in a notifier method: the hmm_mirror was freed')
  If(driver_lock, () => acquiring('driver->update', () => mutex_lock(update)))
  Ghost(() => {
    Cover(no_use_after_kfree.reached)
    Cover(no_use_after_free.reached, pte.at(va).is('present'))
  })
  pte.at(va).set(DevicePte.none)
  Ghost(() => {
    owed.at(cpu).devices.remove(device)
    walker.at(cpu).set(device)
  })
  If(driver_lock, () => mutex_unlock(update))
}

/** The bracket is one of munmap, and another thread reclaims memory: the driver's own worker, which allocates. */
const waits_for = (thread: Id<'Thread'>): Bool =>
  and(mm.mmap_sem.writer.eq(current), thread.ne(current), notifiers.rmap_walkers.has(thread))

/** The forbidden actions of a callback; looked for in those of munmap. */
export function misbehave(device: Id<'Device'>): void {
  If(callback_does.eq('unregister'), () => hmm_mirror_unregister(device))
  If(callback_does.eq('register'), () => {
    hmm_mirror_register(device)
  })
  If(callback_does.eq('wait-for-reclaim'), () => {
    Step('flush_work(&driver->work)', () => {
      lock_acquire('driver->work')
      Acquire(not(some(Thread, waits_for)), waits_for)
    })
  })
}

/** Nor this; looked for in callbacks of the reverse map, whose thread does not hold it. */
export const want_mmap_sem = (): Recorded =>
  If(callback_does.eq('take-mmap-sem'), () => {
    acquiring('mmap_sem', () => down_read(mm.mmap_sem))
    up_read(mm.mmap_sem)
  })
