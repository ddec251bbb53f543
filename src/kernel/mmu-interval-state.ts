/** What interval notifiers are made of: their options, their variables, and the sections of subscriptions->lock. */
import {
  Acquire,
  and,
  array,
  Bool,
  epoch,
  If,
  not,
  oneOf,
  optional,
  saturating,
  setOf,
  shared,
  size,
  Step,
  Thread,
  yes,
  type Block,
  type Bool as Condition,
  type Id,
  type Recorded,
  type SortType,
} from '../language/index.ts'
import type { RangeBound } from './sorts.ts'

/**
 * The sections that take subscriptions->lock, each true where it is left out of the options. Without the lock each
 * statement of a section is a transition of its own.
 */
export interface SubscriptionLocks {
  /** Of mn_itree_inv_start_range(). */
  readonly start?: Condition
  /** Of mn_itree_inv_end(). */
  readonly end?: Condition
  /** Of mmu_interval_notifier_insert(). */
  readonly insert?: Condition
  /** Of mmu_interval_notifier_remove(). */
  readonly remove?: Condition
  /** Of mmu_interval_read_begin(). */
  readonly read?: Condition
}

/** The options of interval notifiers: each is what some kernel had or lacked, true where it is left out. */
export interface IntervalOptions<Sort extends string> {
  /**
   * The most that `active_invalidate_ranges` counts: one more than the brackets that can be open at once. There it
   * stays, so that brackets that are never ended are counted for ever.
   */
  readonly active?: RangeBound
  /** The sections that take the lock. */
  readonly locks?: SubscriptionLocks
  /**
   * Whether a removal tests under the lock whether it may return. Up to 5.17 it does not: then it may return between
   * the end of the episode and the work that was deferred to it (319561669a59).
   */
  readonly wait_under_lock?: Condition
  /** Whether a subscription that is inserted while a bracket is open is invalidated until that bracket has ended. */
  readonly insert_invalidates?: Condition
  /** Whether an insertion leaves a frozen tree alone, and is deferred. */
  readonly insert_defers?: Condition
  /** Whether a removal does. */
  readonly remove_defers?: Condition
  /** Whether a removal finds an insertion that was deferred, and takes it back. */
  readonly remove_unlinks?: Condition
  /** Whether a removal that was deferred is waited for. */
  readonly remove_waits?: Condition
  /** Whether a reader waits until the brackets that have called its subscription have ended. */
  readonly reader_waits?: Condition
  /** Goes with every use of the struct of a subscription by the core, as an assertion: it has not been freed. */
  readonly touches?: (subscription: Id<Sort>, what: string) => void
  /**
   * Whether some variable has a sample of the subscription's number that is not out of date. None may be there when
   * it is inserted: a number that was there before may come again then.
   */
  readonly is_sampled?: (subscription: Id<Sort>) => Condition
}

/** Where a subscription is: also `deferred`, until the end of the episode inserts it or removes it. */
const Place = oneOf('out', 'tree', 'deferred insert', 'deferred remove')

/** struct mmu_notifier_subscriptions, as far as it is about intervals. */
export function intervalState<Sort extends string>(Subscription: SortType<Sort>, { active }: IntervalOptions<Sort>) {
  return {
    /** subscriptions->has_itree: from the first registration on. */
    has_itree: shared('has_itree', Bool, yes),
    /** subscriptions->lock, where it is seen to be held: in mn_itree_inv_end() without `wait_under_lock`. */
    lock: shared('subscriptions_lock', optional(Thread)),
    /** subscriptions->active_invalidate_ranges */
    active: shared('active_invalidate_ranges', saturating(0, active ?? size(Thread, 1))),
    /** subscriptions->invalidate_seq & 1. An *episode* is a time in which it stays true. */
    odd: shared('invalidate_seq_is_odd', Bool),
    /** subscriptions->invalidate_seq, for those who wait until it has another number. */
    invalidate_seq: epoch('invalidate_seq'),
    /** interval_sub->invalidate_seq, for those who compare it with an earlier number. */
    interval_seq: epoch('interval_seq', Subscription),
    /** interval_sub->invalidate_seq == subscriptions->invalidate_seq: the episode has hit these. */
    hit: shared('hit', setOf(Subscription)),
    /** interval_sub->interval_tree and ->deferred_item. */
    place: shared('interval_place', array(Subscription, Place)),
  }
}
export type IntervalState<Sort extends string> = ReturnType<typeof intervalState<Sort>>

/** What every part below is made of. */
export function intervalParts<Sort extends string>(
  { lock, odd, hit, invalidate_seq, place }: IntervalState<Sort>,
  { wait_under_lock = yes, touches }: IntervalOptions<Sort>,
) {
  return {
    /** A leaf section of subscriptions->lock, or without it the statements alone. */
    section: (label: string, locked: Condition, body: Block): Recorded =>
      If(locked, () =>
        Step(label, () => {
          If(not(wait_under_lock), () => Acquire(lock.isNone, (thread) => lock.eq(thread)))
          return body()
        }),
      ).Else(body),
    /** `invalidate_seq |= 1` */
    begin_episode: (): Recorded =>
      Step('subscriptions->invalidate_seq |= 1', () =>
        If(not(odd), () => {
          odd.set(true)
          hit.clear()
          invalidate_seq.bump()
        }),
      ),
    /** `invalidate_seq++` of an odd one. */
    end_episode: (): void => {
      odd.set(false)
      hit.clear()
      invalidate_seq.bump()
    },
    touch: (subscription: Id<Sort>, what: string): void => touches?.(subscription, what),
    is_in_tree: (subscription: Id<Sort>): Condition =>
      and(place.at(subscription).ne('out'), place.at(subscription).ne('deferred insert')),
  }
}
export type IntervalParts<Sort extends string> = ReturnType<typeof intervalParts<Sort>>
