/**
 * The end of the process, in its order: exit_mm(), in which exit_mmap() runs if nobody else uses the memory; then
 * exit_files(). The driver learns of the first by its notifiers, and of the second by its file.
 */
import { Await, ForEach, If, no, procedure, Source, Step, thread, yes } from 'hmmcheck'
import {
  driver_release,
  exit_mm,
  exit_mmap,
  mm_state,
  mmget_not_zero,
  mmput_and_exit,
  mn_itree_release,
  Va,
} from 'hmmcheck/kernel'
import { dmirror_interval_invalidate, invalidate_range_end, invalidate_range_start } from './bracket.ts'
import { last_fput } from './file.ts'
import { close_removes, release_pass, unmap_bracket } from './fixes.ts'
import { drop_entry, freed_mirrors, intervals, Range, Sub } from './state.ts'
import { tlb_finish_mmu, zap_pte } from './zap.ts'

const unmap_vmas = (): void => {
  If(unmap_bracket, () => {
    invalidate_range_start(Range.all)
  })
  ForEach(Va, (va) => Step('zap_pte_range(): spin_lock(ptl): ptep_get_and_clear()', () => zap_pte(va)))
  If(unmap_bracket, () => invalidate_range_end())
}

/** The thread in which the last reference of mm_users goes, whichever it is. */
export const mmput = thread('mmput', () => {
  Source('6.1 kernel/fork.c __mmput', () => Step('exit_mmap(mm)', () => Await(mm_state.eq('exiting'))))
  exit_mmap({
    mn_itree_release: () =>
      If(release_pass, () =>
        mn_itree_release(Sub, intervals, (sub, cur_seq) =>
          dmirror_interval_invalidate(sub, Range.all, no, yes, cur_seq),
        ),
      ),
    unmap_vmas,
    tlb_finish_mmu,
  })
})

/**
 * No call can reach the table of the mirror any more, so that the device is without entries from the last fput() on.
 * The eviction of the driver's memory is not modelled here: see device-memory.
 */
const dmirror_fops_release = procedure(
  'dmirror_fops_release',
  [],
  () => {
    Step('exit_files(): the last fput()', () => {
      last_fput()
      ForEach(Sub, (sub) => {
        ForEach(Va, (va) => drop_entry(sub, va))
      })
    })
    driver_release({
      remove: () => ForEach(Sub, (sub) => intervals.mmu_interval_notifier_remove(sub)),
      removes: close_removes,
      free: () => ForEach(Sub, (sub) => freed_mirrors.add(sub)),
      frees: 'xa_destroy(); kfree(dmirror)',
    })
  },
  { source: '6.1 lib/test_hmm.c dmirror_fops_release' },
)

export const do_exit = thread('do_exit', () => {
  exit_mm()
  dmirror_fops_release()
})

/** Somebody else who uses the memory of the process, as a debugger does: its reference may be the last one. */
export const user = thread('user', () => {
  Source('6.1 mm/memory.c access_process_vm', () =>
    If(mmget_not_zero(), () => {
      mmput_and_exit()
    }),
  )
})
