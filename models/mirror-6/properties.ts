/** The promises of a driver that mirrors: its device never has what the process has not. */
import {
  and,
  assertion,
  every,
  implies,
  invariant,
  isCaseAnd,
  not,
  or,
  some,
  sometimes,
  whenIs,
  type Property,
} from 'hmmcheck'
import { maps_page, mm_state, Page, Va } from 'hmmcheck/kernel'
import { entry_of, leads_to, mirror_lives, mm, Sub } from './state.ts'

/**
 * At every change of the page table that takes a page away, and at every copy of what moves: the device has no
 * entry.
 */
export const zapped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const
/** At every access of the device: it is of the memory that the address has, and not of another's. */
export const own_address = { property: 'P-ISO' } as const
/** At every access of the device: the entry leads to memory, and not to the struct page that stands for it. */
export const leads_to_memory = { property: 'P-TYPE' } as const

export const properties = (): readonly Property[] => [
  assertion(zapped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  sometimes(zapped_before_change.reached),
  assertion(own_address.property, {
    claim: 'Documentation/mm/hmm.rst of 6.1: "a given address points to the same physical memory"',
  }),
  assertion(leads_to_memory.property, {
    claim: 'lib/test_hmm.c of 6.1: "the page for the simulated device memory": BACKING_PAGE(page)',
  }),

  assertion(mirror_lives.property, {
    claim:
      'mmu_notifier.c of 6.1, mmu_interval_notifier_remove: callbacks "will not be called in future"; ' +
      'nouveau_svm.c of 6.12, nouveau_svmm_fini: "drain the handler before the free to release any in-flight ' +
      'reference"',
  }),
  invariant(
    'P-EXIT',
    implies(
      mm_state.eq('exited'),
      every(Va, (va) =>
        and(
          mm.pte.at(va).is('none'),
          every(Sub, (mirror) => entry_of(mirror, va).is('none')),
        ),
      ),
    ),
    {
      claim:
        'mmu_notifier.c of 6.1, mn_hlist_release: "stop the driver from establishing any more sptes before all ' +
        'the pages in the mm are freed"',
    },
  ),

  invariant(
    'P-AGREE',
    every(Va, (va) =>
      every(Page, (page) =>
        implies(
          maps_page(mm.pte.at(va), page),
          every(Sub, (mirror) => or(entry_of(mirror, va).is('none'), leads_to(mirror, va, page))),
        ),
      ),
    ),
    {
      claim:
        'Documentation/mm/hmm.rst of 6.1: the device must "use the same page table entries" as the CPU, or none ' +
        'of its own',
    },
  ),
  sometimes(
    'P-AGREE.reached',
    some(Va, (va) =>
      and(
        mm.pte.at(va).is('present'),
        some(Sub, (mirror) => not(entry_of(mirror, va).is('none'))),
      ),
    ),
  ),
  invariant(
    'P-PERM',
    every(Va, (va) =>
      whenIs(mm.pte.at(va), 'present', ({ write }) =>
        or(
          write,
          every(Sub, (mirror) => not(isCaseAnd(entry_of(mirror, va), 'present', (entry) => entry.write))),
        ),
      ),
    ),
    { claim: 'hmm.h of 6.1: HMM_PFN_WRITE "if the page memory can be written to"' },
  ),
]
