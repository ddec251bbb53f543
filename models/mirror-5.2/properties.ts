/** What the brackets promise a driver, and what its ranges promise the core. */
import { assertion, every, implies, invariant, not, some, sometimes, unless, type Property } from 'hmmcheck'
import { Device } from 'hmmcheck/kernel'
import { no_use_after_kfree, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { exits, special } from './fixes.ts'
import { brackets, device_pte, notifiers } from './state.ts'

/** At every change of the page table: the callback has dropped the device's entry. */
export const zapped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const
/** Wherever the list of ranges is walked. */
export const ranges_are_live = no_use_after_kfree
/** Where hmm_range_fault() returns 0. */
export const faults_are_served = { property: 'P-SERVED', reached: 'P-SERVED.reached' } as const

export const properties = (): readonly Property[] => [
  assertion(zapped_before_change.property, {
    claim: 'mmu_notifier.h of 5.2: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  unless(exits, sometimes(zapped_before_change.reached)),

  invariant(
    'P-AGREE',
    every(Device, (one) => implies(device_pte.at(one).mapped, device_pte.at(one).pte.isCurrent)),
    {
      claim:
        'hmm.h of 5.2: "a given virtual address points to either the same memory in both CPU and device page ' +
        'tables ... or that one page table (CPU or device) points to no entry"',
    },
  ),
  sometimes(
    'P-AGREE.reached',
    some(Device, (one) => device_pte.at(one).mapped),
  ),
  ...testedUnless(exits, snapshot_is_valid()),
  ...testedUnless(exits, no_use_after_kfree()),

  invariant('P-BAL', notifiers.le(brackets.size), {
    claim: 'mmu_notifier.h of 5.2: "invalidate_range_start() and invalidate_range_end() must be paired"',
  }),
  unless(exits, sometimes('P-BAL.reached', not(brackets.isEmpty))),

  assertion(faults_are_served.property, {
    claim:
      'Documentation/vm/hmm.rst of 5.2: hmm_range_fault() "will ... trigger a page fault on missing or read-only ' +
      'entries"',
  }),
  unless(not(special), sometimes(faults_are_served.reached)),
]
