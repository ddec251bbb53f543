/**
 * What the protocol has and what it lacks: one boolean constant each. Patch 03/15 as posted has every lock and check,
 * and none of the corrections.
 * The names are explained in fix-list.ts.
 */
import { constant, fix, oneOf } from 'hmmcheck'

// Corrections that came later.
export const invalidate_at_start = fix('invalidate-at-start')
export const count_open_brackets = fix('count-open-brackets')
export const release_callback = fix('release-callback')
export const release_before_unlink = fix('release-before-unlink')
export const publish_before_callback = fix('publish-before-callback')
export const unregister_unhooks = fix('unregister-unhooks')
export const unregister_mmap_sem = fix('unregister-mmap-sem')
export const unregister_guard = fix('unregister-guard')
export const rmap_brackets = fix('rmap-brackets')

// Locks.
export const fault_mmap_sem = fix('fault-mmap-sem')
export const munmap_mmap_sem = fix('munmap-mmap-sem')
export const device_fault_mmap_sem = fix('device-fault-mmap-sem')
export const register_mmap_sem = fix('register-mmap-sem')
export const mirrors_sem_callback = fix('mirrors-sem-callback')
export const mirrors_sem_register = fix('mirrors-sem-register')
export const mirrors_sem_unregister = fix('mirrors-sem-unregister')
export const mirrors_sem_release = fix('mirrors-sem-release')
export const hmm_lock = fix('hmm-lock')
export const driver_lock = fix('driver-lock')
export const page_table_lock = fix('page-table-lock')
export const pte_lock = fix('pte-lock')
export const rmap_lock = fix('rmap-lock')
export const take_all_locks = fix('take-all-locks')
export const synchronize = fix('synchronize-srcu')
export const fault_mmget = fix('fault-mmget')
export const bind_mmget = fix('bind-mmget')

// Checks.
export const range_done_check = fix('range-done-check')
export const end_invalidates_ranges = fix('end-invalidates-ranges')
export const present_check = fix('present-check')
export const loser_check = fix('loser-check')
export const pte_none_check = fix('pte-none-check')
export const bound_check = fix('bound-check')
export const bound_recheck = fix('bound-recheck')
export const unbind_clears = fix('unbind-clears')

// What a driver does wrong, or otherwise than it should.
/** Calls from the callback what must not be called there, or takes or waits for what must not be waited for there. */
export const callback_does = constant(
  'callback-does',
  oneOf('its-work', 'unregister', 'register', 'wait-for-reclaim', 'take-mmap-sem', 'give-up', 'mmput'),
)
/** Calls hmm_mirror_unregister() a second time. */
export const unregister_twice = fix('unregister-twice')
/** How it learns that its snapshot is out of date: hmm_vma_range_done(), or a look at hmm->sequence. */
export const retry_by = constant('retry-by', oneOf('range-valid', 'sequence'))

// What a scenario starts from.
/** All devices are bound at the start; else none is. */
export const bound_at_start = fix('bound-at-start')

/** Devices are unbound, and the process can exit. */
export const teardown = fix('teardown')
