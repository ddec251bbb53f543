/** The users of an address space, and its end (include/linux/sched/mm.h, mmput() and exit_mmap()). */
import {
  and,
  atomic,
  Await,
  Bool,
  current,
  If,
  Local,
  oneOf,
  or,
  procedure,
  setOf,
  shared,
  Step,
  Thread,
  type Recorded,
} from '../language/index.ts'

/** Threads that hold a reference of mm_users beyond the process's own. */
const mm_users = shared('mm_users', setOf(Thread))

/** `exiting`: the last reference of mm_users is gone. `exited`: exit_mmap() is done, and the page table empty. */
export const mm_state = shared('mm_state', oneOf('alive', 'exiting', 'exited'))

/** mm_users is not 0: the process, or somebody who uses its memory, is still there. */
export const mm_is_alive = (): Bool => mm_state.eq('alive')

/** Takes a reference; for the step that begins an operation. It is not enabled once the process is gone. */
export function mmget(): void {
  Await(mm_is_alive())
  mm_users.add(current)
}

/** Gives back what `mmget` took. For the step that ends an operation. */
export const mmput = (): Recorded => mm_users.remove(current)

/**
 * The last reference goes: `mmput()` of the process itself, when it has the only one. For the step that begins the
 * exit.
 */
export function mmput_last(): void {
  Await(mm_users.isEmpty)
  mm_state.set('exiting')
}

/**
 * Whether the process has dropped its reference, where it matters which thread drops the last, as it runs exit_mmap()
 * then: somebody else's may be the last. In a model that asks this, the process calls `mmput_of_process`, and the
 * others `mmput_and_exit`. Where its files matter, too, it calls `exit_mm`.
 */
const process_has_put = shared('process_has_put', Bool)

/** `mmput()` of the process itself. For a step. */
export const mmput_of_process = (): Recorded => process_has_put.set(true)

/**
 * exit_mm() of the last thread of the process: its own reference goes. If it was the last one, exit_mmap() runs in this
 * thread, and this returns when it is done; else in the thread that drops the last.
 */
export const exit_mm = procedure(
  'exit_mm',
  [],
  () => {
    const last = Local('last', Bool, false)
    Step('atomic_dec_and_test(&mm->mm_users)', () => {
      process_has_put.set(true)
      last.set(mm_users.isEmpty)
      If(last, () => mm_state.set('exiting'))
    })
    If(last, () => Step('exit_mmap(mm), in this thread', () => Await(mm_state.eq('exited'))))
  },
  { source: '6.1 kernel/exit.c exit_mm' },
)

/**
 * exit_mmap() begins: in a thread that `mmput_and_exit` keeps for it, or in none where it does not matter. For the
 * step that begins it.
 */
export function exit_begins(): void {
  Await(or(mm_state.eq('exiting'), mm_users.isEmpty))
  mm_state.set('exiting')
}

/** `mmget_not_zero()`: takes a reference unless the count is 0, and says whether it did. For a step. */
export const mmget_not_zero = atomic(
  'mmget_not_zero',
  [],
  () => {
    const taken = Local('taken', Bool)
    taken.set(mm_is_alive())
    If(taken, () => mm_users.add(current))
    return taken
  },
  { source: '5.19 include/linux/sched/mm.h mmget_not_zero' },
)

/** `mmput()` that may be the last one: then exit_mmap() runs in this thread, and this returns when it is done. */
export const mmput_and_exit = procedure(
  'mmput_and_exit',
  [],
  () => {
    const last = Local('last', Bool, false)
    Step('atomic_dec_and_test(&mm->mm_users)', () => {
      mm_users.remove(current)
      last.set(and(process_has_put, mm_users.isEmpty, mm_is_alive()))
      If(last, () => mm_state.set('exiting'))
    })
    If(last, () => Step('exit_mmap(mm), in this thread', () => Await(mm_state.eq('exited'))))
  },
  { source: '5.10 kernel/fork.c mmput' },
)
