/** The CPU's page table: one level, one entry an address (include/linux/pgtable.h). */
import { array, atomic, Let, none, optional, ref } from '../language/index.ts'
import { Page, Va } from './sorts.ts'

/**
 * pte_t: none, or present and pointing to a page. A protocol with rights or with special entries (migration, device
 * private) has a union of its own in its place.
 *
 * The hardware reads it, and so does a lockless walk; it is written under the page table lock
 * (`pte_offset_map_lock`), a leaf lock.
 */
export const Pte = optional(Page).as('ptep')

/** A process's page table: an entry for each address; all are none at first. */
export const PageTable = array(Va, Pte)

/** Makes the entry point to a page. It takes no reference: the thread that maps the page gives its own to the entry. */
export const set_pte_at = atomic('set_pte_at', [ref(Pte), Page], (ptep, page) => ptep.set(page))

/** Takes the entry away and gives it back, with no CPU left that could still use it: the TLBs are flushed. */
export const ptep_clear_flush = atomic(
  'ptep_clear_flush',
  [ref(Pte)],
  (ptep) => {
    const pte = Let('pte', ptep)
    ptep.set(none)
    return pte
  },
  { source: '4.13 mm/pgtable-generic.c ptep_clear_flush' },
)
