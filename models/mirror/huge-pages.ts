/**
 * Huge pages: khugepaged takes the page table of a file's mapping away, and a migration unmaps through a PMD
 * (mm/khugepaged.c, mm/huge_memory.c).
 */
import { atomic, If, procedure, Step, type Id, type Recorded } from 'hmmcheck'
import { Cpu, non_block_end, non_block_start } from 'hmmcheck/kernel'
import { rmap_walk_begins, type MoreOperations } from './cpu.ts'
import { tlb_finish_mmu, zap_pte } from './zap.ts'
import { bracket_outside_ptl, collapse_brackets, cpus_also, rmap_lock } from './fixes.ts'
import { under_rmap_lock } from './invalidate.ts'
import { notifiers } from './state.ts'

const { mmu_notifier_invalidate_range_start, mmu_notifier_invalidate_range_end } = under_rmap_lock

/** The page leaves, and so does the lock under which it was found. */
const finish = (cpu: Id<'Cpu'>): Recorded =>
  Step('i_mmap_unlock_write(mapping); put_page(page)', () => {
    tlb_finish_mmu(cpu)
    If(rmap_lock, () => notifiers.rmap_unlock())
  })

const collapse_file = atomic('collapse_file', [], () => rmap_walk_begins())

/** The huge page has the contents of the small one, which is freed; whoever faults next finds the huge one. */
const retract_page_tables = procedure(
  'retract_page_tables',
  [Cpu],
  (cpu) => {
    const va = collapse_file()
    If(collapse_brackets, () => mmu_notifier_invalidate_range_start(va, cpu))
    zap_pte(cpu, va, true)
    If(collapse_brackets, () => mmu_notifier_invalidate_range_end(va, cpu))
    finish(cpu)
  },
  { source: '4.20 mm/khugepaged.c retract_page_tables' },
)

const try_to_unmap_one = atomic('try_to_unmap_one', [], () => rmap_walk_begins())

/** With the PMD's lock held, a spinlock: a bracket that opens here opens where sleeping is not allowed. */
const set_pmd_migration_entry = procedure(
  'set_pmd_migration_entry',
  [Cpu],
  (cpu) => {
    const va = try_to_unmap_one()
    If(bracket_outside_ptl, () => mmu_notifier_invalidate_range_start(va, cpu))
    Step('page_vma_mapped_walk(): spin_lock(pmd_lockptr())', () => non_block_start())
    If(bracket_outside_ptl, () => zap_pte(cpu, va, true)).Else(() => {
      mmu_notifier_invalidate_range_start(va, cpu)
      zap_pte(cpu, va, true)
      mmu_notifier_invalidate_range_end(va, cpu)
    })
    Step('page_vma_mapped_walk_done(): spin_unlock(pmd_lockptr())', () => non_block_end())
    If(bracket_outside_ptl, () => mmu_notifier_invalidate_range_end(va, cpu))
    finish(cpu)
  },
  { source: '4.20 mm/huge_memory.c set_pmd_migration_entry' },
)

export const has_huge_pages: MoreOperations = {
  when: cpus_also.eq('huge-pages'),
  does: [(self) => retract_page_tables(self), (self) => set_pmd_migration_entry(self)],
}
