/**
 * fork(): a child whose page table is a copy, both without the right to write; and the child's end. In between it
 * does nothing.
 */
import {
  Await,
  Either,
  ForEach,
  Ghost,
  Idle,
  If,
  Loop,
  Match,
  no,
  not,
  procedure,
  Step,
  thread,
  yes,
  type Id,
} from 'hmmcheck'
import { down_write, flush_tlb_page, SwapPte, up_write, Va } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start } from './brackets.ts'
import { cpu_tlb, fork_bracket, fork_flush, fork_mmap_sem } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import { child, child_is_whole, copy_one_pte, mm, page_remove_rmap, put_page, tlb } from './state.ts'

const dup_mmap = procedure(
  'dup_mmap',
  [],
  () => {
    Step('fork()', () => {
      Await(not(child.alive))
      returned_unlocked()
      child.alive.set(true)
    })
    If(fork_mmap_sem, () => down_write(mm.mmap_sem))
    Step('copy_page_range(): mmu_notifier_invalidate_range_start(MMU_NOTIFY_PROTECTION_PAGE)', () =>
      ForEach(Va, (va) => invalidate_range_start(va, fork_bracket)),
    )
    ForEach(Va, (va) => copy_one_pte(mm.pte.at(va), child.pte.at(va)))
    If(cpu_tlb, () => {
      Step('mmu_notifier_invalidate_range_end()', () => ForEach(Va, (va) => invalidate_range_end(va)))
      Step('flush_tlb_mm(oldmm); mmap_write_unlock(oldmm)', () => {
        If(fork_flush, () => ForEach(Va, (va) => flush_tlb_page(tlb, va)))
        Ghost(() => child_is_whole.set(yes))
        If(fork_mmap_sem, () => up_write(mm.mmap_sem))
      })
    }).Else(() =>
      Step('mmu_notifier_invalidate_range_end(); mmap_write_unlock(oldmm)', () => {
        ForEach(Va, (va) => invalidate_range_end(va))
        If(fork_mmap_sem, () => up_write(mm.mmap_sem))
      }),
    )
  },
  { source: '6.1 kernel/fork.c dup_mmap' },
)

const zap_child = (va: Id<'Va'>): void => {
  Match(
    child.pte.at(va),
    {
      present: ({ page }) => {
        page_remove_rmap(page)
        put_page(page)
      },
      device_private: ({ page }) => {
        page_remove_rmap(page)
        put_page(page)
      },
    },
    () => undefined,
  )
  child.pte.at(va).set(SwapPte.none)
}

const exit_mmap = procedure(
  'exit_mmap',
  [],
  () => {
    Step('the child exits', () => {
      Await(child.alive)
      Ghost(() => {
        If(cpu_tlb, () => child_is_whole.set(no))
      })
    })
    ForEach(Va, (va) => Step('unmap_vmas()', () => zap_child(va)))
    child.alive.set(false)
  },
  { source: '6.1 mm/mmap.c exit_mmap' },
)

export const fork = thread('fork', () => {
  Loop(() => {
    Idle()
    Either(
      () => dup_mmap(),
      () => exit_mmap(),
    )
  })
})
