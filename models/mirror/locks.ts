/**
 * The locks that every operation leaves behind: none. Also the locks that hmm_vma_fault() leaves, on which the driver's
 * next step depends.
 */
import { and, Assert, current, every, implies, not, type Bool, type Recorded } from 'hmmcheck'
import { Device, holds_rwsem } from 'hmmcheck/kernel'
import { returns_unlocked } from 'hmmcheck/properties'
import { device_fault_mmap_sem } from './fixes.ts'
import { driver, hmm, Hmm, mm } from './state.ts'

const holds_no_lock = (): Bool =>
  and(
    not(holds_rwsem(mm.mmap_sem, current)),
    every(Hmm, (one) => not(holds_rwsem(hmm.at(one).mirrors_sem, current))),
    every(Device, (device) => driver.at(device).update.owner.ne(current)),
  )

/** For the step that begins an operation: the one before has given back every lock. */
export const returned_unlocked = (): Recorded =>
  Assert(returns_unlocked.property, holds_no_lock(), 'an operation returned with a lock held')

/** For the step in which a function returns with mmap_sem held, says its description. */
export const returns_locked = (message: string): Recorded =>
  Assert(returns_unlocked.property, implies(device_fault_mmap_sem, holds_rwsem(mm.mmap_sem, current)), message)
