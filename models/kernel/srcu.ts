/** Sleepable RCU (include/linux/srcu.h): who reads, and how to wait until those who read now have left. */
import { Acquire, atomic, current, ForEach, If, Misuse, procedure, ref, setOf, Step, struct, Thread } from '../../src/language/index.ts'
import { might_sleep } from './spinlock.ts'

/** struct srcu_struct. Readers do not nest here. */
export const Srcu = struct('srcu_struct', { readers: setOf(Thread), awaited: setOf(Thread) }).as('srcu')

export const srcu_read_lock = atomic('srcu_read_lock', [ref(Srcu)], (srcu) => srcu.readers.add(current))

export const srcu_read_unlock = atomic('srcu_read_unlock', [ref(Srcu)], (srcu) => {
  Misuse('srcu_read_unlock() outside a read section', srcu.readers.has(current))
  srcu.readers.remove(current)
  srcu.awaited.remove(current)
}, { source: '4.13 include/linux/srcu.h srcu_read_unlock' })

/** Waits for the readers there are now; who comes later is not waited for. Two that wait at once wait for the readers of both. */
export const synchronize_srcu = procedure('synchronize_srcu', [ref(Srcu)], (srcu) => {
  might_sleep()
  Step('synchronize_srcu: begins', () => {
    ForEach(Thread, (thread) => {
      If(srcu.readers.has(thread), () => srcu.awaited.add(thread))
    })
  })
  Step('synchronize_srcu: no reader of then is left', () => {
    Acquire(srcu.awaited.isEmpty, (thread) => srcu.awaited.has(thread))
  })
}, { source: '4.13 kernel/rcu/srcutree.c synchronize_srcu' })
