/** handle_mm_fault() of anonymous memory, for a CPU, and for a device: GUP, hmm_range_fault(). */
import {
  and,
  Bool,
  current,
  Ghost,
  If,
  IfIs,
  IfSome,
  Local,
  Match,
  none,
  not,
  optional,
  or,
  procedure,
  Reused,
  Step,
  yes,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import {
  ExclusivePte,
  is_present_pte,
  make_device_exclusive,
  Page,
  remove_device_exclusive_entry,
  type ExclusiveMm,
  type ExclusiveOptions,
} from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start, only_reads, taken_away } from './bracket.ts'
import {
  fault_compares,
  fault_invalidates,
  fault_locks,
  fault_takes_reference,
  form,
  forks,
  keeps_rmap,
  make_asks_write,
  make_invalidates,
  make_locks,
  make_looks_again,
  make_tries_again,
  make_waits,
  migrates,
  protects,
  restore_asks_vma,
} from './fixes.ts'
import {
  alloc_page,
  child_pte,
  contents,
  dereference,
  folio_lock,
  folio_trylock,
  folio_unlock,
  folio_wait_locked,
  gather,
  get_page,
  has_free_page,
  is_free,
  map_page,
  page_add_anon_rmap,
  page_remove_rmap,
  pte,
  put_page,
  vma_read_only,
} from './state.ts'

/** The form and the checks of the kernel's functions. */
export const options: ExclusiveOptions = {
  one_kind: form.eq('6.15'),
  keeps_rmap,
  make_waits,
  make_tries_again,
  make_locks,
  make_asks_write,
  make_looks_again,
  make_invalidates,
  fault_takes_reference,
  fault_locks,
  fault_invalidates,
  fault_compares,
  restore_asks_vma,
}

/** What those functions work on, for a device or for a fault: the owner is known only of a device. */
const mm = (
  faults: () => Condition,
  is_owner: (device: Id<'Device'>) => Condition,
  by: (page: Id<'Page'>) => (device: Id<'Device'>) => Condition,
): ExclusiveMm => ({
  pte,
  may_write: () => not(vma_read_only),
  is_free,
  get_page,
  put_page,
  dereference,
  page_add_anon_rmap,
  page_remove_rmap,
  folio_lock,
  folio_trylock,
  folio_unlock,
  invalidate_range_start: (owner) => {
    if (owner === 'caller') invalidate_range_start(is_owner)
    else invalidate_range_start()
  },
  invalidate_range_end,
  handle_mm_fault: faults,
  on_change: (to, page) => taken_away(page, to === 'present' ? only_reads(page) : by(page)),
})

/** Without a device: for faults, and for fork(). */
export const mm_of_fault = mm(
  () => yes,
  () => not(yes),
  only_reads,
)

/** The first touch of the address: a page of zeros. */
const do_anonymous_page = procedure(
  'do_anonymous_page',
  [],
  () => {
    const served = Local('served', Bool, true)
    Step('spin_lock(ptl): if (pte_none(*ptep)) set_pte_at()', () => {
      served.set(true)
      If(pte.is('none'), () =>
        If(has_free_page(), () => {
          const page = alloc_page()
          Ghost(() => contents.fill(page))
          map_page(page)
          put_page(page)
          pte.set(ExclusivePte.present({ page, write: not(vma_read_only) }))
        }).Else(() => served.set(false)),
      )
    })
    return served
  },
  { source: '6.1 mm/memory.c do_anonymous_page' },
)

/** Puts a copy in place of a page that the child has, too. */
const wp_page_copy = procedure(
  'wp_page_copy',
  [Page],
  (old) => {
    Reused(old, 'under the page table lock it is compared with the entry')
    invalidate_range_start()
    Step('spin_lock(ptl): if (pte_same()) set_pte_at(the copy)', () =>
      If(and(is_present_pte(pte, old), has_free_page()), () => {
        taken_away(old)
        const page = alloc_page()
        Ghost(() => contents.copy(page, old))
        map_page(page)
        put_page(page)
        pte.set(ExclusivePte.present({ page, write: not(vma_read_only) }))
        page_remove_rmap(old)
        put_page(old)
      }),
    )
    invalidate_range_end()
  },
  { source: '6.1 mm/memory.c wp_page_copy' },
)

/** A write to a page that may only be read: it is the process's alone, or a copy is made. */
const do_wp_page = procedure(
  'do_wp_page',
  [Page],
  (page) => {
    Reused(page, 'under the page table lock it is compared with the entry')
    const copies = Local('copies', Bool, false)
    Step('spin_lock(ptl): wp_page_reuse()', () => {
      copies.set(and(forks, is_present_pte(pte, page), child_pte.eq(page)))
      If(and(is_present_pte(pte, page), not(copies)), () =>
        pte.set(ExclusivePte.present({ page, write: not(vma_read_only) })),
      )
    })
    If(forks, () => If(copies, () => wp_page_copy(page)))
  },
  { source: '6.1 mm/memory.c do_wp_page' },
)

/** Waits until whoever moves the page is done with it. */
const migration_entry_wait = procedure(
  'migration_entry_wait',
  [],
  () => {
    const waits_for = Local('waits_for', optional(Page), none)
    Step('spin_lock(ptl): is it a migration entry?', () => {
      waits_for.set(none)
      IfIs(pte, 'migration', (entry) => waits_for.set(entry.page))
    })
    IfSome(waits_for, (page) => {
      Reused(page, 'whoever has it by then may be waited for')
      folio_wait_locked(page)
    })
  },
  { source: '6.1 mm/filemap.c migration_entry_wait_on_locked' },
)

/** Says whether it has worked: the entry may be as it was, and then the access faults again. */
export const handle_mm_fault = procedure(
  'handle_mm_fault',
  [Bool.as('write')],
  (write) => {
    const ret = Local('served', Bool, true)
    const orig_pte = Local('orig_pte', ExclusivePte)
    Reused(orig_pte, 'each case compares it with the entry, under the page table lock')
    ret.set(true)
    Step('vmf->orig_pte = *ptep', () => {
      orig_pte.set(pte)
      ret.set(and(or(not(write), not(vma_read_only)), not(pte.is('hwpoison'))))
    })
    If(ret, () =>
      Match(
        orig_pte,
        {
          none: () => ret.set(do_anonymous_page()),
          present: (entry) =>
            If(or(forks, protects), () => If(and(write, not(entry.write)), () => do_wp_page(entry.page))),
          device_exclusive: ({ page }) => remove_device_exclusive_entry(mm_of_fault, page, options),
          migration: () => If(migrates, () => migration_entry_wait()),
        },
        () => undefined,
      ),
    )
    return ret
  },
  { source: '6.1 mm/memory.c handle_pte_fault' },
)

/** make_device_exclusive() for a device. */
export const make_exclusive = (device: Id<'Device'>) =>
  make_device_exclusive(
    mm(
      () => handle_mm_fault(yes),
      (one) => one.eq(device),
      () => (one) => one.eq(device),
    ),
    options,
  )

/** MADV_DONTNEED: takes the page away in a bracket. The page lock is not asked for. */
export const put_gathered = (): void => {
  Step('tlb_finish_mmu()', () => {
    IfSome(gather.at(current), (page) => put_page(page))
    gather.at(current).set(none)
  })
}
