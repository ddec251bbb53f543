/** What brackets promise a driver, and what the core promises those who wait for it. */
import {
  assertion,
  every,
  implies,
  invariant,
  some,
  sometimes,
  Thread,
  unless,
  type Property,
  not,
  and,
} from 'hmmcheck'
import { faults, subscribes } from './fixes.ts'
import { brackets, device_pte, intervals, Notifier, Sub, told } from './state.ts'

/** At every change of the page table: the callbacks have dropped the entries of devices, in both passes. */
export const zapped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const
/** At every end of a bracket: it has started. The invariant of that name asks it of the counts. */
export const balanced_brackets = { property: 'P-BAL-PAIR' } as const

export const properties = (): readonly Property[] => [
  assertion(zapped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  unless(not(subscribes), sometimes(zapped_before_change.reached)),

  invariant(
    'P-AGREE',
    every(Sub, (one) => implies(device_pte.at(one).mapped, device_pte.at(one).pte.isCurrent)),
    {
      claim:
        'Documentation/mm/hmm.rst of 6.1: the device must "use the same page table entries" as the CPU, or none ' +
        'of its own',
    },
  ),
  unless(
    not(faults),
    sometimes(
      'P-AGREE.reached',
      some(Sub, (one) => device_pte.at(one).mapped),
    ),
  ),

  invariant(
    'P-BAL',
    and(
      intervals.active.le(brackets.size),
      every(Notifier, (one) => every(Thread, (thread) => implies(told.at(one).has(thread), brackets.has(thread)))),
    ),
    { claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() and invalidate_range_end() must be paired"' },
  ),
  sometimes('P-BAL.reached', not(brackets.isEmpty)),
  assertion(balanced_brackets.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() and invalidate_range_end() must be paired"',
  }),
]
