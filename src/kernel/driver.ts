/**
 * The skeleton of a driver over interval notifiers (Documentation/mm/hmm.rst of 6.1): its callback, and its fault. A
 * driver puts in what is its own: its lock, its table, and its walk.
 */
import {
  Bool,
  Break,
  Continue,
  If,
  Local,
  Loop,
  no,
  not,
  or,
  Return,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type PlaceOf,
  type Recorded,
  type Sample,
  type SamplePlace,
} from '../language/index.ts'
import { Mutex, mutex_lock, mutex_trylock, mutex_unlock } from './mutex.ts'

/** The lock of a driver, `driver->update`, and where it takes it. */
export interface DriverLock {
  /** It keeps callbacks from the driver's table while a fault puts something there. */
  readonly lock: PlaceOf<typeof Mutex>
  /** Whether it is taken; always, if it is left out. */
  readonly locks?: Condition
}

/** The part of `mmuIntervals` that a callback needs. */
export interface CalledIntervals<Sort extends string> {
  /** What a reader sampled before is out of date. */
  readonly mmu_interval_set_seq: (subscription: Id<Sort>, cur_seq: Sample<'invalidate_seq'>) => Recorded
}

/** The choices of a callback. */
export interface DriverCallback extends DriverLock {
  /** Whether the bracket may block; where it may not, the callback refuses it if it would have to wait for the lock. */
  readonly blockable?: Condition
  /** Whether it sets the number; always, if it is left out. */
  readonly sets_seq?: Condition
  /** Takes out of the driver's table what the range of the bracket has there. */
  readonly zap: () => void
}

/** Under a condition, or always. */
const where = (condition: Condition | undefined, body: () => void): void => {
  if (condition === undefined) body()
  else If(condition, body)
}

/**
 * The body runs under the lock of a driver, where it takes it.
 *
 * @param lock the lock, and where it is taken
 */
export function with_driver_lock({ lock, locks }: DriverLock, body: () => void): void {
  where(locks, () => mutex_lock(lock))
  body()
  where(locks, () => mutex_unlock(lock))
}

/**
 * mmu_interval_notifier_ops.invalidate: under the driver's lock it sets the number, and drops the entries. For the body
 * of a procedure, from which it may return.
 *
 * @param cur_seq the number that the bracket gives
 * @returns whether it has done its work; no where it would have to wait and must not
 */
export function driver_invalidate<const Sort extends string>(
  intervals: CalledIntervals<Sort>,
  subscription: Id<Sort>,
  cur_seq: Sample<'invalidate_seq'>,
  { lock, locks, blockable, sets_seq, zap }: DriverCallback,
): Condition {
  const trylock = (): void => {
    const taken = Local('taken', Bool)
    taken.set(mutex_trylock(lock))
    If(not(taken), () => Return(no))
  }
  where(locks, () => {
    if (blockable === undefined) mutex_lock(lock)
    else If(blockable, () => mutex_lock(lock)).Else(trylock)
  })
  where(sets_seq, () => intervals.mmu_interval_set_seq(subscription, cur_seq))
  zap()
  where(locks, () => mutex_unlock(lock))
  return yes
}

/** The part of `mmuIntervals` that a fault needs. */
export interface ReadIntervals<Sort extends string> {
  /** Samples the number, and waits for brackets that have called the driver. */
  readonly mmu_interval_read_begin: (subscription: Id<Sort>, sample: SamplePlace<'interval_seq'>) => void
  /** Whether the number has changed since. */
  readonly mmu_interval_read_retry: (sample: Sample<'interval_seq'>) => Condition
  /** What a variable has that has no sample. */
  readonly never: Sample<'interval_seq'>
}

/** How a walk has ended; where neither is so, it has found what the driver asked for. */
export interface WalkEnd {
  /** -EBUSY: something has changed meanwhile, and the fault begins again. */
  readonly again?: Condition
  /** Another error: the fault is over. */
  readonly fails: Condition
  /** What the driver does then. */
  readonly failed?: () => void
}

/** The choices of a fault. */
export interface DriverFault extends DriverLock {
  /** The variable for the number that is sampled. */
  readonly sample: SamplePlace<'interval_seq'>
  /** hmm_range_fault(), with mmap_lock held for reading. */
  readonly walk: () => WalkEnd
  /** What the driver does with what was found before it takes its lock: nothing that needs it to be there. */
  readonly before_lock?: () => void
  /** Whether it asks under its lock if the number has changed; always, if it is left out. */
  readonly checks_seq?: Condition
  /** Goes with the question, in its step: what properties want to know of it. */
  readonly asked?: () => void
  /** Puts what was found into the driver's table. */
  readonly commit: () => void
}

/**
 * driver_populate_range() of hmm.rst: samples the number, walks, and begins again as long as the number has changed
 * when the driver has its lock.
 */
export function driver_populate_range<const Sort extends string>(
  intervals: ReadIntervals<Sort>,
  subscription: Id<Sort>,
  driver: DriverFault,
): void {
  const { sample, walk, before_lock, checks_seq, asked, commit } = driver
  Loop(() => {
    intervals.mmu_interval_read_begin(subscription, sample)
    const { again, fails, failed } = walk()
    if (again !== undefined) If(again, () => Continue())
    If(fails, () => {
      failed?.()
      Break()
    })
    before_lock?.()
    const valid = Local('valid', Bool)
    with_driver_lock(driver, () => {
      Step('mmu_interval_read_retry()', () => {
        const is_current = not(intervals.mmu_interval_read_retry(sample))
        valid.set(checks_seq === undefined ? is_current : or(not(checks_seq), is_current))
        asked?.()
        sample.set(intervals.never)
      })
      If(valid, commit)
    })
    If(valid, () => Break())
  })
}
