/** Sleepable RCU (include/linux/srcu.h): who reads, and how to wait until those who read now have left. */
import {
  Acquire,
  and,
  array,
  atomic,
  Bool,
  current,
  ForEach,
  If,
  Misuse,
  procedure,
  ref,
  setOf,
  shared,
  Step,
  struct,
  Thread,
  type Id,
  type Nothing,
  type PlaceOf,
  type Recorded,
  type SortType,
} from '../language/index.ts'
import { acquires } from './lockdep.ts'
import { might_sleep } from './spinlock.ts'

/** struct srcu_struct. Readers do not nest here. */
export const Srcu = struct('srcu_struct', { readers: setOf(Thread), awaited: setOf(Thread) }).as('srcu')

/**
 * Enters a read section, in which the thread may sleep: from here on `synchronize_srcu` waits for it. 4.13
 * include/linux/srcu.h srcu_read_lock.
 */
export const srcu_read_lock = atomic('srcu_read_lock', [ref(Srcu)], (srcu) => srcu.readers.add(current), {
  lockless: true,
})

/** Leaves the read section. Outside one: misuse. */
export const srcu_read_unlock = atomic(
  'srcu_read_unlock',
  [ref(Srcu)],
  (srcu) => {
    Misuse('srcu_read_unlock() outside a read section', srcu.readers.has(current))
    srcu.readers.remove(current)
    srcu.awaited.remove(current)
  },
  { source: '4.13 include/linux/srcu.h srcu_read_unlock', lockless: true },
)

/**
 * Waits for the readers there are now; who comes later is not waited for. Two that wait at once wait for the readers
 * of both.
 */
export const synchronize_srcu = procedure(
  'synchronize_srcu',
  [ref(Srcu)],
  (srcu) => {
    might_sleep()
    Step('synchronize_srcu: begins', () => {
      acquires()
      ForEach(Thread, (thread) => {
        If(srcu.readers.has(thread), () => srcu.awaited.add(thread))
      })
    })
    Step('synchronize_srcu: no reader of then is left', () => {
      Acquire(srcu.awaited.isEmpty, (thread) => srcu.awaited.has(thread))
    })
  },
  { source: '4.13 kernel/rcu/srcutree.c synchronize_srcu' },
)

/** struct rcu_head: an object that is freed once the readers at the time of `call_srcu` have left. */
const RcuHead = struct('rcu_head', { queued: Bool, readers: setOf(Thread) })

/**
 * `call_srcu()`: frees objects of a sort once no reader of now is left, without waiting. It is done at the first
 * moment at which it may be: in the step in which the last of those readers leaves, or at once. Later would free no
 * less, and nothing sooner.
 *
 * @param sort the objects
 * @param name of the variable that holds the rcu_heads
 * @param options `srcu`: whose readers are waited for. `freed`: what is done then, in that step
 */
export function srcuCallbacks<const Sort extends string>(
  sort: SortType<Sort>,
  name: string,
  { srcu, freed }: { readonly srcu: PlaceOf<typeof Srcu>; readonly freed: (object: Id<Sort>) => Nothing },
) {
  const heads = shared(name, array(sort, RcuHead))

  const run = (object: Id<Sort>): Recorded =>
    If(and(heads.at(object).queued, heads.at(object).readers.isEmpty), () => {
      heads.at(object).queued.set(false)
      freed(object)
    })

  return {
    /** Whether it waits to be freed. */
    is_queued: (object: Id<Sort>): Bool => heads.at(object).queued,

    /**
     * Frees it when the present readers have left, at once if there are none. For a step. Queued already: misuse.
     */
    call_srcu(object: Id<Sort>): void {
      Misuse('call_srcu() of what is queued already', heads.at(object).queued.eq(false))
      heads.at(object).queued.set(true)
      heads.at(object).readers.set(srcu.readers)
      run(object)
    },

    /** Goes with every srcu_read_unlock(), in its step. */
    reader_left: (): Recorded =>
      ForEach(sort, (object) => {
        heads.at(object).readers.remove(current)
        run(object)
      }),
  }
}
