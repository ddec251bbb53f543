/** The buffer that the pages of the ranges are in (struct svm_range_bo), and who has a reference to it or its pages. */
import { array, Assert, Bool, not, range, setOf, shared, struct, Thread, type Id } from 'hmmcheck'
import { Mutex, Spinlock, Va } from 'hmmcheck/kernel'
import { buffer_references, range_lifetime } from './properties.ts'
import { Prange, range_is } from './state.ts'

/**
 * The buffer. Its count: one reference for each range that has pages in it, one for each page, one for the work that
 * evicts it.
 */
export const svm_bo = shared(
  'svm_bo',
  struct('svm_range_bo', {
    kref: range(0, 5),
    list_lock: Spinlock,
    /** Ranges whose `svm_bo_list` is in it. */
    range_list: setOf(Prange),
    /** TTM has asked the eviction fence: the work is queued. */
    wanted: Bool,
    signalled: Bool,
    eviction_queued: Bool,
    eviction_runs: Bool,
    release_queued: Bool,
    freed: Bool,
  }),
)

/** Ranges whose `svm_bo` points to the buffer. */
export const points_to_bo = shared('points_to_bo', setOf(Prange))
/** Ranges that have a reference to the buffer: `ttm_res` is not NULL. */
export const ttm_res = shared('ttm_res', setOf(Prange))
/** Ranges with pages in the buffer: `actual_loc`. */
export const located = shared('located', setOf(Prange))

/** Addresses at which the process has an entry for a page of the buffer. */
export const parent_maps = shared('parent_maps', setOf(Va))
/** The same of its child. */
export const child_maps = shared('child_maps', setOf(Va))
/** References of faults to the page of an address. */
export const bo_page_refs = shared('bo_page_refs', array(Va, setOf(Thread)))
/** Pages that are in use: each has a reference to the buffer, in its `zone_device_data`. */
export const pages_used = shared('pages_used', setOf(Va))
/** Pages that a migration has taken out of the page tables. */
export const bo_migrating = shared('bo_migrating', setOf(Va))

/** The page table locks of the process and of its child. */
export const parent_ptl = shared('parent_ptl', Spinlock)
export const child_ptl = shared('child_ptl', Spinlock)

export const range_migrate_mutex = shared('range_migrate_mutex', array(Prange, Mutex))
/** Ranges that deferred work is to free. */
export const ranges_to_free = shared('ranges_to_free', setOf(Prange))

/** The struct svm_range_bo is there still. For a step. */
export const bo_is_there = (what: string) =>
  Assert(buffer_references.property, not(svm_bo.freed), `${what}: the struct svm_range_bo was freed: use after free`)

/** The range is there still. For a step. */
export const prange_is_there = (prange: Id<'Prange'>, what: string) =>
  Assert(range_lifetime.property, range_is.at(prange).ne('freed'), `${what}: the range was freed: use after free`)
