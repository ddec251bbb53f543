/** What a driver of user memory owes to the process, and the process to itself. */
import { assertion, some, sometimes, type Property } from 'hmmcheck'
import { no_use_after_free } from 'hmmcheck/properties'
import { Bo, gpu_pte } from './state.ts'

/** At every change of the page table: no job that lists the buffer, and no queue, uses the page. */
export const stopped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const

/** A buffer of xe is not used after it was unbound and freed. */
export const buffer_lifetime = { property: 'P-LIFE' } as const

export const properties = (): readonly Property[] => [
  assertion(stopped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  sometimes(
    stopped_before_change.reached,
    some(Bo, (bo) => gpu_pte.at(bo).is('present')),
  ),
  assertion(buffer_lifetime.property, { claim: 'xe_vm.c of 6.12, xe_vma_destroy_late: xe_vma_free()' }),
  ...no_use_after_free(),
]
