/** The process: its entry is zapped in a bracket that may block, or by the OOM reaper in one that must not. */
import { If, IfIs, Idle, Loop, no, not, procedure, Step, thread, threadPer, yes } from 'hmmcheck'
import { Cpu, mn_itree_invalidate, non_block_end, non_block_start, SwapPte } from 'hmmcheck/kernel'
import { mlx5_ib_invalidate_range } from './callback.ts'
import { intervals, Mr, pages, pte } from './state.ts'

const clear_pte = (): void => {
  Step('ptep_get_and_clear(); put_page()', () =>
    IfIs(pte, 'present', ({ page }) => {
      pages.put_page(page)
      pte.set(SwapPte.none)
    }),
  )
}

const zap_page_range_single = procedure(
  'zap_page_range_single',
  [],
  () => {
    mn_itree_invalidate(Mr, intervals, {
      overlaps: () => yes,
      blockable: yes,
      invalidate: (mr, cur_seq) => mlx5_ib_invalidate_range(mr, yes, cur_seq),
    })
    clear_pte()
    intervals.mn_itree_inv_end()
  },
  { source: '6.12 mm/memory.c zap_page_range_single' },
)

const oom_reap_task_mm = procedure(
  'oom_reap_task_mm',
  [],
  () => {
    Step('non_block_start()', () => non_block_start())
    const refused = mn_itree_invalidate(Mr, intervals, {
      overlaps: () => yes,
      blockable: no,
      invalidate: (mr, cur_seq) => mlx5_ib_invalidate_range(mr, no, cur_seq),
    })
    Step('non_block_end()', () => non_block_end())
    If(not(refused), () => {
      clear_pte()
      intervals.mn_itree_inv_end()
    })
  },
  { source: '6.12 mm/oom_kill.c __oom_reap_task_mm' },
)

/** MADV_DONTNEED, munmap() and others, under mmap_lock for reading like the fault. */
export const zap = threadPer(Cpu, 'zap', () => {
  Loop(() => {
    Idle()
    zap_page_range_single()
  })
})
/** The OOM reaper. */
export const reap = thread('reap', () => {
  Loop(() => {
    Idle()
    oom_reap_task_mm()
  })
})
