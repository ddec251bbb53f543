/**
 * The driver's side of an invalidation: `sync_cpu_device_pagetables`, as it should be and as a driver may get it
 * wrong.
 */
import {
  Acquire,
  and,
  Assert,
  Bool,
  Choose,
  Cover,
  current,
  Ghost,
  If,
  Local,
  not,
  procedure,
  some,
  Step,
  Thread,
  type Id,
  type Recorded,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  down_read,
  mmget_not_zero,
  mmput_and_exit,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_free, no_use_after_kfree } from 'hmmcheck/properties'
import { callback_does, callback_trylock, driver_lock } from './fixes.ts'
import { hmm_mirror_register, hmm_mirror_unregister } from './registration.ts'
import { acquiring, clear_device_pte, driver, lock_acquire, mm, notifiers, owed, walker } from './state.ts'

const is_alive = (device: Id<'Device'>): Recorded =>
  Assert(
    no_use_after_kfree.property,
    driver.at(device).bound.ne('unbound'),
    'mirror->ops in a notifier method: the hmm_mirror was freed',
  )

/** Under the driver's lock. */
function update_device_page_table(device: Id<'Device'>, va: Id<'Va'>, cpu: Id<'Cpu'>): void {
  Ghost(() => {
    Cover(no_use_after_kfree.reached)
    Cover(no_use_after_free.reached, driver.at(device).pte.at(va).is('present'))
  })
  If(callback_does.eq('give-up'), () => {
    const has_memory = Choose('has_memory', Bool)
    If(has_memory, () => clear_device_pte(device, va))
  }).Else(() => clear_device_pte(device, va))
  Ghost(() => {
    owed.at(cpu).devices.remove(device)
    walker.at(cpu).set(device)
  })
}

/**
 * Removes the address from the device page table, under the lock that the fault handler updates it under. For a step:
 * it takes one lock, does one thing, and unlocks. "The device driver must not return from this callback until the
 * device page tables are completely updated (TLBs flushed, etc)": no access through the old entry is under way
 * afterwards.
 */
export function sync_cpu_device_pagetables(device: Id<'Device'>, va: Id<'Va'>, cpu: Id<'Cpu'>): void {
  is_alive(device)
  If(driver_lock, () => acquiring('driver->update', () => mutex_lock(driver.at(device).update)))
  update_device_page_table(device, va, cpu)
  If(driver_lock, () => mutex_unlock(driver.at(device).update))
}

/**
 * The same where it must not sleep: whether it was done. If it would have to wait for the lock it is not, and the
 * callback returns -EAGAIN.
 */
export const sync_cpu_device_pagetables_nonblock = procedure(
  'sync_cpu_device_pagetables_nonblock',
  [Device, Va, Cpu],
  (device, va, cpu) => {
    const done = Local('done', Bool, true)
    Step('mirror->ops->sync_cpu_device_pagetables(mirror, &update): blockable is false', () => {
      is_alive(device)
      If(driver_lock, () => {
        If(callback_trylock, () => {
          const taken = mutex_trylock(driver.at(device).update)
          done.set(taken)
        }).Else(() => acquiring('driver->update', () => mutex_lock(driver.at(device).update)))
      })
      If(done, () => {
        update_device_page_table(device, va, cpu)
        If(driver_lock, () => mutex_unlock(driver.at(device).update))
      })
    })
    return done
  },
  { source: 'hmm.h of 4.20: sync_cpu_device_pagetables' },
)

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

/**
 * Nor this; looked for in callbacks of the reverse map, whose thread holds neither mmap_sem nor a reference of
 * mm_users. The reference that the callback takes may be the last when it drops it: exit_mmap() waits for the methods
 * that run, of which this is one, and for the locks of the walk.
 */
export const want_the_mm = (): void => {
  If(callback_does.eq('take-mmap-sem'), () => {
    acquiring('mmap_sem', () => down_read(mm.mmap_sem))
    up_read(mm.mmap_sem)
  })
  If(callback_does.eq('mmput'), () => {
    const taken = mmget_not_zero()
    If(taken, () => mmput_and_exit())
  })
}
