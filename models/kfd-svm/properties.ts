/** What the driver owes to the process: GPUs do not reach the pages that it has given back. */
import { assertion, not, sometimes, unless, type Property } from 'hmmcheck'
import { has_buffer } from './buffer-fixes.ts'
import { has_queues } from './fixes.ts'

/** At every change of the page table: no queue runs that could use an entry of a GPU for it. */
export const stopped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const

/** A fault of a process where it has memory is served, and does not end in a signal. */
export const faults_are_served = { property: 'P-FAULT' } as const

/** A range is not used after it was freed. */
export const range_lifetime = { property: 'P-LIFE' } as const

/** The buffer of a range lives as long as a range or a page has a reference to it. */
export const buffer_references = { property: 'P-REF', reached: 'P-REF.reached' } as const

export const properties = (): readonly Property[] => [
  assertion(stopped_before_change.property, {
    claim:
      'kfd_svm.c of 6.12, svm_range_evict: "Stop all queues of the process to ensure GPU doesn\'t access the memory"',
  }),
  unless(not(has_queues), sometimes(stopped_before_change.reached)),
  assertion(faults_are_served.property, {
    claim: 'memremap.h of 6.12, migrate_to_ram: "Must migrate the page back to a CPU accessible page"',
  }),
  assertion(buffer_references.property, {
    claim: 'kfd_svm.h of 6.12, struct svm_range_bo: kref, and svm_range_bo_ref',
  }),
  unless(not(has_buffer), sometimes(buffer_references.reached)),
  assertion(range_lifetime.property, { claim: 'kfd_svm.c of 6.12, svm_range_free: kfree() of the range' }),
]
