/** A CPU's page fault: handle_mm_fault() of anonymous memory. */
import {
  and,
  Assert,
  atomic,
  Bool,
  Choose,
  Cover,
  current,
  Ghost,
  Held,
  If,
  IfIs,
  IfSome,
  Let,
  Local,
  Match,
  no,
  none,
  not,
  or,
  procedure,
  ref,
  Reused,
  Step,
  yes,
  type Id,
  type Recorded,
  type ValueOf,
} from 'hmmcheck'
import {
  Cpu,
  DevicePte,
  down_read,
  flush_tlb_page,
  is_device_private_entry,
  is_migration_entry,
  is_present_entry,
  leaf_section,
  must_fault,
  Page,
  SwapPte,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { invalidate_range_end, invalidate_range_start } from './brackets.ts'
import {
  anon_none_check,
  collect_keeps_write,
  cpu_tlb,
  fault_holds_reference,
  fault_mmap_sem,
  fault_pte_same,
  forks,
  pins_taken,
  protects,
  pte_lock,
  rmap_bracket,
  swaps,
  wait_check,
  waiter_without_reference,
} from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import {
  alloc_page,
  anon_exclusive,
  contents,
  copied,
  get_page,
  has_free_page,
  held,
  is_free,
  lock_page,
  map_page,
  mapcount,
  mem_map,
  mm,
  page_remove_rmap,
  put_page,
  swap_cache,
  tlb,
  unlock_page,
  vma,
  vmf_page,
  wait_on_page_locked,
  waiter,
} from './state.ts'
import { migrate_to_ram, VmFault } from './to-ram.ts'

/** The end of a fault, for the step that ends it. */
const leave = (): Recorded => If(fault_mmap_sem, () => up_read(mm.mmap_sem))

/** For a write: what may be read and not written is a reason too. */
const page_fault = atomic('page_fault', [], () => {
  const va = Choose('va', Va, (one) => must_fault(mm.pte.at(one), yes))
  returned_unlocked()
  return va
})

/** A new page's first entry, which takes over the reference of the allocation. */
const page_add_new_anon_rmap = (page: Id<'Page'>): void => {
  map_page(page)
  put_page(page)
  If(pins_taken, () => anon_exclusive.add(page))
}

/** The first touch of an address: a page of zeros. */
const do_anonymous_page = procedure(
  'do_anonymous_page',
  [Va, Bool.as('may_write'), ref(VmFault)],
  (va, may_write, ret) => {
    leaf_section('spin_lock(ptl): if (pte_none(*ptep)) set_pte_at(); up_read(&mm->mmap_sem)', pte_lock, () => {
      const still_none = Let('still_none', mm.pte.at(va).is('none'))
      Step('set_pte_at(); up_read(&mm->mmap_sem)', () => {
        If(and(or(still_none, not(anon_none_check)), has_free_page()), () => {
          const page = alloc_page()
          Ghost(() => contents.fill(page, va))
          page_add_new_anon_rmap(page)
          mm.pte.at(va).set(SwapPte.present({ page, write: may_write, dirty: yes }))
        }).Else(() => If(still_none, () => ret.set('VM_FAULT_OOM')))
        leave()
      })
    })
  },
  { source: '6.1 mm/memory.c do_anonymous_page' },
)

/** Waits until whoever moves the page is done with it, and faults again. Up to 5.16 with a reference to the page. */
const migration_entry_wait = procedure(
  'migration_entry_wait',
  [Va, Page],
  (va, page) => {
    Reused(page, 'under the page table lock it is compared with the entry; after that whoever has it may be waited for')
    const waits = Local('waits', Bool, false)
    leaf_section('spin_lock(ptl): is it the same migration entry?', pte_lock, () => {
      const pte = Let('pte', mm.pte.at(va))
      Step('get_page_unless_zero()', () => {
        waits.set(or(is_migration_entry(pte, page), not(wait_check)))
        If(not(waiter_without_reference), () => {
          If(is_free(page), () => waits.set(false))
          If(waits, () => {
            get_page(page)
            waiter.at(current).set(page)
          })
        })
        If(not(waits), leave)
      })
    })
    If(waits, () => {
      Step('wait_on_page_locked(); up_read(&mm->mmap_sem)', () => {
        wait_on_page_locked(page)
        IfSome(waiter.at(current), (waited) => put_page(waited))
        waiter.at(current).set(none)
        leave()
      })
    })
  },
  { source: '6.1 mm/migrate.c migration_entry_wait, mm/filemap.c migration_entry_wait_on_locked' },
)

/** Device memory, which the CPU cannot address: its driver brings the contents back. */
const do_swap_page = procedure(
  'do_swap_page',
  [Cpu, Va, Page, ref(VmFault)],
  (cpu, va, page, ret) => {
    Reused(
      page,
      'under the page table lock it is compared with the entry; without, the variant shows what get_page() takes ' +
        'a reference of',
    )
    const same = Local('same', Bool, true)
    If(fault_holds_reference, () => {
      leaf_section('spin_lock(ptl): if (pte_same()) get_page(vmf->page)', pte_lock, () => {
        const pte = Let('pte', mm.pte.at(va))
        Step('get_page(vmf->page)', () => {
          same.set(or(is_device_private_entry(pte, page), not(fault_pte_same)))
          If(same, () => {
            get_page(page)
            held.at(current).set(page)
            vmf_page.at(cpu).set(DevicePte.present({ page }))
          }).Else(leave)
        })
      })
    })
    If(same, () => {
      Step('vmf->page->pgmap->ops->migrate_to_ram(vmf)', () => {
        Ghost(() => Cover(no_use_after_free.reached))
        Assert(no_use_after_free.property, vmf_page.at(cpu).is('present'), 'vmf->page is a page that was freed')
        vmf_page.at(cpu).set(DevicePte.none)
      })
      migrate_to_ram(va, ret)
      Step('put_page(vmf->page); up_read(&mm->mmap_sem)', () => {
        IfSome(held.at(current), (faulted) => put_page(faulted))
        held.at(current).set(none)
        leave()
      })
    })
  },
  { source: '6.1 mm/memory.c do_swap_page' },
)

/**
 * A page that was swapped out comes back: from the swap cache, whose page it locks and maps, or from the backing
 * store. The entry is clean until a CPU writes.
 */
const do_swap_page_from_swap = procedure(
  'do_swap_page_from_swap',
  [Va, ref(VmFault)],
  (va, ret) => {
    const map = (page: Id<'Page'>): void => {
      map_page(page)
      mm.pte.at(va).set(SwapPte.present({ page, write: yes, dirty: no }))
    }
    Step('swap_cache_get_folio(); or swapin_readahead(): set_pte_at(); up_read(&mm->mmap_sem)', () => {
      IfSome(swap_cache.at(va), (page) => {
        get_page(page)
        held.at(current).set(page)
      }).Else(() => {
        If(and(mm.pte.at(va).is('swap'), has_free_page()), () => {
          const page = alloc_page()
          Ghost(() => contents.fill(page, va))
          swap_cache.at(va).set(page)
          map(page)
        }).Else(() => If(mm.pte.at(va).is('swap'), () => ret.set('VM_FAULT_OOM')))
        leave()
      })
    })
    IfSome(held.at(current), (page) => {
      Held(page, 'the reference of swap_cache_get_folio()')
      lock_page(page)
      Step('spin_lock(ptl): if (pte_same()) set_pte_at(); unlock_page(); put_page(); up_read(&mm->mmap_sem)', () => {
        If(and(mm.pte.at(va).is('swap'), swap_cache.at(va).eq(page)), () => map(page))
        unlock_page(page)
        put_page(page)
        held.at(current).set(none)
        leave()
      })
    })
  },
  { source: '6.1 mm/memory.c do_swap_page' },
)

/** pte_same(): the entry is as the fault has found it, which includes that it may not be written. */
const is_read_only_entry = (pte: ValueOf<typeof SwapPte>, page: Id<'Page'>): Bool =>
  and(is_present_entry(pte, page), must_fault(pte, yes))

/**
 * A write to a page that may only be read, in a vma that may be written. If no one else has the page, it is made
 * writable; else a copy takes its place, in a bracket.
 */
const do_wp_page = procedure(
  'do_wp_page',
  [Va, Page, ref(VmFault)],
  (va, page, ret) => {
    const copies = Local('copies', Bool, false)
    Step(
      'spin_lock(ptl): if (folio_ref_count() == 1) wp_page_reuse(); else wp_page_copy(): copy_user_highpage()',
      () => {
        const same = is_read_only_entry(mm.pte.at(va), page)
        If(and(same, mem_map.at(page).refcount.eq(1), mapcount.at(page).eq(1)), () => {
          mm.pte.at(va).set(SwapPte.present({ page, write: yes, dirty: yes }))
        }).Else(() =>
          If(and(same, has_free_page()), () => {
            const copy = alloc_page()
            Ghost(() => contents.copy(copy, page))
            held.at(current).set(copy)
            get_page(page)
            copied.at(current).set(page)
            copies.set(true)
          }).Else(() => If(same, () => ret.set('VM_FAULT_OOM'))),
        )
        If(not(copies), leave)
      },
    )
    If(copies, () => {
      Step('mmu_notifier_invalidate_range_start(MMU_NOTIFY_CLEAR)', () => invalidate_range_start(va, rmap_bracket))
      Step(
        'spin_lock(ptl): if (pte_same()) ptep_clear_flush(); set_pte_at(); mmu_notifier_invalidate_range_end(); ' +
          'up_read(&mm->mmap_sem)',
        () => {
          IfSome(held.at(current), (copy) => {
            If(is_read_only_entry(mm.pte.at(va), page), () => {
              If(cpu_tlb, () => flush_tlb_page(tlb, va))
              page_remove_rmap(page)
              put_page(page)
              map_page(copy)
              mm.pte.at(va).set(SwapPte.present({ page: copy, write: yes, dirty: yes }))
            })
            put_page(copy)
          })
          held.at(current).set(none)
          IfSome(copied.at(current), (old) => put_page(old))
          copied.at(current).set(none)
          invalidate_range_end(va)
          leave()
        },
      )
    })
  },
  { source: '6.1 mm/memory.c do_wp_page, wp_page_copy' },
)

export const handle_mm_fault = procedure(
  'handle_mm_fault',
  [Cpu],
  (cpu) => {
    const va = page_fault()
    If(fault_mmap_sem, () => down_read(mm.mmap_sem))
    const ret = Local('ret', VmFault, '0')
    const pte = Local('orig_pte', SwapPte)
    const may_write = Local('may_write', Bool, true)
    Step('vmf->orig_pte = *ptep', () => {
      pte.set(mm.pte.at(va))
      may_write.set(not(vma.write_protected))
      If(not(fault_holds_reference), () => {
        IfIs(pte, 'device_private', ({ page }) => vmf_page.at(cpu).set(DevicePte.present({ page })))
      })
      If(and(pte.is('present'), not(may_write), must_fault(pte, yes)), () => ret.set('VM_FAULT_SIGSEGV'))
      If(or(not(must_fault(pte, yes)), and(pte.is('present'), not(may_write))), leave)
    })
    If(and(must_fault(pte, yes), or(not(pte.is('present')), may_write)), () =>
      Match(pte, {
        none: () => do_anonymous_page(va, may_write, ret),
        present: ({ page }) => If(or(forks, protects, not(collect_keeps_write)), () => do_wp_page(va, page, ret)),
        migration: ({ page }) => migration_entry_wait(va, page),
        device_private: ({ page }) => do_swap_page(cpu, va, page, ret),
        swap: () => If(swaps, () => do_swap_page_from_swap(va, ret)),
      }),
    )
    return ret
  },
  { source: '6.1 mm/memory.c handle_pte_fault' },
)
