/** Who takes memory away: MADV_DONTNEED, and the OOM reaper, which must not block. */
import {
  Bool,
  current,
  ForEach,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  Match,
  no,
  not,
  procedure,
  Source,
  Step,
  thread,
  threadPer,
  type Id,
  type SetPlace,
} from 'hmmcheck'
import { for_each_address, mmget, mmput, Page, SwapPte, Va } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start, taken_away } from './bracket.ts'
import { exits } from './fixes.ts'
import { fault_locks_mmap } from './fork-fixes.ts'
import { contents, mm, reading_mm } from './processes.ts'
import { choose_range, gather, page_remove_rmap, put_page, Range, Zapper } from './state.ts'

/**
 * One entry: a page that CPUs may have cached is put when they have forgotten it; device memory is put at once; a
 * migration entry holds nothing, and needs no page lock.
 */
export const zap_pte = (va: Id<'Va'>): void => {
  Match(
    mm.pte.at(va),
    {
      present: ({ page }) => {
        taken_away(va, page)
        page_remove_rmap(page)
        gather.at(current).add(page)
      },
      device_private: ({ page }) => {
        taken_away(va, page)
        page_remove_rmap(page)
        put_page(page)
      },
    },
    () => undefined,
  )
  mm.pte.at(va).set(SwapPte.none)
  Ghost(() => contents.discard('parent', va))
}

/** All of a range, and the end of the bracket around it. */
export const unmap_page_range = (range: Parameters<typeof for_each_address>[0]): void => {
  for_each_address(range, (va) => Step('zap_pte_range(): spin_lock(ptl): ptep_get_and_clear()', () => zap_pte(va)))
  invalidate_range_end()
}

/** For a step: what was unmapped is put. */
export const tlb_finish_mmu = (): void => {
  ForEach(Page, (page) => If(gather.at(current).has(page), () => put_page(page)))
  gather.at(current).clear()
}

const zap_range = (range: Parameters<typeof for_each_address>[0]): void => {
  unmap_page_range(range)
  Step('tlb_finish_mmu()', tlb_finish_mmu)
}

const range_of_call = (): SetPlace<typeof Va> => {
  const range = Local('range', Range)
  Step('mmu_notifier_range_init(MMU_NOTIFY_CLEAR)', () => {
    choose_range(range)
    If(exits, () => mmget())
  })
  return range
}

const zap_page_range = procedure(
  'zap_page_range',
  [],
  () => {
    const range = range_of_call()
    reading_mm(fault_locks_mmap, () => {
      invalidate_range_start(range)
      zap_range(range)
    })
  },
  { source: '6.1 mm/memory.c zap_page_range_single' },
)

const oom_reap_task_mm = procedure(
  'oom_reap_task_mm',
  [],
  () => {
    const range = range_of_call()
    const refused = Local('refused', Bool, false)
    refused.set(invalidate_range_start(range, { blockable: no }))
    If(not(refused), () => zap_range(range))
  },
  { source: '6.1 mm/oom_kill.c __oom_reap_task_mm' },
)

export const dontneed = threadPer(Zapper, 'dontneed', () => {
  Loop(() => {
    Idle()
    Source('6.12 mm/madvise.c do_madvise', () => {
      zap_page_range()
      // The process does not exit while one of its threads runs.
      If(exits, () => Step('mmput()', () => mmput()))
    })
  })
})
export const reap = thread('reap', () => {
  Loop(() => {
    Idle()
    oom_reap_task_mm()
  })
})
