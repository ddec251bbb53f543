/** The registrar: a driver binds a device to the address space, and unbinds it again (the pattern in hmm.h). */
import {
  Acquire,
  atomic,
  Await,
  Choose,
  Either,
  ForEach,
  Idle,
  If,
  Loop,
  Misuse,
  not,
  or,
  procedure,
  Step,
  threadPer,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, down_write, mm_state, mmget, mmput, mutex_lock, mutex_unlock, up_write, Va } from 'hmmcheck/kernel'
import {
  bind_fails,
  bind_mmget,
  bind_unwinds,
  driver_lock,
  register_mmap_sem,
  unbind_clears,
  unbind_flushes,
  unbound_after_exit,
  unregister_mmap_sem,
  unregister_twice,
} from './fixes.ts'
import { hmm_mirror_register, hmm_mirror_unregister } from './registration.ts'
import { acquiring, clear_device_pte, driver, lock_acquire, mm, Registrar } from './state.ts'

/** Takes everything out of the device page table. For a step, like the callback. */
export function clear_device_page_table(device: Id<'Device'>): void {
  If(driver_lock, () => acquiring('driver->update', () => mutex_lock(driver.at(device).update)))
  ForEach(Va, (va) => clear_device_pte(device, va))
  If(driver_lock, () => mutex_unlock(driver.at(device).update))
}

/** The pattern that hmm.h gives to drivers. */
const bind_pattern = 'hmm.h of 4.20: device_bind_address_space'
const unbind_pattern = 'hmm.h of 4.20: device_unbind_address_space'

const device_bind_address_space = atomic('device_bind_address_space', [], () => {
  const device = Choose('device', Device, (one) => driver.at(one).bound.eq('unbound'))
  If(bind_mmget, () => mmget())
  driver.at(device).bound.set('changing')
  return device
})

const bind = procedure(
  'bind',
  [],
  () => {
    const device = device_bind_address_space()
    If(register_mmap_sem, () => acquiring('mmap_sem', () => down_write(mm.mmap_sem)))
    const registered = hmm_mirror_register(device)
    const returns = (): Recorded =>
      Step('driver->bound = true; up_write(&mm->mmap_sem); mmput(mm)', () => {
        If(registered, () => driver.at(device).bound.set('bound')).Else(() => driver.at(device).bound.set('unbound'))
        If(register_mmap_sem, () => up_write(mm.mmap_sem))
        mmput()
      })
    // What the driver does besides, once its mirror is registered, may fail.
    If(bind_fails, () =>
      Either(returns, () => {
        Step('err: up_write(&mm->mmap_sem)', () => {
          Await(registered)
          If(register_mmap_sem, () => up_write(mm.mmap_sem))
        })
        If(bind_unwinds, () => hmm_mirror_unregister(device))
        Step('kfree(driver); mmput(mm)', () => {
          driver.at(device).bound.set('unbound')
          mmput()
        })
      }),
    ).Else(returns)
  },
  { source: bind_pattern },
)

const device_unbind_address_space = atomic('device_unbind_address_space', [], () => {
  Await(or(not(unbound_after_exit), mm_state.eq('exited')))
  const device = Choose('device', Device, (one) => driver.at(one).bound.eq('bound'))
  driver.at(device).bound.set('changing')
  return device
})

const unbind = procedure(
  'unbind',
  [],
  () => {
    const device = device_unbind_address_space()
    If(unregister_mmap_sem, () => acquiring('mmap_sem', () => down_write(mm.mmap_sem)))
    If(unbind_flushes, () => {
      Step('flush_work(&driver->fault)', () => {
        lock_acquire('driver->fault')
        Acquire(driver.at(device).faults.isNone, (thread) => driver.at(device).faults.eq(thread))
      })
    })
    If(unbind_clears, () => {
      Step('the driver clears the device page table', () => clear_device_page_table(device))
    })
    hmm_mirror_unregister(device)
    If(unregister_twice, () => hmm_mirror_unregister(device))
    Step('kfree(driver); up_write(&mm->mmap_sem)', () => {
      Misuse('freeing a held lock: driver->update', driver.at(device).update.owner.isNone)
      driver.at(device).bound.set('unbound')
      If(unregister_mmap_sem, () => up_write(mm.mmap_sem))
    })
  },
  { source: unbind_pattern },
)

export const registrar = threadPer(Registrar, 'registrar', () => {
  Loop(() => {
    Idle()
    Either(
      () => bind(),
      () => unbind(),
    )
  })
})
