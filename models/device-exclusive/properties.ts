/** The promises of exclusive access, and of the entries that stand for it. */
import {
  and,
  assertion,
  cond,
  every,
  implies,
  invariant,
  isCaseAnd,
  not,
  or,
  some,
  sometimes,
  unless,
  type Bool,
  type Id,
  type Property,
} from 'hmmcheck'
import { Device, is_device_exclusive_entry, is_present_pte, Page } from 'hmmcheck/kernel'
import { fails, forks, keeps_rmap, protects } from './fixes.ts'
import {
  child_pte,
  cpu_maps,
  has_page,
  is_atomic,
  is_free,
  leads_to,
  mapcount,
  out_of_use,
  protected_by_now,
  pte,
  svmm,
} from './state.ts'

/** At every change of the entry that takes a page from devices: they have no entry. */
export const zapped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const
/** Where the kernel asks whether a page is mapped: it is told so of each page that an entry leads to. */
export const knows_entries = { property: 'P-RMAP' } as const
/** Where a driver gives up. */
export const is_served = { property: 'P-SERVED' } as const
/** Where fork() returns. */
export const forks_always = { property: 'P-FORK' } as const
/** Where a device fault ends: it has given back what it was given. */
export const returns_unlocked = { property: 'P-LOCK' } as const
/** At every access: the page has not failed. */
export const not_poisoned = { property: 'P-POISON' } as const

/** The mapcount is the number of the entries that count in it, and what an entry leads to is not free. */
const is_counted = (page: Id<'Page'>): Bool => {
  const parent = or(is_present_pte(pte, page), and(keeps_rmap, is_device_exclusive_entry(pte, page)))
  const child = child_pte.eq(page)
  const count = mapcount.at(page)
  return and(
    cond(parent, cond(child, count.eq(2), count.eq(1)), cond(child, count.eq(1), count.eq(0))),
    implies(or(has_page(pte, page), child), not(is_free(page))),
  )
}

const has_atomic = (page: Id<'Page'>): Bool => some(Device, (device) => is_atomic(device, page))

export const properties = (): readonly Property[] => [
  invariant(
    'P-ATOM',
    every(Page, (page) =>
      every(Device, (device) =>
        implies(
          is_atomic(device, page),
          and(not(cpu_maps(page)), not(some(Device, (other) => and(other.ne(device), leads_to(other, page))))),
        ),
      ),
    ),
    {
      claim:
        'Documentation/mm/hmm.rst of 6.1: "such a device needs access to that page which is exclusive of any ' +
        'userspace access from the CPU"',
    },
  ),
  sometimes('P-ATOM.reached', some(Page, has_atomic)),

  invariant(
    'P-AGREE',
    every(Page, (page) => every(Device, (device) => implies(leads_to(device, page), has_page(pte, page)))),
    {
      claim:
        'Documentation/mm/hmm.rst of 6.1: the device must "use the same page table entries" as the CPU, or none ' +
        'of its own',
    },
  ),

  assertion(zapped_before_change.property, {
    claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() is called when all pages in the range are still mapped"',
  }),
  sometimes(zapped_before_change.reached),

  invariant(
    'P-REF',
    every(Page, (page) => is_counted(page)),
    {
      claim:
        'include/linux/mm_types.h of 6.1, _mapcount: "the number of times this page is referenced by a page table"',
    },
  ),
  sometimes(
    'P-REF.reached',
    some(Page, (page) => is_device_exclusive_entry(pte, page)),
  ),

  assertion(knows_entries.property, {
    claim: 'mm/util.c of 6.1, folio_mapped(): "True if any page in this folio is referenced by user page tables"',
  }),

  assertion(is_served.property, {
    claim:
      'Documentation/mm/hmm.rst of 6.1: "The make_device_exclusive_range() function can be used to make a memory ' +
      'range inaccessible from userspace"',
  }),
  assertion(forks_always.property, {
    claim: 'fork(2): ENOMEM: "fork() failed to allocate the necessary kernel structures because memory is tight"',
  }),
  assertion(returns_unlocked.property, {
    claim:
      'mm/rmap.c of 6.1, make_device_exclusive_range(): "Once programming is complete it should drop the page ' +
      'lock and reference"',
  }),

  assertion(not_poisoned.property, {
    claim:
      'Documentation/mm/hwpoison.rst of 6.1: to "kill the processes associated with it and avoid using it in the ' +
      'future"',
  }),
  unless(
    not(fails),
    sometimes(
      'P-POISON.reached',
      some(Page, (page) => out_of_use.has(page)),
    ),
  ),

  invariant(
    'P-PERM',
    implies(
      protected_by_now,
      and(
        not(isCaseAnd(pte, 'present', ({ write }) => write)),
        every(Device, (device) => not(isCaseAnd(svmm.at(device).pte, 'present', ({ atomic }) => atomic))),
      ),
    ),
    { claim: 'mprotect(2): an access that violates the protection gets SIGSEGV' },
  ),
  unless(not(protects), sometimes('P-PERM.reached', protected_by_now)),

  invariant(
    'P-COW',
    every(Page, (page) =>
      implies(
        and(child_pte.eq(page), has_page(pte, page)),
        and(
          or(
            not(is_present_pte(pte, page)),
            isCaseAnd(pte, 'present', ({ write }) => not(write)),
          ),
          not(is_device_exclusive_entry(pte, page)),
          not(has_atomic(page)),
        ),
      ),
    ),
    { claim: 'fork(2): "Memory writes ... performed by one of the processes do not affect the other"' },
  ),
  unless(not(forks), sometimes('P-COW.reached', child_pte.isSome)),
]
