/** P-EXCL and P-NOPIN: a pinned page stays the page of its owner, and device memory is never pinned. */
import { and, every, implies, invariant, not, some, sometimes, type Bool, type Id } from '../src/language/index.ts'
import { Page, Va } from '../src/kernel/index.ts'
import type { Entries } from './entries.ts'
import { tested, type Tested } from './tested.ts'

/** The parts that a model must have to be asked about pins. */
export interface Pins extends Pick<Entries, 'entry' | 'is_device_page'> {
  /** Somebody relies on a pin of this page. */
  readonly is_pinned: (page: Id<'Page'>) => Bool
  /** PageAnonExclusive: no other process has the page. */
  readonly is_exclusive: (page: Id<'Page'>) => Bool
  /** The page has the contents of this address. */
  readonly belongs_to: (page: Id<'Page'>, va: Id<'Va'>) => Bool
}

/**
 * A page that somebody has pinned is exclusive to the process that it was pinned in: its next write does not copy it
 * away from the pin.
 *
 * Put to the test: somebody has a pin; where anybody takes one. Reached with it: P-NOPIN.
 */
export const pinned_is_exclusive = tested(
  'P-EXCL',
  ({ is_pinned, is_exclusive }: Pins, pins_taken: Bool): Tested => [
    invariant(
      'P-EXCL',
      every(Page, (page) => implies(is_pinned(page), is_exclusive(page))),
      {
        claim:
          'include/linux/page-flags.h of 6.1: "while PG_anon_exclusive is set ... pinned pages are exclusive"; mm/rmap.h: page_try_share_anon_rmap() fails for pages that may be pinned',
      },
    ),
    sometimes('P-EXCL.reached', implies(pins_taken, some(Page, is_pinned))),
  ],
)

/**
 * No page of device memory is pinned, and what is in device memory has no pin that was taken before it went there.
 *
 * Put to the test: a migration comes upon a pin: covered where it asks. Or no pin is taken.
 */
export const device_memory_is_not_pinned = tested(
  'P-NOPIN',
  ({ entry, is_device_page, is_pinned, belongs_to }: Pins, pins_taken: Bool): Tested => [
    invariant(
      'P-NOPIN',
      and(
        every(Page, (page) => implies(is_device_page(page), not(is_pinned(page)))),
        every(Va, (va) =>
          implies(
            entry(va).is('device_private'),
            not(some(Page, (page) => and(is_pinned(page), belongs_to(page, va)))),
          ),
        ),
      ),
      {
        claim:
          'hmm.h of 4.20: "Because that memory is not addressable by the CPU it must never be pinned to the device"',
      },
    ),
    sometimes('P-NOPIN.reached', not(pins_taken)),
  ],
)
