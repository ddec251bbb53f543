/** Read-write semaphores (include/linux/rwsem.h, kernel/locking/rwsem-xadd.c of 4.13). */
import {
  Acquire,
  and,
  atomic,
  Await,
  Bool,
  cond,
  constant,
  current,
  Either,
  If,
  Let,
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
  type Id,
  type ValueOf,
} from '../language/index.ts'
import { acquires } from './lockdep.ts'
import { might_sleep } from './spinlock.ts'

/** A thread in the queue, and what it waits for: RWSEM_WAITING_FOR_WRITE or RWSEM_WAITING_FOR_READ. */
const Waiter = struct('rwsem_waiter', { task: Thread, write: Bool })

/**
 * struct rw_semaphore: its owners, and the first-in first-out queue of those who wait.
 *
 * - Uncontended, taking it is one transition.
 * - Contended, it is two: the thread joins the queue, and later it is granted the semaphore: at the head of the queue
 *   a writer once no thread owns it, a reader once no writer owns it. Readers that stand one behind the other are
 *   granted it one after the other, and no thread comes between but a writer that steals it when the earlier readers
 *   have left already: as if the later ones had come later.
 * - A new reader never passes a waiter. So a reader that comes once more while it owns the semaphore may wait for a
 *   writer that waits for it:
 *   reading recursively is lock misuse, even when no writer is there to make it a deadlock.
 * - A semaphore without owners may be taken past the queue by a writer that is new or wakes up, where the constant
 *   `steal` says so (optimistic spinning, and the window between release and wake-up).
 *
 * From 5.11 on readers may steal too, and all readers in the queue are woken together. This is the older, stricter
 * form.
 */
export const Rwsem = struct('rw_semaphore', {
  writer: optional(Thread),
  readers: setOf(Thread),
  waiters: queueOf(Waiter, size(Thread)),
}).as('sem')

/**
 * Whether a writer may take a free semaphore past those who wait: a constant, true where the configuration says nothing
 * of it.
 */
export const steal = constant('steal', Bool, { default: true })

/** The fast path of down_read(). */
const __down_read = atomic(
  '__down_read',
  [ref(Rwsem)],
  (sem) => {
    acquires()
    Await(and(sem.writer.isNone, sem.waiters.isEmpty))
    Misuse(
      'down_read() by a thread that reads it already: a deadlock as soon as a writer comes between',
      not(sem.readers.has(current)),
    )
    sem.readers.add(current)
  },
  { source: '4.13 kernel/locking/rwsem.c down_read' },
)

/** The slow path of down_read(): to the end of the queue. */
const rwsem_down_read_failed = atomic(
  'rwsem_down_read_failed',
  [ref(Rwsem)],
  (sem) => {
    acquires()
    Await(or(sem.writer.isSome, not(sem.waiters.isEmpty)))
    sem.waiters.push(Waiter.value({ task: current, write: false }))
  },
  { source: '4.13 kernel/locking/rwsem-xadd.c rwsem_down_read_failed' },
)

/** The reader is at the head of the queue, and no writer owns it. */
const rwsem_read_granted = atomic(
  'rwsem_read_granted',
  [ref(Rwsem)],
  (sem) => {
    const first = sem.waiters.head.task
    Acquire(and(first.eq(current), sem.writer.isNone), (thread) =>
      cond(first.eq(current), sem.writer.eq(thread), first.eq(thread)),
    )
    sem.waiters.pop()
    sem.readers.add(current)
  },
  { source: '4.13 kernel/locking/rwsem-xadd.c __rwsem_mark_wake' },
)

/** Takes it for reading; sleeps until it is granted. */
export const down_read = procedure('down_read', [ref(Rwsem)], (sem) => {
  might_sleep()
  Either(
    () => __down_read(sem),
    () => {
      rwsem_down_read_failed(sem)
      rwsem_read_granted(sem)
    },
  )
})

/** Takes it for reading if that needs no waiting, and says whether it did. */
export const down_read_trylock = atomic(
  'down_read_trylock',
  [ref(Rwsem)],
  (sem) => {
    const taken = Let('taken', and(sem.writer.isNone, sem.waiters.isEmpty))
    If(taken, () => {
      Misuse('down_read_trylock() by a thread that reads it already', not(sem.readers.has(current)))
      sem.readers.add(current)
    })
    return taken
  },
  { source: '4.13 kernel/locking/rwsem.c down_read_trylock' },
)

/** Gives back what `down_read` took. By a thread that does not read it: lock misuse. */
export const up_read = atomic(
  'up_read',
  [ref(Rwsem)],
  (sem) => {
    Misuse('up_read() by a thread that does not read it', sem.readers.has(current))
    sem.readers.remove(current)
  },
  { source: '4.13 kernel/locking/rwsem.c up_read' },
)

/** The fast path of down_write(). */
const __down_write = atomic(
  '__down_write',
  [ref(Rwsem)],
  (sem) => {
    acquires()
    Await(and(sem.writer.isNone, sem.readers.isEmpty, or(steal, sem.waiters.isEmpty)))
    sem.writer.set(current)
  },
  { source: '4.13 kernel/locking/rwsem.c down_write' },
)

/** The slow path of down_write(): to the end of the queue. */
const rwsem_down_write_failed = atomic(
  'rwsem_down_write_failed',
  [ref(Rwsem)],
  (sem) => {
    acquires()
    Await(or(sem.writer.isSome, not(sem.readers.isEmpty), not(sem.waiters.isEmpty)))
    sem.waiters.push(Waiter.value({ task: current, write: true }))
  },
  { source: '4.13 kernel/locking/rwsem-xadd.c rwsem_down_write_failed' },
)

/** No thread owns it, and the writer is at the head of the queue or steals. */
const rwsem_write_granted = atomic(
  'rwsem_write_granted',
  [ref(Rwsem)],
  (sem) => {
    const first = sem.waiters.head.task
    const turn = or(steal, first.eq(current))
    Acquire(and(turn, sem.writer.isNone, sem.readers.isEmpty), (thread) =>
      cond(turn, or(sem.writer.eq(thread), sem.readers.has(thread)), first.eq(thread)),
    )
    sem.waiters.discard(Waiter.value({ task: current, write: true }))
    sem.writer.set(current)
  },
  { source: '4.13 kernel/locking/rwsem-xadd.c rwsem_try_write_lock' },
)

/** Takes it for writing; sleeps until it is granted. */
export const down_write = procedure('down_write', [ref(Rwsem)], (sem) => {
  might_sleep()
  Either(
    () => __down_write(sem),
    () => {
      rwsem_down_write_failed(sem)
      rwsem_write_granted(sem)
    },
  )
})

/** Takes it for writing if it is free, and says whether it did. */
export const down_write_trylock = atomic(
  'down_write_trylock',
  [ref(Rwsem)],
  (sem) => {
    const taken = Let('taken', and(sem.writer.isNone, sem.readers.isEmpty, sem.waiters.isEmpty))
    If(taken, () => sem.writer.set(current))
    return taken
  },
  { source: '4.13 kernel/locking/rwsem.c down_write_trylock' },
)

/** Gives back what `down_write` took. By a thread that does not write it: lock misuse. */
export const up_write = atomic(
  'up_write',
  [ref(Rwsem)],
  (sem) => {
    Misuse('up_write() by a thread that does not write it', sem.writer.eq(current))
    sem.writer.set(none)
  },
  { source: '4.13 kernel/locking/rwsem.c up_write' },
)

/** A writer becomes a reader, without a moment in which it owns nothing. */
export const downgrade_write = atomic(
  'downgrade_write',
  [ref(Rwsem)],
  (sem) => {
    Misuse('downgrade_write() by a thread that does not write it', sem.writer.eq(current))
    sem.writer.set(none)
    sem.readers.add(current)
  },
  { source: '4.13 kernel/locking/rwsem.c downgrade_write' },
)

/** Whether the thread owns it, for reading or writing. */
export const holds_rwsem = (sem: ValueOf<typeof Rwsem>, thread: Id<'Thread'>): Bool =>
  or(sem.writer.eq(thread), sem.readers.has(thread))

/** No thread owns it and none waits for it: the memory it stands in may be freed. */
export const rwsem_is_idle = (sem: ValueOf<typeof Rwsem>): Bool =>
  and(sem.writer.isNone, sem.readers.isEmpty, sem.waiters.isEmpty)
