/**
 * mprotect(): the vma may be written or not; what stands in the page table loses the permission with it, and faults
 * give it back.
 */
import {
  atomic,
  Choose,
  ForEach,
  Idle,
  If,
  Loop,
  Match,
  no,
  Bool,
  procedure,
  Step,
  thread,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { down_write, flush_tlb_page, SwapPte, up_write, Va } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start } from './brackets.ts'
import { cpu_tlb, mprotect_bracket, mprotect_mmap_sem, mprotect_protects_entries } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import { mm, tlb, vma } from './state.ts'

/** change_pte_range(): one entry, under the page table lock. */
const protect = (va: Id<'Va'>): Recorded =>
  Match(
    mm.pte.at(va),
    {
      present: ({ page, dirty }) => mm.pte.at(va).set(SwapPte.present({ page, write: no, dirty })),
      migration: ({ page }) =>
        If(mprotect_protects_entries, () => mm.pte.at(va).set(SwapPte.migration({ page, write: no }))),
      device_private: ({ page }) =>
        If(mprotect_protects_entries, () => mm.pte.at(va).set(SwapPte.device_private({ page, write: no }))),
    },
    () => undefined,
  )

const do_mprotect = atomic('do_mprotect', [], () => {
  const write_protected = Choose('write_protected', Bool)
  returned_unlocked()
  return write_protected
})

const mprotect_fixup = procedure(
  'mprotect_fixup',
  [],
  () => {
    const write_protected = do_mprotect()
    If(mprotect_mmap_sem, () => down_write(mm.mmap_sem))
    Step('vma->vm_flags = newflags', () => {
      vma.write_protected.set(write_protected)
      vma.changing.set(write_protected)
    })
    If(write_protected, () => {
      Step('change_pmd_range(): mmu_notifier_invalidate_range_start(MMU_NOTIFY_PROTECTION_VMA)', () =>
        ForEach(Va, (va) => invalidate_range_start(va, mprotect_bracket)),
      )
      ForEach(Va, (va) => Step('change_pte_range(): spin_lock(ptl): ptep_modify_prot_commit()', () => protect(va)))
    })
    Step('mmu_notifier_invalidate_range_end(); tlb_finish_mmu(); mmap_write_unlock(mm)', () => {
      ForEach(Va, (va) => {
        invalidate_range_end(va)
        If(cpu_tlb, () => flush_tlb_page(tlb, va))
      })
      vma.changing.set(false)
      If(mprotect_mmap_sem, () => up_write(mm.mmap_sem))
    })
  },
  { source: '6.1 mm/mprotect.c mprotect_fixup' },
)

export const mprotect = thread('mprotect', () => {
  Loop(() => {
    Idle()
    mprotect_fixup()
  })
})
