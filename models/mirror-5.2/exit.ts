/** The end of the process: its own reference goes, and with the last one its memory. */
import { Device, exit_begins, mm_state, mmput_of_process, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { ForEach, If, Source, Step, thread } from 'hmmcheck'
import { release_drops, release_locks } from './fixes.ts'
import { device_pte, driver_lock, pte } from './state.ts'

export const exit = thread('exit', () => {
  Source('5.3 kernel/exit.c exit_mm', () => Step('mmput() of the process', () => mmput_of_process()))
  Source('5.3 mm/hmm.c hmm_release; kernel/fork.c exit_mmap', () => {
    Step('exit_mmap(): mmu_notifier_release()', () => exit_begins())
    If(release_locks, () => mutex_lock(driver_lock))
    Step('mirror->ops->release()', () =>
      If(release_drops, () =>
        ForEach(Device, (one) => {
          device_pte.at(one).mapped.set(false)
          device_pte.at(one).pte.set(pte.never)
        }),
      ),
    )
    If(release_locks, () => mutex_unlock(driver_lock))
    Step('unmap_vmas(); free_pgtables(): nobody is called any more', () => {
      pte.bump()
      mm_state.set('exited')
    })
  })
})
