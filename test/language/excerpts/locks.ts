/** The kernel's sleeping locks. Each knows its holder, so that a wrong unlock is a violation with a name. */
import {
  and,
  Misuse,
  atomic,
  Await,
  current,
  If,
  Let,
  none,
  not,
  optional,
  procedure,
  ref,
  setOf,
  Step,
  struct,
  Thread,
} from '../../../src/language/index.ts'

/** include/linux/rwsem.h: a waiting writer holds back new readers, so a recursive read can deadlock. */
export const Rwsem = struct('rw_semaphore', {
  writer: optional(Thread),
  readers: setOf(Thread),
  waiting: setOf(Thread),
}).as('sem')

export const down_read = atomic('down_read', [ref(Rwsem)], (sem) => {
  Await(and(sem.writer.isNone, sem.waiting.isEmpty))
  sem.readers.add(current)
})

export const up_read = atomic('up_read', [ref(Rwsem)], (sem) => {
  Misuse('up_read() without down_read()', sem.readers.has(current))
  sem.readers.remove(current)
})

export const down_write = procedure('down_write', [ref(Rwsem)], (sem) => {
  Step('down_write: queue', () => {
    Misuse('down_write() while holding it', and(not(sem.readers.has(current)), sem.writer.ne(current)))
    sem.waiting.add(current)
  })
  Step('down_write: acquire', () => {
    Await(and(sem.writer.isNone, sem.readers.isEmpty))
    sem.waiting.remove(current)
    sem.writer.set(current)
  })
})

export const up_write = atomic('up_write', [ref(Rwsem)], (sem) => {
  Misuse('up_write() without down_write()', sem.writer.eq(current))
  sem.writer.set(none)
})

/** include/linux/mutex.h. */
export const Mutex = struct('mutex', { owner: optional(Thread) }).as('lock')

export const mutex_lock = atomic('mutex_lock', [ref(Mutex)], (lock) => {
  Misuse('mutex_lock() while holding it', lock.owner.ne(current))
  Await(lock.owner.isNone)
  lock.owner.set(current)
})

export const mutex_trylock = atomic('mutex_trylock', [ref(Mutex)], (lock) => {
  const taken = Let('taken', lock.owner.isNone)
  If(taken, () => lock.owner.set(current))
  return taken
})

export const mutex_unlock = atomic('mutex_unlock', [ref(Mutex)], (lock) => {
  Misuse('mutex_unlock() by a thread that does not own it', lock.owner.eq(current))
  lock.owner.set(none)
})
