/**
 * rwlock_t: a spinning read-write lock with a queue (include/linux/rwlock.h, kernel/locking/qrwlock.c of 6.1). KVM's
 * mmu_lock is one.
 */
import {
  Acquire,
  and,
  atomic,
  Await,
  Bool,
  cond,
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
  type Bool as Condition,
  type Id,
  type ValueOf,
} from '../language/index.ts'
import { acquires } from './lockdep.ts'
import { non_block_end, non_block_start } from './spinlock.ts'

/** A thread that spins in the queue, and what for. */
const Spinner = struct('qrwlock_spinner', { task: Thread, write: Bool })

/**
 * rwlock_t as it is on most machines, a queued lock: its owners, and the spinning threads, in their order.
 *
 * - Uncontended, taking it is one transition; contended it is two: the thread joins the queue, and is granted the
 *   lock when it stands at its head.
 * - A new reader passes the readers in the queue, and never a writer at its head (_QW_WAITING). So a thread that
 *   reads it already must not read it again: that is lock misuse. An interrupt handler may; there are none here.
 * - Its owners must not sleep.
 */
export const Rwlock = struct('rwlock_t', {
  writer: optional(Thread),
  readers: setOf(Thread),
  waiters: queueOf(Spinner, size(Thread)),
}).as('lock')

type Lock = ValueOf<typeof Rwlock>

const writer_waits = (lock: Lock): Condition => and(not(lock.waiters.isEmpty), lock.waiters.head.write)
const may_read = (lock: Lock): Condition => and(lock.writer.isNone, not(writer_waits(lock)))
const may_write = (lock: Lock): Condition => and(lock.writer.isNone, lock.readers.isEmpty, lock.waiters.isEmpty)
const is_first = (lock: Lock): Condition => and(not(lock.waiters.isEmpty), lock.waiters.head.task.eq(current))

const queued_read_lock = atomic(
  'queued_read_lock',
  [ref(Rwlock)],
  (lock) => {
    acquires()
    Await(may_read(lock))
    Misuse(
      'read_lock() by a thread that reads it already: a deadlock as soon as a writer comes between',
      not(lock.readers.has(current)),
    )
    lock.readers.add(current)
    non_block_start()
  },
  { source: '6.1 include/asm-generic/qrwlock.h queued_read_lock' },
)

const queued_read_lock_slowpath = atomic(
  'queued_read_lock_slowpath',
  [ref(Rwlock)],
  (lock) => {
    acquires()
    Await(not(may_read(lock)))
    Misuse('read_lock() by a thread that owns it', not(holds_rwlock(lock, current)))
    lock.waiters.push(Spinner.value({ task: current, write: false }))
    non_block_start()
  },
  { source: '6.1 kernel/locking/qrwlock.c queued_read_lock_slowpath' },
)

const queued_read_lock_granted = atomic(
  'queued_read_lock_granted',
  [ref(Rwlock)],
  (lock) => {
    const first = lock.waiters.head.task
    Acquire(and(is_first(lock), lock.writer.isNone), (thread) =>
      cond(first.eq(current), lock.writer.eq(thread), first.eq(thread)),
    )
    lock.waiters.pop()
    lock.readers.add(current)
  },
  { source: '6.1 kernel/locking/qrwlock.c queued_read_lock_slowpath' },
)

/** Takes it for reading; spins until it is granted. */
export const read_lock = procedure('read_lock', [ref(Rwlock)], (lock) => {
  Either(
    () => queued_read_lock(lock),
    () => {
      queued_read_lock_slowpath(lock)
      queued_read_lock_granted(lock)
    },
  )
})

/** Takes it for reading if that needs no waiting, and says whether it did. */
export const read_trylock = atomic(
  'read_trylock',
  [ref(Rwlock)],
  (lock) => {
    const taken = Let('taken', may_read(lock))
    If(taken, () => {
      Misuse('read_trylock() by a thread that reads it already', not(lock.readers.has(current)))
      lock.readers.add(current)
      non_block_start()
    })
    return taken
  },
  { source: '6.1 include/asm-generic/qrwlock.h queued_read_trylock' },
)

/** Gives back what `read_lock` took; the thread may sleep again. By a thread that does not read it: lock misuse. */
export const read_unlock = atomic(
  'read_unlock',
  [ref(Rwlock)],
  (lock) => {
    Misuse('read_unlock() by a thread that does not read it', lock.readers.has(current))
    lock.readers.remove(current)
    non_block_end()
  },
  { source: '6.1 include/asm-generic/qrwlock.h queued_read_unlock' },
)

const queued_write_lock = atomic(
  'queued_write_lock',
  [ref(Rwlock)],
  (lock) => {
    acquires()
    Await(may_write(lock))
    lock.writer.set(current)
    non_block_start()
  },
  { source: '6.1 include/asm-generic/qrwlock.h queued_write_lock' },
)

const queued_write_lock_slowpath = atomic(
  'queued_write_lock_slowpath',
  [ref(Rwlock)],
  (lock) => {
    acquires()
    Await(not(may_write(lock)))
    Misuse('write_lock() by a thread that owns it', not(holds_rwlock(lock, current)))
    lock.waiters.push(Spinner.value({ task: current, write: true }))
    non_block_start()
  },
  { source: '6.1 kernel/locking/qrwlock.c queued_write_lock_slowpath' },
)

const queued_write_lock_granted = atomic(
  'queued_write_lock_granted',
  [ref(Rwlock)],
  (lock) => {
    const first = lock.waiters.head.task
    Acquire(and(is_first(lock), lock.writer.isNone, lock.readers.isEmpty), (thread) =>
      cond(first.eq(current), or(lock.writer.eq(thread), lock.readers.has(thread)), first.eq(thread)),
    )
    lock.waiters.pop()
    lock.writer.set(current)
  },
  { source: '6.1 kernel/locking/qrwlock.c queued_write_lock_slowpath' },
)

/** Takes it for writing; spins until it is granted. */
export const write_lock = procedure('write_lock', [ref(Rwlock)], (lock) => {
  Either(
    () => queued_write_lock(lock),
    () => {
      queued_write_lock_slowpath(lock)
      queued_write_lock_granted(lock)
    },
  )
})

/** Takes it for writing if no thread owns it and none spins, and says whether it did. */
export const write_trylock = atomic(
  'write_trylock',
  [ref(Rwlock)],
  (lock) => {
    const taken = Let('taken', may_write(lock))
    If(taken, () => {
      lock.writer.set(current)
      non_block_start()
    })
    return taken
  },
  { source: '6.1 include/asm-generic/qrwlock.h queued_write_trylock' },
)

/** Gives back what `write_lock` took; the thread may sleep again. By a thread that does not write it: lock misuse. */
export const write_unlock = atomic(
  'write_unlock',
  [ref(Rwlock)],
  (lock) => {
    Misuse('write_unlock() by a thread that does not write it', lock.writer.eq(current))
    lock.writer.set(none)
    non_block_end()
  },
  { source: '6.1 include/asm-generic/qrwlock.h queued_write_unlock' },
)

/** Whether the thread owns it, for reading or writing. */
export const holds_rwlock = (lock: Lock, thread: Id<'Thread'>): Condition =>
  or(lock.writer.eq(thread), lock.readers.has(thread))
