/** P-REF: references are what is counted, and nothing is lost or freed twice. */
import { assertion, count, every, implies, invariant, sometimes, type Bool, type Id, type Int, type Optional, type Property } from '../src/language/index.ts'
import { Cpu, Page, Va } from '../models/kernel/index.ts'

export interface References {
  readonly refcount: (page: Id<'Page'>) => Int
  /** The CPU's entry at an address, which holds a reference. */
  readonly mapped: (va: Id<'Va'>) => Optional<typeof Page>
  /** The page that a CPU holds between allocation and mapping, or between unmapping and freeing. */
  readonly held: (cpu: Id<'Cpu'>) => Optional<typeof Page>
}

/** A page has as many references as there are entries and holders; it is free if there is none. */
export const referenced = ({ refcount, mapped, held }: References): Property => invariant('P-REF',
  every(Page, (page) => refcount(page).minus(count(Va, (va) => mapped(va).eq(page))).eq(count(Cpu, (cpu) => held(cpu).eq(page)))),
  { claim: 'include/linux/mm_types.h of 6.1: _refcount is the usage count of a page; put_page() frees it when that falls to 0' },
)

/** A page is freed: covered where it is done. */
export const referenced_reached = (): Property => sometimes('P-REF.reached')

/** At every use of a reference: nobody takes or drops one of a page that is free. Reached with P-REF.reached: a reference is dropped. */
export const never_below_zero = (): Property => assertion('P-REF-ZERO', {
  claim: 'include/linux/mm.h of 4.13: VM_BUG_ON_PAGE(page_ref_count(page) <= 0) in get_page(), == 0 in put_page_testzero()',
})

/** When the process is gone and nobody mirrors it, nothing holds its mm_struct any more. */
export const mm_is_freed = (is_gone: Bool, is_pinned: Bool): Property => invariant('P-REF-MM', implies(is_gone, is_pinned.eq(false)), {
  claim: 'mm/mmu_notifier.c of 6.1: mmu_notifier_unregister() "releases the mm_count pin automatically and frees the mm structure if it was the last user of it"',
})

/** It comes to that, where somebody unbinds and the process can exit. */
export const mm_is_freed_reached = (can_come: Bool, is_gone: Bool): Property => sometimes('P-REF-MM.reached', implies(can_come, is_gone))
