/** What a driver of user memory owes to the process, and the process to itself. */
import { assertion, some, sometimes, type Property } from 'hmmcheck'
import { no_use_after_free } from 'hmmcheck/properties'
import { Bo, gpu_pte } from './state.ts'

/** At every change of the page table: no job that lists the buffer, and no queue, uses the page. */
export const stopped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const

export const properties = (): readonly Property[] => [
  assertion(stopped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  sometimes(
    stopped_before_change.reached,
    some(Bo, (bo) => gpu_pte.at(bo).is('present')),
  ),
  ...no_use_after_free(),
]
