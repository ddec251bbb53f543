/** Sequence counters: seqcount_t and seqlock_t (include/linux/seqlock.h of 6.1). */
import { Await, atomic, Bool, current, Let, Misuse, not, ref, setOf, struct, Thread } from '../language/index.ts'
import { Spinlock, spin_lock, spin_unlock } from './spinlock.ts'

/**
 * seqcount_t, as what comparing its numbers decides: whether a writer is at work (the number is odd), and whose
 * sample is out of date. So no number grows, and none wraps. A thread has one sample of it at a time.
 */
export const Seqcount = struct('seqcount_t', { odd: Bool, outdated: setOf(Thread) }).as('s')

/** Waits until no writer is at work, and samples the number. */
export const read_seqcount_begin = atomic(
  'read_seqcount_begin',
  [ref(Seqcount)],
  (s) => {
    Await(not(s.odd))
    s.outdated.remove(current)
  },
  { source: '6.1 include/linux/seqlock.h read_seqcount_begin', lockless: true },
)

/** Whether a writer has been at work since the sample: what was read meanwhile may be torn, and must be read again. */
export const read_seqcount_retry = atomic(
  'read_seqcount_retry',
  [ref(Seqcount)],
  (s) => Let('retry', s.outdated.has(current)),
  { source: '6.1 include/linux/seqlock.h read_seqcount_retry', lockless: true },
)

/** The number becomes odd. Writers exclude each other by a lock of their own. */
export const write_seqcount_begin = atomic(
  'write_seqcount_begin',
  [ref(Seqcount)],
  (s) => {
    Misuse('write_seqcount_begin() while another writer is at work', not(s.odd))
    s.odd.set(true)
    s.outdated.set(setOf(Thread).all)
  },
  { source: '6.1 include/linux/seqlock.h write_seqcount_begin', lockless: true },
)

/** And even again, and another one. */
export const write_seqcount_end = atomic(
  'write_seqcount_end',
  [ref(Seqcount)],
  (s) => {
    Misuse('write_seqcount_end() without write_seqcount_begin()', s.odd)
    s.odd.set(false)
  },
  { source: '6.1 include/linux/seqlock.h write_seqcount_end', lockless: true },
)

/** Makes every sample out of date, with no writer at work: write_seqcount_invalidate(). */
export const write_seqcount_invalidate = atomic(
  'write_seqcount_invalidate',
  [ref(Seqcount)],
  (s) => s.outdated.set(setOf(Thread).all),
  { source: '6.1 include/linux/seqlock.h write_seqcount_invalidate', lockless: true },
)

/** seqlock_t: the counter, and the spinlock by which writers exclude each other. */
export const Seqlock = struct('seqlock_t', { seqcount: Seqcount, lock: Spinlock }).as('sl')

/** As `read_seqcount_begin`: waits until no writer is at work, and samples the number. It takes no lock. */
export const read_seqbegin = atomic(
  'read_seqbegin',
  [ref(Seqlock)],
  (sl) => {
    read_seqcount_begin(sl.seqcount)
  },
  { source: '6.1 include/linux/seqlock.h read_seqbegin', lockless: true },
)

/** As `read_seqcount_retry`: whether what was read since must be read again. */
export const read_seqretry = atomic('read_seqretry', [ref(Seqlock)], (sl) => read_seqcount_retry(sl.seqcount), {
  source: '6.1 include/linux/seqlock.h read_seqretry',
  lockless: true,
})

/** Takes the lock; from the same step on the number is odd, as no other thread can make it so. */
export const write_seqlock = atomic(
  'write_seqlock',
  [ref(Seqlock)],
  (sl) => {
    spin_lock(sl.lock)
    write_seqcount_begin(sl.seqcount)
  },
  { source: '6.1 include/linux/seqlock.h write_seqlock', lockless: true },
)

/** The number is even again, and the lock is given back, in one step. */
export const write_sequnlock = atomic(
  'write_sequnlock',
  [ref(Seqlock)],
  (sl) => {
    write_seqcount_end(sl.seqcount)
    spin_unlock(sl.lock)
  },
  { source: '6.1 include/linux/seqlock.h write_sequnlock', lockless: true },
)
