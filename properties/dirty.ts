/** P-DIRTY: a page that was written and is not in a backing store is marked dirty, and its mark is not lost. */
import {
  and,
  every,
  implies,
  invariant,
  isCaseAnd,
  or,
  some,
  sometimes,
  whenSome,
  type Bool,
  type Id,
  type Optional,
} from '../src/language/index.ts'
import { Device, is_present_entry, Page, points_to, Va } from '../src/kernel/index.ts'
import type { Entries } from './entries.ts'
import { tested, type Tested } from './tested.ts'

/** The parts that a model must have to be asked what is known to be dirty. */
export interface Dirty {
  /**
   * The page has the newest value of its address, and no backing store has it: if it is dropped as clean, that is
   * lost.
   */
  readonly is_unsaved: (page: Id<'Page'>) => Bool
  /** A dirty bit says so: of an entry of the CPU or of a device, or of the page. */
  readonly is_marked_dirty: (page: Id<'Page'>) => Bool
}

/**
 * A page written by a CPU or a device, and not saved since, is marked dirty.
 *
 * Put to the test: a device that has written to a page is told to leave it: covered where it is; where dirty bits are kept.
 */
export const dirty_is_kept = tested(
  'P-DIRTY',
  (kept: Bool, { is_unsaved, is_marked_dirty }: Dirty): Tested => [
    invariant(
      'P-DIRTY',
      every(Page, (page) => implies(is_unsaved(page), is_marked_dirty(page))),
      {
        claim:
          'hmm.h of v12 23/29: "device driver must set the dirty bit for each page that was modified ... This must be conservative"',
      },
    ),
    sometimes('P-DIRTY.reached', kept.eq(false)),
  ],
)

/** The same, of a model with a swap cache. */
export interface Backing extends Pick<Entries, 'entry' | 'device'> {
  /** The newest value of the address is in no backing store. */
  readonly is_unsaved: (va: Id<'Va'>) => Bool
  /**
   * The page that the swap cache has for the address: it is written again only if it is dirty. One that is not there
   * always is.
   */
  readonly cached: (va: Id<'Va'>) => Optional<typeof Page>
  /** PG_dirty of the page says that it was written since it was last saved. */
  readonly is_dirty: (page: Id<'Page'>) => Bool
}

/**
 * A write since the last write-back stands in the dirty bit of the entry or of the page, or a device has an entry and
 * its driver will say so.
 *
 * Put to the test: a page in the swap cache has a newer value than the backing store; where there is one.
 */
export const writes_are_known = tested(
  'P-DIRTY',
  ({ entry, device, is_unsaved, cached, is_dirty }: Backing, swaps: Bool): Tested => [
    invariant(
      'P-DIRTY',
      every(Va, (va) =>
        implies(
          is_unsaved(va),
          and(
            whenSome(cached(va), (page) =>
              or(
                is_dirty(page),
                and(
                  is_present_entry(entry(va), page),
                  isCaseAnd(entry(va), 'present', ({ dirty }) => dirty),
                ),
                some(Device, (one) => points_to(device(one, va), page)),
              ),
            ),
            implies(entry(va).is('swap'), cached(va).isSome),
          ),
        ),
      ),
      {
        claim:
          'fd35ca3d12cc (6.1): "migrate_vma_setup() ... clears the pte dirty bit ... losing the dirty bit ... can lead to data loss"',
      },
    ),
    sometimes(
      'P-DIRTY.reached',
      implies(
        swaps,
        some(Va, (va) => and(is_unsaved(va), cached(va).isSome)),
      ),
    ),
  ],
)
