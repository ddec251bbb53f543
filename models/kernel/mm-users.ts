/** Who uses an address space, and its end (include/linux/sched/mm.h, mmput() and exit_mmap()). */
import { Await, current, oneOf, setOf, shared, Thread, type Bool, type Recorded } from '../../src/language/index.ts'

/** Threads that hold a reference of mm_users beyond the process's own. */
const mm_users = shared('mm_users', setOf(Thread))

/** `exiting`: the last reference of mm_users is gone. `exited`: exit_mmap() is done, and the page table empty. */
export const mm_state = shared('mm_state', oneOf('alive', 'exiting', 'exited'))

/** mm_users is not 0. */
export const mm_is_alive = (): Bool => mm_state.eq('alive')

/** Takes a reference; for the step that begins an operation. It is not enabled once the process is gone. */
export function mmget(): Recorded {
  Await(mm_is_alive())
  return mm_users.add(current)
}

export const mmput = (): Recorded => mm_users.remove(current)

/** The last reference goes: `mmput()` of the process itself, when nobody else has one. For the step that begins the exit. */
export function mmput_last(): Recorded {
  Await(mm_users.isEmpty)
  return mm_state.set('exiting')
}
