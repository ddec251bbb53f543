/**
 * Atomic counters and references (include/linux/atomic.h, include/linux/refcount.h). Sequentially consistent, as
 * everything here is.
 */
import { atomic, If, Let, Misuse, range, ref } from '../language/index.ts'

/** Any counter: its bounds are those of the place that is passed. Leaving them is a domain error. */
const Counter = range(0, 1).as('v')

/** One more: atomic_inc(). Above the bound of the place it is a domain error. */
export const atomic_inc = atomic('atomic_inc', [ref(Counter)], (v) => v.increment())

/** One less: atomic_dec(). Below the bound of the place it is a domain error. */
export const atomic_dec = atomic('atomic_dec', [ref(Counter)], (v) => v.decrement())

/** Decrements, and says whether that made it 0. */
export const atomic_dec_and_test = atomic('atomic_dec_and_test', [ref(Counter)], (v) => {
  v.decrement()
  return Let('is_zero', v.eq(0))
})

/**
 * Takes one more reference on what has one already. On 0 it is misuse, as the kernel warns (refcount_warn_saturate()).
 */
export const refcount_inc = atomic('refcount_inc', [ref(Counter)], (r) => {
  Misuse('refcount_t: addition on 0; use-after-free', r.gt(0))
  r.increment()
})

/** Takes a reference unless the last one is gone, and says whether it did. */
export const refcount_inc_not_zero = atomic('refcount_inc_not_zero', [ref(Counter)], (r) => {
  const taken = Let('taken', r.gt(0))
  If(taken, () => r.increment())
  return taken
})

/** Drops a reference, and says whether it was the last. At 0 it is misuse. */
export const refcount_dec_and_test = atomic('refcount_dec_and_test', [ref(Counter)], (r) => {
  Misuse('refcount_t: underflow; use-after-free', r.gt(0))
  r.decrement()
  return Let('is_zero', r.eq(0))
})
