/** The page fault of a thread of the process, and what others ask of an entry. */
import {
  and,
  Assert,
  atomic,
  Bool,
  Choose,
  Cover,
  Ghost,
  type Id,
  If,
  IfSome,
  Let,
  Local,
  none,
  not,
  or,
  procedure,
  type Recorded,
  some,
  Step,
  whenSome,
} from 'hmmcheck'
import { Cpu, Device, down_read, leaf_section, mmget, mmput, set_pte_at, up_read, Va } from 'hmmcheck/kernel'
import { agree, granted_by_vma } from 'hmmcheck/properties'
import { cpus_also, fault_mmap_sem, pte_lock, pte_none_check, stable_check } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import {
  acquiring,
  alloc_page,
  bad_vma,
  contents,
  gathered,
  has_free_page,
  is_registered,
  mem_map,
  mm,
  mm_is_unstable,
  put_page,
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

/** A thread of the process touches an address. */
export const page_fault = atomic('page_fault', [], () => process_begins())

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

/** The page fault of a CPU. */
export const handle_mm_fault = procedure(
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
