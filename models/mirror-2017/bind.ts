/** The registrar: a driver binds a device to the address space, and unbinds it again (the pattern in hmm.h). */
import { atomic, Choose, Either, ForEach, Idle, If, Loop, Misuse, procedure, Step, threadPer, type Id } from 'hmmcheck'
import { Device, DevicePte, down_write, mmget, mmput, mutex_lock, mutex_unlock, up_write, Va } from 'hmmcheck/kernel'
import {
  bind_mmget,
  driver_lock,
  register_mmap_sem,
  unbind_clears,
  unregister_mmap_sem,
  unregister_twice,
} from './fixes.ts'
import { hmm_mirror_register, hmm_mirror_unregister } from './registration.ts'
import { acquiring, driver, mm, Registrar } from './state.ts'

/** Takes everything out of the device page table. For a step, like the callback. */
export function clear_device_page_table(device: Id<'Device'>): void {
  If(driver_lock, () => acquiring('driver->update', () => mutex_lock(driver.at(device).update)))
  ForEach(Va, (va) => driver.at(device).pte.at(va).set(DevicePte.none))
  If(driver_lock, () => mutex_unlock(driver.at(device).update))
}

/** The pattern that hmm.h gives to drivers. */
const bind_pattern = 'hmm.h of 03/15: device_bind_address_space'
const unbind_pattern = 'hmm.h of 03/15: device_unbind_address_space'

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
    Step('driver->bound = true; up_write(&mm->mmap_sem); mmput(mm)', () => {
      If(registered, () => driver.at(device).bound.set('bound')).Else(() => driver.at(device).bound.set('unbound'))
      If(register_mmap_sem, () => up_write(mm.mmap_sem))
      mmput()
    })
  },
  { source: bind_pattern },
)

const device_unbind_address_space = atomic('device_unbind_address_space', [], () => {
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
