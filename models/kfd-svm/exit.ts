/** The end of the process, in its order: the notifiers, the page table, the files. The queues go with the files. */
import { ForEach, If, Local, procedure, Source, Step, thread, yes } from 'hmmcheck'
import { mmput_last, Va } from 'hmmcheck/kernel'
import { in_bracket } from './bracket.ts'
import { kgd2kfd_quiesce_mm } from './callback.ts'
import { release_quiesces } from './fixes.ts'
import { hashed, intervals, Prange, pte, queues_gone } from './state.ts'
import { svm_range_unmap_from_cpu } from './unmap.ts'

/** The bracket of the release: the callback of a range ignores it, or stops the queues. */
const mn_itree_release = procedure(
  'mn_itree_release',
  [],
  () => {
    const cur_seq = Local('cur_seq', intervals.CurSeq)
    const found = intervals.mn_itree_inv_start_range(() => yes, cur_seq)
    ForEach(Prange, (one) => If(found.has(one), () => If(release_quiesces, () => kgd2kfd_quiesce_mm())))
    intervals.mn_itree_inv_end()
  },
  { source: '6.12 mm/mmu_notifier.c mn_itree_release' },
)

const exit_mmap = procedure(
  'exit_mmap',
  [],
  () => {
    mn_itree_release()
    Step('kfd_process_notifier_release(): hash_del_rcu()', () => hashed.set(false))
    ForEach(Va, (va) => in_bracket(va, 'zap_pte_range()', () => pte.at(va).bump(), svm_range_unmap_from_cpu))
  },
  { source: '6.12 mm/mmap.c exit_mmap' },
)

export const exit = thread('exit', () => {
  Source('6.12 kernel/fork.c mmput', () => {
    Step('mmput(): the last one', () => mmput_last())
    exit_mmap()
  })
  Source('6.12 kfd_process.c kfd_process_wq_release', () => {
    Step('exit_files(), and the work that destroys the queues', () => queues_gone.set(true))
  })
})
