/** Entries that lead to no page of memory, and vmas that mirrors must leave alone: how they come and go. */
import { and, atomic, Ghost, If, IfSome, not, procedure, Step, type Block, type Id } from 'hmmcheck'
import { Cpu, down_read, down_write, mmput, ptep_clear_flush, set_pte_at, up_read, up_write } from 'hmmcheck/kernel'
import { grant, process_begins } from './cpu-fault.ts'
import { rmap_walk_begins, type MoreOperations } from './cpu.ts'
import { bracket_is_over, owe, tlb_finish_mmu } from './zap.ts'
import { cpus_also, invalidate_at_start, rmap_lock } from './fixes.ts'
import { under_rmap_lock } from './invalidate.ts'
import {
  acquiring,
  alloc_page,
  bad_vma,
  contents,
  gathered,
  has_free_page,
  mm,
  notifiers,
  special,
  vm_write,
} from './state.ts'

/** In a bracket; it is that of a reverse map walk in what it calls. */
const in_bracket = (va: Id<'Va'>, cpu: Id<'Cpu'>, change: Block): void => {
  under_rmap_lock.mmu_notifier_invalidate_range_start(va, cpu)
  change()
  under_rmap_lock.mmu_notifier_invalidate_range_end(va, cpu)
}

const mmap = atomic('mmap', [], () => process_begins())

/** If nothing is mapped, the vma becomes one of a driver (VM_PFNMAP), or one of ordinary memory again. */
const mmap_region = procedure(
  'mmap_region',
  [],
  () => {
    const va = mmap()
    acquiring('mmap_sem', () => down_write(mm.mmap_sem))
    Step('vma->vm_flags = vm_flags; up_write(&mm->mmap_sem); mmput(mm)', () => {
      If(and(mm.pte.at(va).isNone, special.at(va).eq('none')), () => {
        If(bad_vma.has(va), () => bad_vma.remove(va)).Else(() => bad_vma.add(va))
      })
      up_write(mm.mmap_sem)
      mmput()
    })
  },
  { source: '4.20 mm/mmap.c mmap_region' },
)

const do_fault = atomic('do_fault', [], () => process_begins())

/**
 * A fault in the vma of a driver: it sets an entry that has no struct page. That only gives a right, and is not
 * announced.
 */
const vmf_insert_pfn = procedure(
  'vmf_insert_pfn',
  [],
  () => {
    const va = do_fault()
    acquiring('mmap_sem', () => down_read(mm.mmap_sem))
    Step('vmf_insert_pfn(): set_pte_at(pte_mkspecial()); up_read(&mm->mmap_sem); mmput(mm)', () => {
      If(bad_vma.has(va), () => special.at(va).set('special'))
      up_read(mm.mmap_sem)
      mmput()
    })
  },
  { source: '4.20 mm/memory.c vmf_insert_pfn' },
)

/** A page is taken out, and in the same section of the page table lock something special takes its place. */
const replace = (cpu: Id<'Cpu'>, va: Id<'Va'>, kind: 'poison' | 'device_private'): void => {
  const pte = ptep_clear_flush(mm.pte.at(va))
  mm.writable.remove(va)
  Ghost(() => {
    If(not(invalidate_at_start), () => owe(cpu, va))
  })
  IfSome(pte, (page) => {
    Ghost(() => contents.page_out(page, va))
    special.at(va).set(kind)
    gathered.at(cpu).set(page)
  })
}

const memory_failure = atomic('memory_failure', [], () => rmap_walk_begins())

const hwpoison_user_mappings = procedure(
  'hwpoison_user_mappings',
  [Cpu],
  (cpu) => {
    const va = memory_failure()
    in_bracket(va, cpu, () =>
      Step('spin_lock(ptl): ptep_clear_flush(); set_pte_at(make_hwpoison_entry())', () => replace(cpu, va, 'poison')),
    )
    Step('i_mmap_unlock_read(mapping); put_page(page)', () => {
      tlb_finish_mmu(cpu)
      If(rmap_lock, () => notifiers.rmap_unlock())
    })
  },
  { source: '4.20 mm/memory-failure.c hwpoison_user_mappings' },
)

const migrate_vma_setup = atomic('migrate_vma_setup', [], () => process_begins())

/** The page moves to the memory of a device. In one step what migrate_vma() does in many. */
const migrate_vma = procedure(
  'migrate_vma',
  [Cpu],
  (cpu) => {
    const va = migrate_vma_setup()
    acquiring('mmap_sem', () => down_read(mm.mmap_sem))
    in_bracket(va, cpu, () =>
      Step('spin_lock(ptl): ptep_clear_flush(); set_pte_at(make_device_private_entry())', () =>
        replace(cpu, va, 'device_private'),
      ),
    )
    Step('put_page(page); up_read(&mm->mmap_sem); mmput(mm)', () => {
      tlb_finish_mmu(cpu)
      up_read(mm.mmap_sem)
      mmput()
    })
  },
  { source: '4.20 mm/migrate.c migrate_vma' },
)

const do_swap_page = atomic('do_swap_page', [], () => process_begins())

/** A CPU's fault on memory of a device: it moves back. */
const device_private_entry_fault = procedure(
  'device_private_entry_fault',
  [Cpu],
  (cpu) => {
    const va = do_swap_page()
    acquiring('mmap_sem', () => down_read(mm.mmap_sem))
    in_bracket(va, cpu, () =>
      Step('spin_lock(ptl): if (is_device_private_entry()) set_pte_at(page)', () => {
        If(and(special.at(va).eq('device_private'), has_free_page()), () => {
          const page = alloc_page()
          special.at(va).set('none')
          Ghost(() => contents.fill(page, va))
          set_pte_at(mm.pte.at(va), page)
          grant(va, vm_write.has(va))
        })
        Ghost(() => {
          If(not(invalidate_at_start), () => owe(cpu, va))
        })
      }),
    )
    Step('up_read(&mm->mmap_sem); mmput(mm)', () => {
      Ghost(() => bracket_is_over(cpu))
      up_read(mm.mmap_sem)
      mmput()
    })
  },
  { source: '4.20 mm/memory.c do_swap_page, kernel/memremap.c device_private_entry_fault' },
)

/** Operations of scenarios in which the walk of a mirror finds more than pages. */
export const has_special_entries: MoreOperations = {
  when: cpus_also.eq('special-entries'),
  does: [
    () => mmap_region(),
    () => vmf_insert_pfn(),
    (self) => hwpoison_user_mappings(self),
    (self) => migrate_vma(self),
    (self) => device_private_entry_fault(self),
  ],
}
