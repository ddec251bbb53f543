/**
 * Interval notifiers (mm/mmu_notifier.c from 5.5 on): who is told of changes to one part of a page table, and how a
 * reader of that part learns that it collided with a change.
 */
import {
  and,
  Await,
  Bool,
  current,
  ForEach,
  If,
  Local,
  Misuse,
  none,
  not,
  setOf,
  Source,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type PlaceOf,
  type Recorded,
  type Sample,
  type SamplePlace,
  type SetOf,
  type SortType,
} from '../language/index.ts'
import {
  intervalState,
  intervalParts,
  type IntervalOptions,
  type IntervalState,
  type IntervalParts,
} from './mmu-interval-state.ts'

export type { IntervalOptions, SubscriptionLocks } from './mmu-interval-state.ts'

const frozen_tree = 'the interval tree changes while it is frozen'
const source = (name: string): string => `6.1 mm/mmu_notifier.c ${name}`

/** What a bracket does: mn_itree_inv_start_range() and mn_itree_inv_end(), and the callback's part. */
function brackets<Sort extends string>(
  Subscription: SortType<Sort>,
  state: IntervalState<Sort>,
  { section, begin_episode, end_episode, touch, is_in_tree }: IntervalParts<Sort>,
  { locks: { start = yes, end = yes } = {}, wait_under_lock = yes }: IntervalOptions<Sort>,
) {
  const { has_itree, lock, active, odd, hit, place, invalidate_seq, interval_seq } = state

  /** The work that was deferred to the end of the episode. */
  const run_deferred = (): void => {
    ForEach(Subscription, (one) =>
      If(place.at(one).eq('deferred insert'), () => {
        touch(one, 'interval_tree_insert() of the deferred_list')
        place.at(one).set('tree')
      }),
    )
    ForEach(Subscription, (one) =>
      If(place.at(one).eq('deferred remove'), () => {
        touch(one, 'interval_tree_remove() of the deferred_list')
        place.at(one).set('out')
      }),
    )
  }
  /** One bracket less: says whether it was the last one of an episode. */
  const uncount = (last: PlaceOf<typeof Bool>): void => {
    Step('--subscriptions->active_invalidate_ranges', () => {
      Misuse('invalidate_range_end() without invalidate_range_start()', active.gt(0))
      active.decrement()
      last.set(active.eq(0))
    })
    Step('mn_itree_is_invalidating()', () => last.set(and(last, odd)))
  }

  return {
    /**
     * Counts the bracket, and freezes the tree if a subscription is in its range.
     *
     * @param overlaps whether the subscription's interval and the range of the bracket overlap
     * @param seq the variable for the number that callbacks set
     * @returns the subscriptions to be called, in any order; empty, too, where nobody has registered yet
     */
    mn_itree_inv_start_range(
      overlaps: (subscription: Id<Sort>) => Condition,
      seq: SamplePlace<'invalidate_seq'>,
    ): SetOf<SortType<Sort>> {
      const found = Local('found', setOf(Subscription))
      Source(source('mn_itree_inv_start_range'), () =>
        section('mn_itree_inv_start_range()', start, () =>
          If(has_itree, () => {
            active.increment()
            Step('interval_tree_iter_first()', () => {
              found.clear()
              ForEach(Subscription, (one) => If(and(is_in_tree(one), overlaps(one)), () => found.add(one)))
            })
            If(not(found.isEmpty), () => {
              begin_episode()
              seq.set(invalidate_seq.now)
            }).Else(() => seq.set(invalidate_seq.never))
          }).Else(() => {
            found.clear()
            seq.set(invalidate_seq.never)
          }),
        ),
      )
      return found
    },

    /**
     * `mmu_interval_set_seq(sub, cur_seq)`, for a callback, under the driver's lock: what a reader sampled before is
     * out of date. The second time in an episode it writes the number that is there.
     *
     * @param cur_seq the number that `mn_itree_inv_start_range` gave
     */
    mmu_interval_set_seq: (subscription: Id<Sort>, cur_seq: Sample<'invalidate_seq'>): Recorded =>
      Step('mmu_interval_set_seq()', () => {
        touch(subscription, 'mmu_interval_set_seq()')
        Misuse('mmu_interval_set_seq() after the end of the episode', and(odd, cur_seq.isCurrent))
        If(not(hit.has(subscription)), () => {
          hit.add(subscription)
          interval_seq.at(subscription).bump()
        })
      }),

    /** The bracket has ended; the last one of an episode does the work that was deferred, and wakes who waits. */
    mn_itree_inv_end(): void {
      Source(source('mn_itree_inv_end'), () => {
        const last = Local('last', Bool, false)
        If(wait_under_lock, () => {
          section('mn_itree_inv_end()', end, () =>
            If(has_itree, () => {
              uncount(last)
              If(last, () => {
                Step('invalidate_seq++', () => end_episode())
                Step('deferred_list', () => run_deferred())
              })
            }),
          )
        }).Else(() => {
          section('mn_itree_inv_end(): invalidate_seq++', end, () =>
            If(has_itree, () => {
              uncount(last)
              If(last, () =>
                Step('invalidate_seq++', () => {
                  end_episode()
                  lock.set(current)
                }),
              )
            }),
          )
          If(last, () =>
            Step('hlist_for_each_entry_safe(deferred_list); spin_unlock()', () => {
              run_deferred()
              lock.set(none)
            }),
          )
        })
      })
    },
  }
}

/** How a driver reads the range: mmu_interval_read_begin(). */
function reading<Sort extends string>(
  { hit, invalidate_seq, interval_seq }: IntervalState<Sort>,
  { section, touch }: IntervalParts<Sort>,
  { locks: { read = yes } = {}, reader_waits = yes }: IntervalOptions<Sort>,
) {
  return {
    /**
     * Samples the number of the subscription, and waits until the brackets that have called it have ended. The sample
     * may be out of date when it returns.
     *
     * @param sample the variable for the number: a local, or one that is kept over many calls
     */
    mmu_interval_read_begin(subscription: Id<Sort>, sample: SamplePlace<'interval_seq'>): void {
      Source(source('mmu_interval_read_begin'), () => {
        const waits_for = Local('waits_for', invalidate_seq.Sample)
        const is_invalidating = Local('is_invalidating', Bool, false)
        section('mmu_interval_read_begin()', read, () => {
          Step('seq = READ_ONCE(interval_sub->invalidate_seq)', () => {
            touch(subscription, 'mmu_interval_read_begin()')
            sample.set(interval_seq.at(subscription).now)
            If(hit.has(subscription), () => waits_for.set(invalidate_seq.now)).Else(() =>
              waits_for.set(invalidate_seq.never),
            )
          })
          Step('is_invalidating = seq == subscriptions->invalidate_seq', () =>
            is_invalidating.set(and(reader_waits, waits_for.isCurrent)),
          )
        })
        If(is_invalidating, () =>
          Step('wait_event(subscriptions->wq, subscriptions->invalidate_seq != seq)', () => Await(waits_for.isStale)),
        )
      })
    },
  }
}

/** How a subscription comes into the tree and out of it. */
function life<Sort extends string>(
  { active, odd, hit, place, invalidate_seq }: IntervalState<Sort>,
  { section, begin_episode, touch }: IntervalParts<Sort>,
  options: IntervalOptions<Sort>,
) {
  const { locks: { insert = yes, remove = yes } = {}, insert_invalidates = yes, is_sampled } = options
  const { insert_defers = yes, remove_defers = yes, remove_unlinks = yes, remove_waits = yes } = options

  /** interval_tree_insert() or interval_tree_remove(), which nobody may do while a bracket may walk the tree. */
  const change_tree = (subscription: Id<Sort>, to: 'tree' | 'out'): Recorded =>
    Step(to === 'tree' ? 'interval_tree_insert()' : 'interval_tree_remove()', () => {
      Misuse(frozen_tree, not(odd))
      place.at(subscription).set(to)
    })

  return {
    /**
     * Inserts it, or leaves that to the end of the episode. Where a bracket is open it counts as called by it, since
     * nobody knows the range of that bracket any more.
     */
    __mmu_interval_notifier_insert(subscription: Id<Sort>): void {
      Source(source('__mmu_interval_notifier_insert'), () => {
        const invalidating = Local('invalidating', Bool, false)
        section('__mmu_interval_notifier_insert()', insert, () => {
          if (is_sampled !== undefined) Misuse('a sample outlives its subscription', not(is_sampled(subscription)))
          Misuse('mmu_interval_notifier_insert() of what is inserted', place.at(subscription).eq('out'))
          invalidating.set(active.gt(0))
          If(and(invalidating, odd, insert_defers), () => place.at(subscription).set('deferred insert')).Else(() =>
            If(and(invalidating, insert_invalidates), () => {
              Step('subscriptions->invalidate_seq |= 1', () => {
                Misuse(frozen_tree, not(odd))
                begin_episode()
              })
              // The own number froze it: whether somebody else walks it by now is not asked.
              Step('interval_tree_insert()', () => place.at(subscription).set('tree'))
            }).Else(() => change_tree(subscription, 'tree')),
          )
          If(and(invalidating, odd), () => hit.add(subscription)).Else(() => hit.remove(subscription))
        })
      })
    },

    /**
     * Takes it out, and waits if the end of the episode has to do it. Afterwards no callback of it runs, and it may be
     * freed. Not from a callback.
     */
    mmu_interval_notifier_remove(subscription: Id<Sort>): void {
      Source(source('mmu_interval_notifier_remove'), () => {
        const waits_for = Local('waits_for', invalidate_seq.Sample)
        const waits = Local('waits', Bool, false)
        const frozen = Local('frozen', Bool)
        section('mmu_interval_notifier_remove()', remove, () => {
          Step('mn_itree_is_invalidating()', () => {
            touch(subscription, 'mmu_interval_notifier_remove()')
            Misuse('mmu_interval_notifier_remove() of what is not inserted', place.at(subscription).ne('out'))
            frozen.set(odd)
          })
          If(and(frozen, remove_defers), () => {
            If(place.at(subscription).eq('deferred insert'), () => {
              If(remove_unlinks, () => place.at(subscription).set('out'))
            }).Else(() => {
              place.at(subscription).set('deferred remove')
              Step('seq = subscriptions->invalidate_seq', () => {
                waits_for.set(invalidate_seq.now)
                waits.set(remove_waits)
              })
            })
          }).Else(() => change_tree(subscription, 'out'))
        })
        If(waits, () =>
          Step('wait_event(subscriptions->wq, mmu_interval_seq_released(seq))', () => Await(waits_for.isStale)),
        )
      })
    },
  }
}

/**
 * The interval notifiers of one process. A subscription (`struct mmu_interval_notifier`) is known by the object that
 * it is embedded in.
 *
 * The kernel's numbers grow for ever. All that it asks of them is finite, and kept here instead: whether there is an
 * *episode* (`odd`), which subscriptions it has hit, and for each variable that holds a sample whether the number is
 * still the same. This is exact for a subscription that is inserted once, or of which no sample is left when it is
 * inserted again. A bracket whose episode was ended while it is open may set a number that is over: that is misuse, and
 * there is no step behind it. test/kernel/mmu-interval-numbers.test.ts compares it with the numbers.
 *
 * @param Subscription the sort of the objects that subscriptions are embedded in
 * @param options which checks, locks and waits there are
 */
export function mmuIntervals<const Sort extends string>(
  Subscription: SortType<Sort>,
  options: IntervalOptions<Sort> = {},
) {
  const state = intervalState(Subscription, options)
  const parts = intervalParts(state, options)
  const { has_itree, active, odd, hit, place, invalidate_seq, interval_seq } = state
  return {
    has_itree,
    active,
    odd,
    hit,
    place,
    /** The type of a variable that holds the number of a bracket's episode: `cur_seq`. */
    CurSeq: invalidate_seq.Sample,
    /** The type of a variable that holds a sample of a subscription's number. */
    IntervalSeq: interval_seq.Sample,
    /** The sample that never was one: LONG_MAX. */
    never: interval_seq.never,
    /** A bracket that begins now calls it. */
    is_in_tree: parts.is_in_tree,

    ...brackets(Subscription, state, parts, options),
    ...reading(state, parts, options),
    ...life(state, parts, options),

    /** The number has changed since the sample: what was read meanwhile may be old. Under the driver's lock. */
    mmu_interval_read_retry: (sample: Sample<'interval_seq'>): Condition => sample.isStale,
    /** The same without a lock: true is sure, false may have changed already. */
    mmu_interval_check_retry: (sample: Sample<'interval_seq'>): Condition => sample.isStale,
  }
}
