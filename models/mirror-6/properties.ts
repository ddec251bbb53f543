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
  unless,
  whenIs,
  type Bool,
  type Id,
  type Property,
} from 'hmmcheck'
import { is_entry_of, is_writable_entry, maps_page, mm_state, Page, Va } from 'hmmcheck/kernel'
import { migrates } from './fixes.ts'
import { fork_protects_present, forks, write_copies } from './fork-fixes.ts'
import { translates_alone } from './nouveau-fixes.ts'
import { mm, pte_of } from './processes.ts'
import { entry_of, leads_to, may_write, mirror_lives, Sub } from './state.ts'

/**
 * At every change of the page table that takes a page away, and at every copy of what moves: the device has no
 * entry.
 */
export const zapped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const
/**
 * At every access of the device: it is of the memory that the address has, and not of another's. At every read: it
 * brings nothing that another process has written.
 */
export const own_address = { property: 'P-ISO' } as const
/** Where a fault of the device ends. */
export const faults_are_served = { property: 'P-SERVED', reached: 'P-SERVED.reached' } as const
/** dmirror_do_fault() fails where the walk brings no right to write that it was asked for; a GPU faults again. */
export const may_fall_short = and(forks, not(translates_alone))
/** At every access of the device: the entry leads to memory, and not to the struct page that stands for it. */
export const leads_to_memory = { property: 'P-TYPE' } as const

/** A process that forks and moves nothing takes pages away by copies alone: where nothing is protected, by none. */
const nothing_is_taken = and(forks, not(migrates), not(and(fork_protects_present, write_copies)))

export const properties = (): readonly Property[] => [
  assertion(zapped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  unless(nothing_is_taken, sometimes(zapped_before_change.reached)),
  assertion(own_address.property, {
    claim:
      'Documentation/mm/hmm.rst of 6.1: "a given address points to the same physical memory"; fork(2): "Memory ' +
      'writes ... performed by one of the processes do not affect the other"',
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
  ...after_fork(),
]

const is_shared = (page: Id<'Page'>): Bool =>
  and(
    some(Va, (va) => is_entry_of(pte_of('parent', va), page)),
    some(Va, (va) => is_entry_of(pte_of('child', va), page)),
  )
/** An entry of a process or of the device allows to write the page. */
const may_be_written = (page: Id<'Page'>): Bool =>
  some(Va, (va) =>
    or(
      and(is_entry_of(pte_of('parent', va), page), is_writable_entry(pte_of('parent', va))),
      and(is_entry_of(pte_of('child', va), page), is_writable_entry(pte_of('child', va))),
      some(Sub, (mirror) => and(leads_to(mirror, va, page), may_write(mirror, va))),
    ),
  )

/** What a fork adds. */
function after_fork(): readonly Property[] {
  return [
    invariant(
      'P-COW',
      or(
        not(forks),
        every(Page, (page) => implies(is_shared(page), not(may_be_written(page)))),
      ),
      {
        claim:
          'mm/memory.c of 6.1, copy_nonpresent_pte(): "COW mappings require pages in both parent and child to be ' +
          'set to read"',
      },
    ),
    unless(not(forks), sometimes('P-COW.reached', some(Page, is_shared))),
    assertion(faults_are_served.property, {
      claim:
        'Documentation/mm/hmm.rst of 6.1: hmm_range_fault() "will ... trigger a page fault on missing or read-only ' +
        'entries if write access is requested"',
    }),
    unless(not(may_fall_short), sometimes(faults_are_served.reached)),
  ]
}
