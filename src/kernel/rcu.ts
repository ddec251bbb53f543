/**
 * RCU (include/linux/rcupdate.h, kernel/rcu/tree.c of 6.1): who reads, and how to wait until those who read now have
 * left. One for the whole kernel.
 */
import {
  Acquire,
  array,
  atomic,
  current,
  ForEach,
  If,
  Misuse,
  procedure,
  range,
  shared,
  Step,
  Thread,
  type Bool,
  type Id,
  type Nothing,
  type SortType,
} from '../language/index.ts'
import { acquires } from './lockdep.ts'
import { might_sleep, non_block_end, non_block_start } from './spinlock.ts'
import { Srcu, srcuCallbacks } from './srcu.ts'

/** The threads in a read section, and those among them that a grace period waits for. */
const rcu = shared('rcu', Srcu)
/** The number of read sections that a thread has entered and not left: sections nest. */
const nesting = shared('rcu_read_lock_nesting', array(Thread, range(0, 3)))

/** The running thread is in a read section: rcu_read_lock_held(). */
export const rcu_read_lock_held = (): Bool => nesting.at(current).gt(0)

/**
 * Enters a read section. A thread in one must not sleep. An object that it finds by a pointer there is not freed before
 * the section ends.
 */
export const rcu_read_lock = atomic(
  'rcu_read_lock',
  [],
  () => {
    nesting.at(current).increment()
    rcu.readers.add(current)
    non_block_start()
  },
  { source: '6.1 include/linux/rcupdate.h rcu_read_lock', lockless: true },
)

/**
 * Makes a model's own `rcu_read_unlock()`, which leaves a read section. Outside one: misuse. Without `call_rcu()`, the
 * one below is enough.
 *
 * @param left further actions in the step in which the outermost section ends: `reader_left` of every `rcuCallbacks`
 */
export const rcuReadUnlock = (left: () => void = () => undefined) =>
  atomic(
    'rcu_read_unlock',
    [],
    () => {
      Misuse('rcu_read_unlock() outside a read section', rcu_read_lock_held())
      nesting.at(current).decrement()
      non_block_end()
      If(nesting.at(current).eq(0), () => {
        rcu.readers.remove(current)
        rcu.awaited.remove(current)
        left()
      })
    },
    { source: '6.1 include/linux/rcupdate.h rcu_read_unlock', lockless: true },
  )

/** Leaves a read section, where nothing is freed by `call_rcu()`. */
export const rcu_read_unlock = rcuReadUnlock()

/**
 * Waits a grace period: for every reader there is now; who comes later is not waited for. It sleeps, so it must not
 * be called in a read section.
 */
export const synchronize_rcu = procedure(
  'synchronize_rcu',
  [],
  () => {
    might_sleep()
    Step('synchronize_rcu: begins', () => {
      acquires()
      ForEach(Thread, (thread) => {
        If(rcu.readers.has(thread), () => rcu.awaited.add(thread))
      })
    })
    Step('synchronize_rcu: no reader of then is left', () => {
      Acquire(rcu.awaited.isEmpty, (thread) => rcu.awaited.has(thread))
    })
  },
  { source: '6.1 kernel/rcu/tree.c synchronize_rcu' },
)

/**
 * `call_rcu()` and `kfree_rcu()`: frees objects of a sort once no reader of now is left, without waiting. As
 * `srcuCallbacks`, for RCU.
 *
 * @param sort the objects
 * @param name of the variable that holds the rcu_heads
 * @param freed what is done then, in that step
 */
export function rcuCallbacks<const Sort extends string>(
  sort: SortType<Sort>,
  name: string,
  freed: (object: Id<Sort>) => Nothing,
) {
  const { is_queued, call_srcu, reader_left } = srcuCallbacks(sort, name, { srcu: rcu, freed })
  return {
    /** Whether it waits to be freed. */
    is_queued,
    /**
     * Frees it when the present readers have left, at once if there are none. For a step. Queued already: misuse.
     */
    call_rcu: call_srcu,
    /** Goes with the end of every read section: `rcuReadUnlock(reader_left)`. */
    reader_left,
  }
}
