/** What KVM owes to the process whose memory the guest has. */
import { assertion, or, some, sometimes, unless, not, type Property } from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { has_apic_page, has_memslot } from './fixes.ts'
import { apic_page, gpc_valid, in_progress, spte } from './state.ts'

/** At every change of the page table: neither the guest nor a cache that is valid leads to the page. */
export const zapped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const
/** At every end over a memslot: the start has counted the bracket. */
export const balanced_brackets = { property: 'P-BAL-PAIR', reached: 'P-BAL-PAIR.reached' } as const

export const properties = (): readonly Property[] => [
  assertion(zapped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  sometimes(
    zapped_before_change.reached,
    or(
      gpc_valid,
      apic_page.is('present'),
      some(Va, (va) => spte.at(va).is('present')),
    ),
  ),
  assertion(balanced_brackets.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() and invalidate_range_end() must be paired"',
  }),
  unless(or(has_apic_page, not(has_memslot)), sometimes(balanced_brackets.reached, in_progress.gt(0))),
]
