/** What the driver owes to the process: GPUs do not reach the pages that it has given back. */
import { assertion, sometimes, type Property } from 'hmmcheck'

/** At every change of the page table that takes a page away, and at every copy of what moves: no GPU has an entry. */
export const unmapped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const

export const properties = (): readonly Property[] => [
  assertion(unmapped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
]
export const reached_by_brackets = (): Property => sometimes(unmapped_before_change.reached)
