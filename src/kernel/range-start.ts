/**
 * A bracket with both kinds of notifiers (mm/mmu_notifier.c from 5.5 on): it calls interval notifiers first, then the
 * classic list. A bracket that must not block may be refused by any of them.
 */
import {
  Bool,
  ForEach,
  If,
  Local,
  Misuse,
  no,
  not,
  setOf,
  shared,
  Source,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type Nothing,
  type PlaceOf,
  type Sample,
  type SamplePlace,
  type SampleType,
  type SetOf,
  type SortType,
} from '../language/index.ts'

/** The callbacks of interval notifiers. */
export interface IntervalOps<Sort extends string> {
  /** Whether the subscription's interval and the range of the bracket overlap. */
  readonly overlaps: (subscription: Id<Sort>) => Condition
  /** Whether callbacks may sleep: mmu_notifier_range_blockable(). */
  readonly blockable: Condition
  /**
   * `invalidate`, in the two-pass form `invalidate_start`. It says whether it has done so, or would have to block.
   * `cur_seq` is for `mmu_interval_set_seq`.
   */
  readonly invalidate: (subscription: Id<Sort>, cur_seq: Sample<'invalidate_seq'>) => Condition
  /**
   * The two-pass form of 7.1 (7aba71dbc416): `invalidate_finish` of each subscription whose `invalidate` has done its
   * part, when all of them were called. It is called after a refusal, too. A callback that asks for no second pass
   * (`finish == NULL`) is one in which this has nothing to do.
   */
  readonly invalidate_finish?: (subscription: Id<Sort>) => Nothing
}

/** The part of `mmuIntervals` that a bracket needs. */
export interface Intervals<Sort extends string> {
  /** The type of a variable that holds the number of a bracket's episode. */
  readonly CurSeq: SampleType<'invalidate_seq'>
  /** Begins a bracket, and says which subscriptions are to be called. */
  readonly mn_itree_inv_start_range: (
    overlaps: IntervalOps<Sort>['overlaps'],
    seq: SamplePlace<'invalidate_seq'>,
  ) => SetOf<SortType<Sort>>
  /** Ends a bracket; the last of an episode ends that, too. */
  readonly mn_itree_inv_end: () => void
}

/**
 * Begins a bracket with the interval notifiers: `invalidate` of each that is in its range. Where one refuses it calls no
 * other, and ends the bracket itself: who began it must not.
 *
 * @param Subscription the sort that `mmuIntervals` was made of
 * @param intervals what it gave
 * @param ops the callbacks
 * @param ends whether a refused bracket is ended
 * @returns whether it was refused
 */
export function mn_itree_invalidate<const Sort extends string>(
  Subscription: SortType<Sort>,
  intervals: Intervals<Sort>,
  { overlaps, blockable, invalidate, invalidate_finish }: IntervalOps<Sort>,
  ends: Condition = yes,
): PlaceOf<typeof Bool> {
  const refused = Local('refused', Bool, false)
  Source('6.1 mm/mmu_notifier.c mn_itree_invalidate', () => {
    const cur_seq = Local('cur_seq', intervals.CurSeq)
    const found = intervals.mn_itree_inv_start_range(overlaps, cur_seq)
    const to_finish = Local('to_finish', setOf(Subscription), setOf(Subscription).empty)
    If(not(found.isEmpty), () =>
      ForEach(Subscription, (one) =>
        If(found.has(one), () =>
          If(not(refused), () => {
            const done = invalidate(one, cur_seq)
            If(done, () => {
              if (invalidate_finish !== undefined) to_finish.add(one)
            }).Else(() => {
              Misuse('a callback refuses what may block: WARN_ON() in mn_itree_invalidate()', not(blockable))
              refused.set(true)
            })
          }),
        ),
      ),
    )
    if (invalidate_finish !== undefined)
      Source('7.1 mm/mmu_notifier.c mn_itree_finish_pass', () =>
        If(not(to_finish.isEmpty), () =>
          ForEach(Subscription, (one) => If(to_finish.has(one), () => invalidate_finish(one))),
        ),
      )
    If(refused, () => If(ends, () => intervals.mn_itree_inv_end()))
  })
  return refused
}

/** The methods of classic notifiers. */
export interface ListOps<Sort extends string> {
  /** It says whether it has succeeded; a failure is -EAGAIN, for a bracket that must not block. */
  readonly invalidate_range_start: (notifier: Id<Sort>) => Condition
  /** Called after the change; after a start of any that has failed, too. */
  readonly invalidate_range_end: (notifier: Id<Sort>) => Nothing
  /** Whether it has an `invalidate_range_end`. One that may fail must not have one. */
  readonly has_end: (notifier: Id<Sort>) => Condition
}

/** The release of classic notifiers, when the process exits. */
export interface ReleaseOps<Sort extends string> {
  /** The method: after it the notifier is called no more. */
  readonly release: (notifier: Id<Sort>) => Nothing
  /** Whether it has a `release`: one that has none is not told that the pages go. All have one where this is left out. */
  readonly has_release?: (notifier: Id<Sort>) => Condition
  /** Waits for methods that run in other threads: `synchronize_srcu`. Left out where none can. */
  readonly synchronize_srcu?: () => void
}

/**
 * The classic list of one process, from 5.12 on: every notifier is called, also after one has failed.
 *
 * Nobody registers and nobody leaves while brackets run: for that there is `mmuNotifiers`, and SRCU.
 *
 * @param Notifier the sort of the notifiers
 * @param ops their methods
 * @param ends_all whether each notifier that has an `invalidate_range_end` gets it where one has failed. Up to 5.11 no
 *   notifier does (c2655835fd8c)
 */
export function mmuNotifierList<const Sort extends string>(
  Notifier: SortType<Sort>,
  { invalidate_range_start, invalidate_range_end, has_end }: ListOps<Sort>,
  ends_all: Condition = yes,
) {
  const list = shared('classic_list', setOf(Notifier))
  const end_all = (): void => {
    ForEach(Notifier, (one) => If(list.has(one), () => If(has_end(one), () => invalidate_range_end(one))))
  }
  return {
    /** subscriptions->list */
    list,

    /**
     * `invalidate_range_start` of each. Says whether one has failed; who began the bracket must not end it then.
     *
     * @param blockable whether the bracket may block: a failure is misuse then
     */
    mn_hlist_invalidate_range_start(blockable: Condition = no): PlaceOf<typeof Bool> {
      const failed = Local('failed', Bool, false)
      Source('6.1 mm/mmu_notifier.c mn_hlist_invalidate_range_start', () => {
        ForEach(Notifier, (one) =>
          If(list.has(one), () => {
            const done = invalidate_range_start(one)
            If(not(done), () => {
              Misuse('WARN_ON(ops->invalidate_range_end) of a notifier whose start has failed', not(has_end(one)))
              Misuse(
                'a start fails in a bracket that may block: WARN_ON(mmu_notifier_range_blockable(range))',
                not(blockable),
              )
              failed.set(true)
            })
          }),
        )
        If(not(blockable), () => If(failed, () => If(ends_all, end_all)))
      })
      return failed
    },

    /** `invalidate_range_end` of each that has one. */
    mn_hlist_invalidate_end(): void {
      Source('6.1 mm/mmu_notifier.c mn_hlist_invalidate_end', end_all)
    },

    /** At exit: calls `release` of each, then takes all out of the list. No bracket calls them any more. */
    mn_hlist_release({ release, has_release = () => yes, synchronize_srcu = () => undefined }: ReleaseOps<Sort>): void {
      Source('6.1 mm/mmu_notifier.c mn_hlist_release', () => {
        ForEach(Notifier, (one) => If(list.has(one), () => If(has_release(one), () => release(one))))
        Step('hlist_del_init_rcu() of every notifier', () => list.clear())
        synchronize_srcu()
      })
    },
  }
}
