/** A driver's callback: it sets the number of its subscription and drops the entry, in one pass or in two. */
import { Bool, If, Local, not, procedure, Return, Step, yes, no, type Id } from 'hmmcheck'
import { mutex_lock, mutex_trylock, mutex_unlock } from 'hmmcheck/kernel'
import { callback_lock, callback_sets_seq, passes } from './fixes.ts'
import { dereference, device_pte, driver_lock, intervals, pte, Sub } from './state.ts'

const zap = (sub: Id<'Sub'>): void => {
  Step('zap_device_range()', () => {
    dereference(sub, 'the callback')
    device_pte.at(sub).mapped.set(false)
    device_pte.at(sub).pte.set(pte.never)
  })
}
const unlock = (): void => {
  If(callback_lock, () => mutex_unlock(driver_lock))
}

/** It may sleep where the bracket is blockable; else it says no where it would have to wait for the lock. */
export const invalidate = procedure(
  'invalidate',
  [Sub, Bool.as('blockable'), intervals.CurSeq.as('cur_seq')],
  (sub, blockable, cur_seq) => {
    If(callback_lock, () =>
      If(blockable, () => mutex_lock(driver_lock)).Else(() => {
        const taken = Local('taken', Bool)
        taken.set(mutex_trylock(driver_lock))
        If(not(taken), () => Return(no))
      }),
    )
    If(callback_sets_seq, () => intervals.mmu_interval_set_seq(sub, cur_seq))
    If(passes.eq('one'), () => zap(sub))
    unlock()
    return yes
  },
  { source: 'Documentation/mm/hmm.rst of 6.1; 7.1 include/linux/mmu_notifier.h invalidate_start' },
)

/** The second pass of 7.1, in which the device is waited for. */
export const invalidate_finish = procedure(
  'invalidate_finish',
  [Sub],
  (sub) => {
    If(callback_lock, () => mutex_lock(driver_lock))
    zap(sub)
    unlock()
  },
  { source: '7.1 include/linux/mmu_notifier.h invalidate_finish' },
)
