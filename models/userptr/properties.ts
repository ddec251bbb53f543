/** What a driver of user memory owes to the process, and the process to itself. */
import { assertion, some, sometimes, unless, type Property } from 'hmmcheck'
import { no_use_after_free, testedUnless } from 'hmmcheck/properties'
import { driver } from './fixes.ts'
import { Bo, gpu_pte } from './state.ts'

/** At every change of the page table: no job that lists the buffer, and no queue, uses the page. */
export const stopped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const

/** A buffer of xe is not used after it was unbound and freed. */
export const buffer_lifetime = { property: 'P-LIFE' } as const

/** hfi1 has no buffers: what the device has is in a cache. */
const has_cache = driver.eq('hfi1')

export const properties = (): readonly Property[] => [
  assertion(stopped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  unless(
    has_cache,
    sometimes(
      stopped_before_change.reached,
      some(Bo, (bo) => gpu_pte.at(bo).is('present')),
    ),
  ),
  assertion(buffer_lifetime.property, { claim: 'xe_vm.c of 6.12, xe_vma_destroy_late: xe_vma_free()' }),
  ...testedUnless(has_cache, no_use_after_free()),
]
