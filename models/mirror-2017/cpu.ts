/**
 * A CPU: threads of the process on it fault, read, write and unmap; the kernel on it takes pages of the process away
 * (reclaim, truncate).
 */
import {
  Ahead,
  Assert,
  atomic,
  Await,
  Bool,
  Choose,
  Cover,
  Either,
  Ghost,
  Goto,
  Here,
  Idle,
  If,
  IfSome,
  implies,
  Let,
  Loop,
  and,
  none,
  not,
  or,
  procedure,
  setOf,
  some,
  Source,
  Step,
  threadPer,
  whenSome,
  type Id,
  type Recorded,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  down_read,
  down_write,
  leaf_section,
  mm_is_alive,
  mmget,
  mmput,
  points_to,
  ptep_clear_flush,
  set_pte_at,
  up_read,
  up_write,
  Va,
} from 'hmmcheck/kernel'
import { agree, newest_value, no_use_after_free, referenced } from 'hmmcheck/properties'
import {
  fault_mmap_sem,
  invalidate_at_start,
  munmap_mmap_sem,
  pte_lock,
  pte_none_check,
  rmap_brackets,
  rmap_lock,
} from './fixes.ts'
import { under_mmap_sem, under_rmap_lock } from './invalidate.ts'
import { returned_unlocked } from './locks.ts'
import {
  acquiring,
  alloc_page,
  bracket,
  contents,
  driver,
  gathered,
  has_free_page,
  is_free,
  is_registered,
  mm,
  notifiers,
  owed,
  put_page,
} from './state.ts'

/** A thread of the process does something at an address. */
function process_begins(): Id<'Va'> {
  const va = Choose('va', Va)
  mmget()
  returned_unlocked()
  return va
}

const page_fault = atomic('page_fault', [], () => process_begins())

const handle_mm_fault = procedure(
  'handle_mm_fault',
  [Cpu],
  (cpu) => {
    const va = page_fault()
    If(fault_mmap_sem, () => acquiring('mmap_sem', () => down_read(mm.mmap_sem)))
    Step('do_anonymous_page(): if (pte_none(*ptep)) page = alloc_page()', () => {
      If(and(mm.pte.at(va).isNone, has_free_page()), () => {
        const page = alloc_page()
        gathered.at(cpu).set(page)
      })
    })
    leaf_section(
      'do_anonymous_page(): spin_lock(ptl): if (pte_none(*ptep)) set_pte_at(); up_read(&mm->mmap_sem); mmput(mm)',
      pte_lock,
      () => {
        const still_none = Let('still_none', mm.pte.at(va).isNone)
        Step('set_pte_at()', () => {
          IfSome(gathered.at(cpu), (page) => {
            If(or(still_none, not(pte_none_check)), () => {
              Ghost(() => {
                Cover(agree.reached, some(Device, is_registered))
                contents.fill(page, va)
              })
              set_pte_at(mm.pte.at(va), page)
            }).Else(() => put_page(page))
          })
          gathered.at(cpu).set(none)
        })
        Step('up_read(&mm->mmap_sem); mmput(mm)', () => {
          If(fault_mmap_sem, () => up_read(mm.mmap_sem))
          mmput()
        })
      },
    )
  },
  { source: '4.13 mm/memory.c do_anonymous_page' },
)

/** The page table changes, and the devices that are called afterwards are owed that call. */
const owe = (cpu: Id<'Cpu'>, va: Id<'Va'>): Recorded =>
  Ghost(() => {
    owed.at(cpu).va.set(va)
    owed.at(cpu).devices.set(setOf(Device).all)
  })

/** The page that was taken out of the page table is freed now, if it was not before; nothing of the bracket is left. */
const tlb_finish_mmu = (cpu: Id<'Cpu'>): void => {
  IfSome(gathered.at(cpu), (page) => put_page(page))
  gathered.at(cpu).set(none)
  Ghost(() => {
    bracket.at(cpu).va.set(none)
    bracket.at(cpu).announced.clear()
    bracket.at(cpu).answered.set(false)
  })
}

/**
 * A bracket: announce, change, announce the end. The page may be freed as soon as it is out of the page table, or
 * after the bracket.
 *
 * @param kept whether the contents outlive the mapping, as when the reverse map leads here (reclaim, truncate), or
 *   are gone with it, as in munmap
 */
const unmap_in_bracket = (cpu: Id<'Cpu'>, va: Id<'Va'>, kept: boolean): void => {
  const { mmu_notifier_invalidate_range_start, mmu_notifier_invalidate_range_end } = kept
    ? under_rmap_lock
    : under_mmap_sem
  mmu_notifier_invalidate_range_start(va, cpu)
  Step('spin_lock(ptl): pte = ptep_clear_flush(ptep)', () => {
    const freed_at_once = Choose('freed_at_once', Bool, (at_once) => implies(at_once, mm.pte.at(va).isSome))
    const pte = ptep_clear_flush(mm.pte.at(va))
    Ghost(() => {
      If(not(invalidate_at_start), () => owe(cpu, va))
    })
    IfSome(pte, (page) => {
      if (kept) Ghost(() => contents.page_out(page, va))
      If(freed_at_once, () => {
        Ghost(() => Cover(referenced.reached))
        put_page(page)
      }).Else(() => gathered.at(cpu).set(page))
    })
    if (!kept) Ghost(() => contents.discard(va))
  })
  mmu_notifier_invalidate_range_end(va, cpu)
}

const munmap = atomic('munmap', [], () => process_begins())

const do_munmap = procedure(
  'do_munmap',
  [Cpu],
  (cpu) => {
    const va = munmap()
    If(munmap_mmap_sem, () => acquiring('mmap_sem', () => down_write(mm.mmap_sem)))
    unmap_in_bracket(cpu, va, false)
    Step('tlb_finish_mmu(); up_write(&mm->mmap_sem); mmput(mm)', () => {
      tlb_finish_mmu(cpu)
      If(munmap_mmap_sem, () => up_write(mm.mmap_sem))
      mmput()
    })
  },
  { source: '4.13 mm/mmap.c do_munmap' },
)

const rmap_walk = atomic('rmap_walk', [], () => {
  const va = Choose('va', Va)
  returned_unlocked()
  If(rmap_lock, () => notifiers.rmap_lock())
  return va
})

/**
 * try_to_unmap_one() up to 4.13: the entry is cleared first, then announced. Its caller holds a reference to the page
 * until the end.
 */
const unmap_then_invalidate_page = (cpu: Id<'Cpu'>, va: Id<'Va'>): void => {
  Step('spin_lock(ptl): pte = ptep_clear_flush(ptep)', () => {
    const pte = ptep_clear_flush(mm.pte.at(va))
    Ghost(() => owe(cpu, va))
    IfSome(pte, (page) => {
      Ghost(() => contents.page_out(page, va))
      gathered.at(cpu).set(page)
    })
  })
  under_rmap_lock.mmu_notifier_invalidate_page(va, cpu)
}

/** Reclaim, migration, truncate: they come from the page, by the reverse map, and know nothing of mmap_sem. */
const try_to_unmap = procedure(
  'try_to_unmap',
  [Cpu],
  (cpu) => {
    const finish = Ahead('finish')
    const va = rmap_walk()
    If(not(rmap_brackets), () => {
      Either(
        () => {
          unmap_then_invalidate_page(cpu, va)
          Goto(finish)
        },
        () => undefined,
      )
    })
    unmap_in_bracket(cpu, va, true)
    Here(finish)
    Step('i_mmap_unlock_read(mapping); put_page(page)', () => {
      tlb_finish_mmu(cpu)
      If(rmap_lock, () => notifiers.rmap_unlock())
    })
  },
  { source: '4.13 mm/rmap.c try_to_unmap_one, mm/memory.c unmap_mapping_range' },
)

const cpu_reads = (): Recorded =>
  Step('the CPU reads', () => {
    Await(mm_is_alive())
    const va = Choose('va', Va, (one) => mm.pte.at(one).isSome)
    Assert(
      no_use_after_free.property,
      whenSome(mm.pte.at(va), (page) => not(is_free(page))),
      'the CPU reads a page that was freed',
    )
    Assert(newest_value.property, whenSome(mm.pte.at(va), contents.is_newest), 'the CPU reads an old value')
  })

const cpu_writes = (): Recorded =>
  Step('the CPU writes', () => {
    Await(mm_is_alive())
    const va = Choose('va', Va, (one) => mm.pte.at(one).isSome)
    Assert(
      no_use_after_free.property,
      whenSome(mm.pte.at(va), (page) => not(is_free(page))),
      'the CPU writes a page that was freed',
    )
    Ghost(() => {
      IfSome(mm.pte.at(va), (page) => {
        Cover(
          newest_value.reached,
          some(Device, (device) => points_to(driver.at(device).pte.at(va), page)),
        )
        contents.write(page, va)
      })
    })
  })

export const cpu = threadPer(Cpu, 'cpu', (self) => {
  Loop(() => {
    Idle()
    Either(
      () => handle_mm_fault(self),
      () => Source('the CPU', cpu_reads),
      () => Source('the CPU', cpu_writes),
      () => do_munmap(self),
      () => try_to_unmap(self),
    )
  })
})
