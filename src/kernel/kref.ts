/** Reference counts of objects (include/linux/kref.h): a thread that finds the count at 0 must not use the object. */
import { atomic, range, ref } from '../language/index.ts'
import { refcount_dec_and_test, refcount_inc, refcount_inc_not_zero } from './atomic.ts'

/**
 * struct kref. Its bounds are those of the place that is passed: the most references that an object can have in the
 * model.
 */
const Kref = range(0, 1).as('kref')

/** The object is new, and its maker has the first reference. */
export const kref_init = atomic('kref_init', [ref(Kref)], (kref) => kref.set(1))

/** One more reference, by somebody who has one; on 0 it is misuse. */
export const kref_get = atomic('kref_get', [ref(Kref)], (kref) => refcount_inc(kref))

/**
 * A reference unless the last one is gone, and whether it was taken. The object must not have been freed: its count
 * is read.
 */
export const kref_get_unless_zero = atomic('kref_get_unless_zero', [ref(Kref)], (kref) => refcount_inc_not_zero(kref))

/** Drops a reference, and says whether it was the last: then the caller frees the object, and only the caller does. */
export const kref_put = atomic('kref_put', [ref(Kref)], (kref) => refcount_dec_and_test(kref))
