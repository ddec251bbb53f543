/**
 * The end of a process that nouveau mirrors: the release of the notifiers, the page table, the files. The channel of
 * the GPU goes with the last file, which a child may have, too.
 */
import { ForEach, If, Local, no, Source, Step, thread, yes } from 'hmmcheck'
import { exit_mmap, mmput_last, mn_itree_release } from 'hmmcheck/kernel'
import { dmirror_interval_invalidate, invalidate_range_start } from './bracket.ts'
import { classic_list, nouveau_svmm_release } from './classic.ts'
import { last_fput } from './file.ts'
import { release_drops } from './nouveau-fixes.ts'
import { intervals, Range, Sub } from './state.ts'
import { tlb_finish_mmu, unmap_page_range } from './zap.ts'

export const exit_nouveau = thread('exit_nouveau', () => {
  Source('6.12 kernel/fork.c mmput', () => Step('mmput(): the last one', () => mmput_last()))
  exit_mmap({
    // A fault of the device holds mm_users, so that no interval notifier of one is there any more.
    mn_itree_release: () =>
      mn_itree_release(Sub, intervals, (sub, cur_seq) => dmirror_interval_invalidate(sub, Range.all, no, yes, cur_seq)),
    mn_hlist_release: () =>
      Source('6.12 mm/mmu_notifier.c mn_hlist_release', () => {
        If(release_drops, () => ForEach(Sub, (svmm) => nouveau_svmm_release(svmm)))
        Step('hlist_del_init_rcu() of every notifier; synchronize_srcu()', () => classic_list.clear())
      }),
    unmap_vmas: () => {
      const range = Local('range', Range, Range.empty)
      range.set(Range.all)
      invalidate_range_start(range)
      unmap_page_range(range)
    },
    tlb_finish_mmu,
  })
  Source('6.12 kernel/exit.c do_exit', () => {
    Step('exit_files(): the last file of the device, and its channel', () => last_fput())
  })
})
