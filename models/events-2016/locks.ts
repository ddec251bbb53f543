/**
 * The locks that are slept on, in what order they are taken, and what every operation leaves behind: no lock, no
 * bracket and no event.
 */
import {
  and,
  Assert,
  current,
  every,
  If,
  not,
  sometimes,
  type Bool,
  type Id,
  type PlaceOf,
  type Property,
  type Recorded,
} from 'hmmcheck'
import { down_read, down_write, holds_rwsem, lockdep, Rwsem, up_read, up_write } from 'hmmcheck/kernel'
import { returns_unlocked } from 'hmmcheck/properties'
import { lifetimes } from './fixes.ts'
import { device_faults, hmm, Hmm, mm, ranges } from './state.ts'

const { lock_acquire, lock_release, order: all } = lockdep('mm->mmap_sem', 'anon_vma->rwsem', 'srcu', 'hmm->rwsem')
type LockClass = Parameters<typeof lock_acquire>[0]

/**
 * The order of locks is watched where mirrors come and go: elsewhere no thread has the last reference of anything. For
 * a step: the one that takes the lock, or comes before.
 */
export const acquired = (one: LockClass): Recorded => If(lifetimes, () => lock_acquire(one))
export const released = (one: LockClass): Recorded => If(lifetimes, () => lock_release(one))

/**
 * For a step: all that others have is taken or waited for, and given back at once: mm_take_all_locks(),
 * synchronize_srcu().
 */
export const passes = (one: LockClass): Recorded =>
  If(lifetimes, () => {
    lock_acquire(one)
    lock_release(one)
  })

export const order: readonly Property[] = [
  ...all.filter(({ name }) => name !== 'P-ORDER.reached'),
  sometimes('P-ORDER.reached', not(lifetimes)),
]

/**
 * A semaphore of this class. `wanted` goes with the step before the one that may sleep; of a walk that begins once
 * more it is not said again.
 */
const watched = (one: LockClass, sem: PlaceOf<typeof Rwsem>) => ({
  wanted: (): Recorded => acquired(one),
  down_read: (): Recorded => down_read(sem),
  down_write: (): Recorded => down_write(sem),
  up_read(): void {
    released(one)
    up_read(sem)
  },
  up_write(): void {
    released(one)
    up_write(sem)
  },
})

export const mmap_sem = watched('mm->mmap_sem', mm.mmap_sem)
export const rwsem = (of: Id<'Hmm'>) => watched('hmm->rwsem', hmm.at(of).rwsem)

const holds_no_lock = (): Bool =>
  and(
    not(holds_rwsem(mm.mmap_sem, current)),
    every(Hmm, (one) => not(holds_rwsem(hmm.at(one).rwsem, current))),
    ranges.at(current).isNone,
    device_faults.at(current).va.isNone,
  )

/** For the step that begins an operation: the one before has given back every lock. */
export const returned_unlocked = (): Recorded =>
  Assert(
    returns_unlocked.property,
    holds_no_lock(),
    'an operation returned with a lock held, or with a range or an event still listed',
  )
