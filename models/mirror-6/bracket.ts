/** Brackets around changes of the page table, and the driver's callback that they run. */
import {
  and,
  Assert,
  Bool,
  Cover,
  every,
  Ghost,
  If,
  isCaseAnd,
  no,
  not,
  or,
  procedure,
  Return,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type PlaceOf,
  type SetOf,
} from 'hmmcheck'
import { driver_invalidate, for_each_address, mn_itree_invalidate, Va } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { mn_hlist_invalidate_range_start } from './classic.ts'
import {
  callback_lock,
  callback_sets_seq,
  callback_zaps,
  own_migrate_sets_seq,
  own_migrate_zaps,
  owner_is_mirror,
} from './fixes.ts'
import { classic_after_interval, classic_zaps, inherited_page } from './nouveau-fixes.ts'
import { zapped_before_change } from './properties.ts'
import { driver, drop_entry, entry_of, intervals, Range, Sub } from './state.ts'

/**
 * dmirror_interval_invalidate(), nouveau_svm_range_invalidate(): the second leaves the entries to its classic notifier.
 * `own` is a MIGRATE bracket that the callback may leave alone. It says whether it has done its work: it may sleep
 * where the bracket is blockable; else it says no where it would have to wait for the lock.
 */
export const dmirror_interval_invalidate = procedure(
  'dmirror_interval_invalidate',
  [Sub, Range, Bool.as('own'), Bool.as('blockable'), intervals.CurSeq.as('cur_seq')],
  (sub, range, own, blockable, cur_seq) => {
    If(and(not(own_migrate_sets_seq), not(own_migrate_zaps), own), () => Return(yes))
    return driver_invalidate(intervals, sub, cur_seq, {
      lock: driver.at(sub).mutex,
      locks: callback_lock,
      blockable,
      sets_seq: and(callback_sets_seq, or(own_migrate_sets_seq, not(own))),
      zap: () =>
        If(and(callback_zaps, not(classic_zaps), or(own_migrate_zaps, not(own))), () =>
          for_each_address(range, (va) =>
            Step('xa_erase()', () => {
              Ghost(() => Cover(no_use_after_free.reached, not(entry_of(sub, va).is('none'))))
              drop_entry(sub, va)
            }),
          ),
        ),
    })
  },
  { source: '6.1 lib/test_hmm.c dmirror_interval_invalidate; 6.12 nouveau_svm.c nouveau_svm_range_invalidate' },
)

/** Of a bracket. */
interface BracketOptions {
  /** The mirror whose migration it is for: struct mmu_notifier_range's owner is its device. */
  readonly owner?: Id<'Sub'>
  readonly blockable?: Condition
}

/** A bracket begins; says whether it was refused, which only one that must not block can be. */
export const invalidate_range_start = (
  range: SetOf<typeof Va>,
  { owner, blockable = yes }: BracketOptions = {},
): PlaceOf<typeof Bool> => {
  /** A page that was inherited is of another mirror of the device, which is not in this process. */
  const is_own = (sub: Id<'Sub'>): Condition =>
    owner === undefined ? no : or(not(owner_is_mirror), and(not(inherited_page), owner.eq(sub)))
  mn_hlist_invalidate_range_start(not(classic_after_interval), range, is_own)
  const refused = mn_itree_invalidate(Sub, intervals, {
    overlaps: () => yes,
    blockable,
    invalidate: (sub, cur_seq) => dmirror_interval_invalidate(sub, range, is_own(sub), blockable, cur_seq),
  })
  mn_hlist_invalidate_range_start(classic_after_interval, range, is_own)
  return refused
}

/** And ends. */
export const invalidate_range_end = (): void => intervals.mn_itree_inv_end()

/** Goes before each change that takes a page away, and before a copy of it: the device does not lead there any more. */
export const taken_away = (va: Id<'Va'>, page: Id<'Page'>): void => {
  Ghost(() => Cover(zapped_before_change.reached))
  Assert(
    zapped_before_change.property,
    every(Sub, (mirror) => not(isCaseAnd(entry_of(mirror, va), 'present', (entry) => entry.page.eq(page)))),
    'the device still has the entry',
  )
}
