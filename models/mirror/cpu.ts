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
  type Block,
  Bool,
  Choose,
  Cover,
  Either,
  Ghost,
  Goto,
  Here,
  type Id,
  Idle,
  If,
  IfSome,
  Loop,
  no,
  not,
  type Nothing,
  procedure,
  type Recorded,
  some,
  Source,
  Step,
  type ThreadDefinition,
  threadPer,
  whenSome,
} from 'hmmcheck'
import { Cpu, Device, down_write, mm_is_alive, mmput, points_to, ptep_clear_flush, up_write, Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free, private_after_fork } from 'hmmcheck/properties'
import { handle_mm_fault, is_sole_owner, process_begins } from './cpu-fault.ts'
import {
  cpus_also,
  invalidate_at_start,
  mprotect_mmap_sem,
  munmap_mmap_sem,
  rmap_brackets,
  rmap_lock,
} from './fixes.ts'
import { under_mmap_sem, under_rmap_lock, write_protecting } from './invalidate.ts'
import { returned_unlocked } from './locks.ts'
import { acquiring, contents, driver, gathered, is_free, mm, notifiers, reaped, vm_write } from './state.ts'
import { bracket_is_over, owe, tlb_finish_mmu, zap_pte } from './zap.ts'

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
