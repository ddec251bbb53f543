/**
 * A CPU: threads of the process on it fault, read, write, unmap and protect; the kernel on it takes pages of the
 * process away (reclaim, truncate).
 * In the mirror of 4.14 to 5.1.
 */
import {
  Ahead,
  and,
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
  Local,
  Loop,
  no,
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
  type Block,
  type Id,
  type Nothing,
  type Recorded,
  type ThreadDefinition,
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
import {
  agree,
  granted_by_vma,
  newest_value,
  no_use_after_free,
  private_after_fork,
  referenced,
} from 'hmmcheck/properties'
import {
  cpus_also,
  fault_mmap_sem,
  invalidate_at_start,
  mprotect_mmap_sem,
  munmap_mmap_sem,
  pte_lock,
  pte_none_check,
  rmap_brackets,
  rmap_lock,
  stable_check,
} from './fixes.ts'
import { under_mmap_sem, under_rmap_lock, write_protecting } from './invalidate.ts'
import { returned_unlocked } from './locks.ts'
import {
  acquiring,
  alloc_page,
  bad_vma,
  bracket,
  contents,
  driver,
  gathered,
  has_free_page,
  is_free,
  is_registered,
  mem_map,
  mm,
  mm_is_unstable,
  notifiers,
  owed,
  put_page,
  reaped,
  special,
  vm_write,
} from './state.ts'

/** A thread of the process does something at an address. */
export function process_begins(): Id<'Va'> {
  const va = Choose('va', Va)
  mmget()
  returned_unlocked()
  return va
}

/** pte_none(), in a vma of ordinary memory. */
export const is_empty = (va: Id<'Va'>): Bool =>
  and(mm.pte.at(va).isNone, special.at(va).eq('none'), not(bad_vma.has(va)))

const page_fault = atomic('page_fault', [], () => process_begins())

/** Nobody else maps the page that the entry leads to. */
export const is_sole_owner = (va: Id<'Va'>): Bool => whenSome(mm.pte.at(va), (page) => mem_map.at(page).refcount.eq(1))

/**
 * An entry gets a right, under the page table lock; by the rights of the vma as they were when the fault looked it up.
 * A page that is shared with a child is copied first, and gets it then.
 */
export const grant = (va: Id<'Va'>, prot: Bool): Recorded =>
  If(and(prot, is_sole_owner(va)), () => {
    Assert(granted_by_vma.property, vm_write.has(va), 'the CPU page table gets a right that the vma does not have')
    mm.writable.add(va)
  })

/** check_stable_address_space(): what the OOM reaper takes away is not brought in anew. */
const is_stable = (): Bool => not(and(cpus_also.eq('oom-write'), stable_check, mm_is_unstable))

const handle_mm_fault = procedure(
  'handle_mm_fault',
  [Cpu],
  (cpu) => {
    const va = page_fault()
    const prot = Local('prot', Bool)
    If(fault_mmap_sem, () => acquiring('mmap_sem', () => down_read(mm.mmap_sem)))
    Step('find_vma(); do_anonymous_page(): if (pte_none(*ptep)) page = alloc_page()', () => {
      prot.set(vm_write.has(va))
      If(and(is_empty(va), has_free_page()), () => {
        const page = alloc_page()
        gathered.at(cpu).set(page)
      })
    })
    leaf_section(
      'spin_lock(ptl): do_anonymous_page() or wp_page_reuse(); up_read(&mm->mmap_sem); mmput(mm)',
      pte_lock,
      () => {
        const still_none = Let('still_none', is_empty(va))
        Step('set_pte_at()', () => {
          IfSome(gathered.at(cpu), (page) => {
            If(and(or(still_none, not(pte_none_check)), is_stable()), () => {
              Ghost(() => {
                Cover(agree.reached, some(Device, is_registered))
                contents.fill(page, va)
              })
              set_pte_at(mm.pte.at(va), page)
            }).Else(() => put_page(page))
          })
          gathered.at(cpu).set(none)
          If(mm.pte.at(va).isSome, () => grant(va, prot))
        })
        Step('up_read(&mm->mmap_sem); mmput(mm)', () => {
          If(fault_mmap_sem, () => up_read(mm.mmap_sem))
          mmput()
        })
      },
    )
  },
  { source: '4.14 mm/memory.c handle_mm_fault' },
)

/** The page table changes, and the devices that are called afterwards are owed that call. */
export const owe = (cpu: Id<'Cpu'>, va: Id<'Va'>): Recorded =>
  Ghost(() => {
    owed.at(cpu).va.set(va)
    owed.at(cpu).devices.set(setOf(Device).all)
  })

/** Nothing of the bracket is left. */
export const bracket_is_over = (cpu: Id<'Cpu'>): Recorded =>
  Ghost(() => {
    bracket.at(cpu).va.set(none)
    bracket.at(cpu).announced.clear()
    bracket.at(cpu).protects.set(false)
    bracket.at(cpu).answered.set(false)
  })

/** The page that was taken out of the page table is freed now, if it was not before. */
export const tlb_finish_mmu = (cpu: Id<'Cpu'>): void => {
  IfSome(gathered.at(cpu), (page) => put_page(page))
  gathered.at(cpu).set(none)
  Ghost(() => bracket_is_over(cpu))
}

/**
 * The change in a bracket that unmaps. The page may be freed as soon as it is out of the page table, or after the
 * bracket.
 *
 * @param kept whether the contents outlive the mapping, as when the reverse map leads here (reclaim, truncate), or
 *   are gone with it, as in munmap
 * @param also what else is done in the step, before the entry changes
 */
export const zap_pte = (cpu: Id<'Cpu'>, va: Id<'Va'>, kept: boolean, also?: () => Recorded): Recorded =>
  Step('spin_lock(ptl): pte = ptep_clear_flush(ptep)', () => {
    const freed_at_once = Choose('freed_at_once', Bool, (at_once) => implies(at_once, mm.pte.at(va).isSome))
    also?.()
    const pte = ptep_clear_flush(mm.pte.at(va))
    mm.writable.remove(va)
    if (!kept) special.at(va).set('none')
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

/** A bracket: announce, change, announce the end. */
const unmap_in_bracket = (cpu: Id<'Cpu'>, va: Id<'Va'>, kept: boolean): void => {
  const { mmu_notifier_invalidate_range_start, mmu_notifier_invalidate_range_end } = kept
    ? under_rmap_lock
    : under_mmap_sem
  mmu_notifier_invalidate_range_start(va, cpu)
  zap_pte(cpu, va, kept)
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
      Ghost(() => reaped.remove(va))
      If(munmap_mmap_sem, () => up_write(mm.mmap_sem))
      mmput()
    })
  },
  { source: '4.14 mm/mmap.c do_munmap' },
)

/** The change in a bracket that takes the right to write. */
const wrprotect = (cpu: Id<'Cpu'>, va: Id<'Va'>): Recorded =>
  Step('spin_lock(ptl): ptep_clear_flush(); pte_wrprotect(); set_pte_at()', () => {
    mm.writable.remove(va)
    Ghost(() => {
      If(not(invalidate_at_start), () => owe(cpu, va))
    })
  })

const mprotect = atomic('mprotect', [], () => process_begins())

/**
 * The vma becomes read-only, and so do its entries; or it becomes writable, and its entries do so as they are faulted
 * on.
 */
const do_mprotect = procedure(
  'do_mprotect',
  [Cpu],
  (cpu) => {
    const { mmu_notifier_invalidate_range_start, mmu_notifier_invalidate_range_end } = write_protecting
    const out = Ahead('out')
    const va = mprotect()
    If(mprotect_mmap_sem, () => acquiring('mmap_sem', () => down_write(mm.mmap_sem)))
    Step('mprotect_fixup(): vma->vm_flags = newflags', () => {
      If(vm_write.has(va), () => vm_write.remove(va)).Else(() => {
        vm_write.add(va)
        Goto(out)
      })
    })
    mmu_notifier_invalidate_range_start(va, cpu)
    wrprotect(cpu, va)
    mmu_notifier_invalidate_range_end(va, cpu)
    Here(out)
    Step('up_write(&mm->mmap_sem); mmput(mm)', () => {
      Ghost(() => bracket_is_over(cpu))
      If(mprotect_mmap_sem, () => up_write(mm.mmap_sem))
      mmput()
    })
  },
  { source: '4.14 mm/mprotect.c mprotect_fixup, change_pte_range' },
)

/** The kernel comes to an address from the page, by the reverse map. */
export function rmap_walk_begins(): Id<'Va'> {
  const va = Choose('va', Va)
  returned_unlocked()
  If(rmap_lock, () => notifiers.rmap_lock())
  return va
}

const rmap_walk = atomic('rmap_walk', [], () => rmap_walk_begins())

/**
 * try_to_unmap_one() up to 4.13: the entry is cleared first, then announced. Its caller holds a reference to the page
 * until the end.
 */
const unmap_then_invalidate_page = (cpu: Id<'Cpu'>, va: Id<'Va'>): void => {
  Step('spin_lock(ptl): pte = ptep_clear_flush(ptep)', () => {
    const pte = ptep_clear_flush(mm.pte.at(va))
    mm.writable.remove(va)
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
  { source: '4.14 mm/rmap.c try_to_unmap_one, mm/memory.c unmap_mapping_range' },
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
    const va = Choose('va', Va, (one) => and(mm.pte.at(one).isSome, mm.writable.has(one)))
    Assert(
      no_use_after_free.property,
      whenSome(mm.pte.at(va), (page) => not(is_free(page))),
      'the CPU writes a page that was freed',
    )
    IfSome(mm.pte.at(va), (page) => {
      Assert(private_after_fork.property, is_sole_owner(va), 'the CPU writes a page that a child reads')
      Ghost(() => {
        Cover(
          newest_value.reached,
          some(Device, (device) => points_to(driver.at(device).pte.at(va), page)),
        )
        contents.write(page, va)
      })
    })
  })

const page_mkclean = atomic('page_mkclean', [], () => rmap_walk_begins())

/**
 * Write-back cleans a page of a file: the entries that map it lose the right to write. It comes by the reverse map,
 * and without mmap_sem.
 */
const page_mkclean_one = procedure(
  'page_mkclean_one',
  [Cpu],
  (cpu) => {
    const { mmu_notifier_invalidate_range_start, mmu_notifier_invalidate_range_end } = write_protecting
    const va = page_mkclean()
    mmu_notifier_invalidate_range_start(va, cpu)
    wrprotect(cpu, va)
    mmu_notifier_invalidate_range_end(va, cpu)
    Step('i_mmap_unlock_read(mapping)', () => {
      Ghost(() => bracket_is_over(cpu))
      If(rmap_lock, () => notifiers.rmap_unlock())
    })
  },
  { source: '4.14 mm/rmap.c page_mkclean_one' },
)

/** The operations that CPUs of a scenario do beside the rest. */
export interface MoreOperations {
  readonly when: Bool
  readonly does: readonly ((cpu: Id<'Cpu'>) => Nothing)[]
}

export const write_protects: MoreOperations = {
  when: cpus_also.eq('write-protect'),
  does: [(self) => do_mprotect(self), (self) => page_mkclean_one(self)],
}

/** Nothing: for a scenario in which CPUs do no more than the rest. */
const no_more = (): Recorded => Step('no more', () => Await(no))

const any_of = ([first = no_more, second, ...others]: readonly Block[]): Nothing =>
  second === undefined ? first() : Either(first, second, ...others)

/** The CPUs of a model. @param more what else they do, in scenarios that have it */
export const cpus = (more: readonly MoreOperations[]): ThreadDefinition =>
  threadPer(Cpu, 'cpu', (self) => {
    const more_of = ([first, ...others]: readonly MoreOperations[]): Nothing =>
      first === undefined
        ? no_more()
        : If(first.when, () => any_of(first.does.map((one) => () => one(self)))).Else(() => more_of(others))
    Loop(() => {
      Idle()
      Source('the CPU', () =>
        Either(
          () => handle_mm_fault(self),
          () => cpu_reads(),
          () => cpu_writes(),
          () => do_munmap(self),
          () => try_to_unmap(self),
          () => more_of(more),
        ),
      )
    })
  })
