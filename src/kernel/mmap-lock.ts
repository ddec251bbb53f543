/**
 * Today's mmap_lock: a read-write semaphore as it is from 5.11 on (include/linux/mmap_lock.h, kernel/locking/rwsem.c
 * of 6.1). `Rwsem` is the older, stricter form.
 */
import {
  Acquire,
  and,
  atomic,
  Await,
  Bool,
  Break,
  cond,
  current,
  Either,
  ForEach,
  If,
  isCaseAnd,
  Let,
  Loop,
  Misuse,
  none,
  not,
  optional,
  or,
  procedure,
  queueOf,
  ref,
  setOf,
  size,
  struct,
  Thread,
  union,
  type Bool as Condition,
  type Id,
  type PlaceOf,
  type Recorded,
  type ValueOf,
} from '../language/index.ts'
import { acquires } from './lockdep.ts'
import { might_sleep } from './spinlock.ts'

/**
 * An entry of the queue: a writer, or all the readers that wait, where the first of them stands: when it is their
 * turn they get in together.
 */
const Waiter = union('rwsem_waiter', { write: { task: Thread }, read: {} })

/**
 * struct rw_semaphore of 6.1: its owners, the queue, and RWSEM_FLAG_HANDOFF.
 *
 * - Uncontended, taking it is one transition.
 * - A semaphore without owners may be taken past the queue: by a writer, new or queued, and by a new reader, who
 *   then lets every reader of the queue in.
 * - When a reader is at the head and no writer owns it, all readers of the queue get in at once, also those that stand
 *   behind a writer (phase-fair).
 * - A thread at the head that has waited too long (4 ms; here: at any time) sets the handoff: from then on
 *   no thread passes it.
 * - A new reader joins the queue while others read it and somebody waits. So a thread that reads it already must not
 *   read it again: it may wait for a writer that waits for it. That is lock misuse, even when no writer is there to
 *   make it a deadlock.
 */
export const MmapLock = struct('mmap_lock', {
  writer: optional(Thread),
  readers: setOf(Thread),
  waiters: queueOf(Waiter, size(Thread)),
  waiting_readers: setOf(Thread),
  handoff: Bool,
}).as('sem')

type Lock = ValueOf<typeof MmapLock>

/** No thread owns it. */
const is_free = (sem: Lock): Condition => and(sem.writer.isNone, sem.readers.isEmpty)
/** The thread stands at the head of the queue. */
const is_first = (sem: Lock, thread: Id<'Thread'>): Condition =>
  and(
    not(sem.waiters.isEmpty),
    or(
      isCaseAnd(sem.waiters.head, 'write', ({ task }) => task.eq(thread)),
      and(sem.waiters.head.is('read'), sem.waiting_readers.has(thread)),
    ),
  )
/** The owners, and without an owner the thread that the handoff is for. */
const holds_up = (sem: Lock, thread: Id<'Thread'>): Condition =>
  cond(is_free(sem), is_first(sem, thread), or(sem.writer.eq(thread), sem.readers.has(thread)))

/** rwsem_mark_wake(): every reader of the queue owns it now, and the handoff is over. For a step. */
const wake_readers = (sem: PlaceOf<typeof MmapLock>): void => {
  ForEach(Thread, (thread) => {
    If(sem.waiting_readers.has(thread), () => sem.readers.add(thread))
  })
  sem.waiting_readers.clear()
  sem.waiters.discard(Waiter.read)
  sem.handoff.set(false)
}

const rwsem_read_trylock = atomic(
  'rwsem_read_trylock',
  [ref(MmapLock)],
  (sem) => {
    acquires()
    Await(and(sem.writer.isNone, sem.waiters.isEmpty))
    Misuse(
      'mmap_read_lock() by a thread that reads it already: a deadlock as soon as a writer comes between',
      not(sem.readers.has(current)),
    )
    sem.readers.add(current)
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_read_trylock' },
)

/** No thread owns it, and no handoff was asked for: the reader passes the queue and takes the readers in it along. */
const rwsem_rlock_steal = atomic(
  'rwsem_rlock_steal',
  [ref(MmapLock)],
  (sem) => {
    acquires()
    Await(and(is_free(sem), not(sem.waiters.isEmpty), not(sem.handoff)))
    sem.readers.add(current)
    wake_readers(sem)
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_down_read_slowpath' },
)

const rwsem_down_read_slowpath = atomic(
  'rwsem_down_read_slowpath',
  [ref(MmapLock)],
  (sem) => {
    acquires()
    Await(or(sem.writer.isSome, and(not(sem.waiters.isEmpty), or(not(sem.readers.isEmpty), sem.handoff))))
    Misuse('mmap_read_lock() by a thread that reads it already', not(sem.readers.has(current)))
    If(sem.waiting_readers.isEmpty, () => sem.waiters.push(Waiter.read))
    sem.waiting_readers.add(current)
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_down_read_slowpath' },
)

/** The reader was let in, or is at the head while no writer owns it, and lets all in. */
const rwsem_mark_wake = atomic(
  'rwsem_mark_wake',
  [ref(MmapLock)],
  (sem) => {
    Acquire(or(sem.readers.has(current), and(is_first(sem, current), sem.writer.isNone)), (thread) =>
      holds_up(sem, thread),
    )
    If(not(sem.readers.has(current)), () => wake_readers(sem))
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_mark_wake' },
)

/** At the head, and it has waited too long. */
const rwsem_handoff = atomic(
  'rwsem_handoff',
  [ref(MmapLock)],
  (sem) => {
    Acquire(and(is_first(sem, current), not(sem.handoff), not(is_free(sem)), not(sem.readers.has(current))), (thread) =>
      holds_up(sem, thread),
    )
    sem.handoff.set(true)
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_try_write_lock, rwsem_mark_wake' },
)

/** Waits in the queue until `granted`, and may ask for the handoff meanwhile. */
const waits = (sem: PlaceOf<typeof MmapLock>, granted: () => Recorded): Recorded =>
  Loop(() => {
    Either(
      () => {
        granted()
        Break()
      },
      () => rwsem_handoff(sem),
    )
  })

/** Takes it for reading; sleeps until it is granted. */
export const mmap_read_lock = procedure('mmap_read_lock', [ref(MmapLock)], (sem) => {
  might_sleep()
  Either(
    () => rwsem_read_trylock(sem),
    () => rwsem_rlock_steal(sem),
    () => {
      rwsem_down_read_slowpath(sem)
      waits(sem, () => rwsem_mark_wake(sem))
    },
  )
})

/** Takes it for reading if no thread writes it and none waits, and says whether it did. */
export const mmap_read_trylock = atomic(
  'mmap_read_trylock',
  [ref(MmapLock)],
  (sem) => {
    const taken = Let('taken', and(sem.writer.isNone, sem.waiters.isEmpty))
    If(taken, () => {
      Misuse('mmap_read_trylock() by a thread that reads it already', not(sem.readers.has(current)))
      sem.readers.add(current)
    })
    return taken
  },
  { source: '6.1 kernel/locking/rwsem.c __down_read_trylock' },
)

/** Gives back what `mmap_read_lock` took. By a thread that does not read it: lock misuse. */
export const mmap_read_unlock = atomic(
  'mmap_read_unlock',
  [ref(MmapLock)],
  (sem) => {
    Misuse('mmap_read_unlock() by a thread that does not read it', sem.readers.has(current))
    sem.readers.remove(current)
  },
  { source: '6.1 kernel/locking/rwsem.c __up_read' },
)

const rwsem_write_trylock = atomic(
  'rwsem_write_trylock',
  [ref(MmapLock)],
  (sem) => {
    acquires()
    Await(and(is_free(sem), sem.waiters.isEmpty))
    sem.writer.set(current)
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_write_trylock' },
)

/** Optimistic spinning: no thread owns it, some thread waits, and no handoff was asked for. */
const rwsem_try_write_lock_unqueued = atomic(
  'rwsem_try_write_lock_unqueued',
  [ref(MmapLock)],
  (sem) => {
    acquires()
    Await(and(is_free(sem), not(sem.waiters.isEmpty), not(sem.handoff)))
    sem.writer.set(current)
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_try_write_lock_unqueued' },
)

const rwsem_down_write_slowpath = atomic(
  'rwsem_down_write_slowpath',
  [ref(MmapLock)],
  (sem) => {
    acquires()
    Await(or(not(is_free(sem)), sem.handoff))
    Misuse('mmap_write_lock() by a thread that owns it', not(holds_mmap_lock(sem, current)))
    sem.waiters.push(Waiter.write({ task: current }))
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_down_write_slowpath' },
)

/** No thread owns it, and the handoff is not for another. */
const rwsem_try_write_lock = atomic(
  'rwsem_try_write_lock',
  [ref(MmapLock)],
  (sem) => {
    Acquire(and(is_free(sem), or(is_first(sem, current), not(sem.handoff))), (thread) => holds_up(sem, thread))
    sem.waiters.discard(Waiter.write({ task: current }))
    sem.handoff.set(false)
    sem.writer.set(current)
  },
  { source: '6.1 kernel/locking/rwsem.c rwsem_try_write_lock' },
)

/** Takes it for writing; sleeps until it is granted. */
export const mmap_write_lock = procedure('mmap_write_lock', [ref(MmapLock)], (sem) => {
  might_sleep()
  Either(
    () => rwsem_write_trylock(sem),
    () => rwsem_try_write_lock_unqueued(sem),
    () => {
      rwsem_down_write_slowpath(sem)
      waits(sem, () => rwsem_try_write_lock(sem))
    },
  )
})

/** Takes it for writing if no thread owns it and none waits, and says whether it did. */
export const mmap_write_trylock = atomic(
  'mmap_write_trylock',
  [ref(MmapLock)],
  (sem) => {
    const taken = Let('taken', and(is_free(sem), sem.waiters.isEmpty))
    If(taken, () => sem.writer.set(current))
    return taken
  },
  { source: '6.1 kernel/locking/rwsem.c __down_write_trylock' },
)

/** Gives back what `mmap_write_lock` took. By a thread that does not write it: lock misuse. */
export const mmap_write_unlock = atomic(
  'mmap_write_unlock',
  [ref(MmapLock)],
  (sem) => {
    Misuse('mmap_write_unlock() by a thread that does not write it', sem.writer.eq(current))
    sem.writer.set(none)
  },
  { source: '6.1 kernel/locking/rwsem.c __up_write' },
)

/**
 * A writer becomes a reader, without a moment in which it owns nothing; readers at the head of the queue come in with
 * it.
 */
export const mmap_write_downgrade = atomic(
  'mmap_write_downgrade',
  [ref(MmapLock)],
  (sem) => {
    Misuse('mmap_write_downgrade() by a thread that does not write it', sem.writer.eq(current))
    sem.writer.set(none)
    sem.readers.add(current)
    If(and(not(sem.waiters.isEmpty), sem.waiters.head.is('read')), () => wake_readers(sem))
  },
  { source: '6.1 kernel/locking/rwsem.c __downgrade_write' },
)

/** Whether the thread owns it, for reading or writing. */
export const holds_mmap_lock = (sem: Lock, thread: Id<'Thread'>): Condition =>
  or(sem.writer.eq(thread), sem.readers.has(thread))
