/**
 * The parts that the protocol has or lacks: one boolean constant each. Patch 03/15 as posted has every lock and check,
 * and none of the corrections.
 */
import { constant, fix, oneOf } from 'hmmcheck'

const posted = '[03/15] mm/hmm.c, June 2017'
const snapshot = '[04/15] mm/hmm.c, June 2017'
const pattern = "hmm.h of 03/15 and 4.20, the driver's side"
const core = 'mm/ of 4.13'

// Corrections that came later.
export const invalidate_at_start = fix('invalidate-at-start', {
  kind: 'correction',
  source: 'ec131b2d7fa6 (4.20), B-01',
  summary: 'ranges become invalid and mirrors are called in invalidate_range_start; as posted, in invalidate_range_end',
})
export const count_open_brackets = fix('count-open-brackets', {
  kind: 'correction',
  source: 'a3e0d41c2b1f (5.2), B-02',
  summary:
    'hmm->notifiers counts open brackets; a range that is registered while it is not 0 is invalid from the start',
})
export const release_callback = fix('release-callback', {
  kind: 'correction',
  source: 'mail "HMM should have a callback before MM is destroyed" (4.17), B-78',
  summary: "the notifier has a release method, through which drivers stop before the process's pages are freed",
})
export const release_before_unlink = fix('release-before-unlink', {
  kind: 'correction',
  source: 'mail "mm/hmm: Fix error flows / hold mirrors_sem in hmm_release" (5.3), found here for brackets',
  summary:
    'hmm_release calls a driver while its mirror is still in the list; as it came, it takes the mirror out first',
})
export const publish_before_callback = fix('publish-before-callback', {
  kind: 'correction',
  source: 'mail "fix race between hmm_mirror_unregister() and mmu_notifier callback" (4.20), B-79',
  summary: 'mm->hmm is set before the notifier is registered; as posted, after it',
})
export const unregister_unhooks = fix('unregister-unhooks', {
  kind: 'correction',
  source: 'mail "mm/hmm: unregister mmu_notifier when last HMM client quit" (4.17), B-17',
  summary: 'the last hmm_mirror_unregister takes the notifier away and frees struct hmm; as posted, both stay for ever',
})
export const unregister_mmap_sem = fix('unregister-mmap-sem', {
  kind: 'correction',
  source: 'what unregister-unhooks needs while struct hmm has no reference count; B-83',
  summary: 'hmm_mirror_unregister is called with mmap_sem in write mode, as hmm_mirror_register is',
})
export const unregister_guard = fix('unregister-guard', {
  kind: 'correction',
  source: '4.17 mm/hmm.c hmm_mirror_unregister, B-84',
  summary: 'hmm_mirror_unregister of a mirror that is not registered does nothing',
})
export const rmap_brackets = fix('rmap-brackets', {
  kind: 'correction',
  source: '369ea8242c0f (4.14), B-08',
  summary: 'the reverse map announces a change before it, in a bracket; as it was, by invalidate_page after it',
})

// Locks.
export const fault_mmap_sem = fix('fault-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: "a CPU's page fault holds mmap_sem in read mode",
})
export const munmap_mmap_sem = fix('munmap-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: 'munmap holds mmap_sem in write mode',
})
export const device_fault_mmap_sem = fix('device-fault-mmap-sem', {
  kind: 'lock',
  source: pattern,
  summary: "a driver's fault handler holds mmap_sem in read mode around snapshot and installation",
})
export const register_mmap_sem = fix('register-mmap-sem', {
  kind: 'lock',
  source: `${posted}: "THE mm->mmap_sem MUST BE HELD IN WRITE MODE !"`,
  summary: 'hmm_mirror_register is called with mmap_sem in write mode',
})
export const mirrors_sem_callback = fix('mirrors-sem-callback', {
  kind: 'lock',
  source: posted,
  summary: 'hmm_invalidate_range walks the mirrors with mirrors_sem in read mode',
})
export const mirrors_sem_register = fix('mirrors-sem-register', {
  kind: 'lock',
  source: posted,
  summary: 'hmm_mirror_register adds to the mirrors with mirrors_sem in write mode',
})
export const mirrors_sem_unregister = fix('mirrors-sem-unregister', {
  kind: 'lock',
  source: posted,
  summary: 'hmm_mirror_unregister takes from the mirrors with mirrors_sem in write mode',
})
export const mirrors_sem_release = fix('mirrors-sem-release', {
  kind: 'lock',
  source: '4.17 and 5.3 mm/hmm.c hmm_release',
  summary: 'hmm_release holds mirrors_sem',
})
export const hmm_lock = fix('hmm-lock', {
  kind: 'lock',
  source: snapshot,
  summary: 'hmm->lock is taken around the list of ranges, their valid flags and the count of brackets',
})
export const driver_lock = fix('driver-lock', {
  kind: 'lock',
  source: pattern,
  summary: "the driver's lock is taken in its callback, and around hmm_vma_range_done and installation",
})
export const page_table_lock = fix('page-table-lock', {
  kind: 'lock',
  source: posted,
  summary: 'mm->page_table_lock is taken around the test and setting of mm->hmm',
})
export const pte_lock = fix('pte-lock', {
  kind: 'lock',
  source: core,
  summary: 'the page table lock is taken around the second test and setting of an entry in a fault',
})
export const rmap_lock = fix('rmap-lock', {
  kind: 'lock',
  source: core,
  summary: 'a walk of the reverse map holds i_mmap_rwsem or an anon_vma lock',
})
export const take_all_locks = fix('take-all-locks', {
  kind: 'lock',
  source: core,
  summary: 'registering a notifier takes every lock under which a bracket may run',
})
export const synchronize = fix('synchronize-srcu', {
  kind: 'lock',
  source: core,
  summary: 'unregistering a notifier, and exit, wait for methods that still run',
})
export const fault_mmget = fix('fault-mmget', {
  kind: 'lock',
  source: pattern,
  summary: "a driver's fault handler holds a reference of mm_users",
})
export const bind_mmget = fix('bind-mmget', {
  kind: 'lock',
  source: pattern,
  summary: 'binding a device holds a reference of mm_users',
})

// Checks.
export const range_done_check = fix('range-done-check', {
  kind: 'check',
  source: snapshot,
  summary: 'what hmm_vma_range_done answers is looked at',
})
export const end_invalidates_ranges = fix('end-invalidates-ranges', {
  kind: 'check',
  source: snapshot,
  summary: 'invalidate_range_end makes the ranges invalid too, as it does up to 5.1',
})
export const present_check = fix('present-check', {
  kind: 'check',
  source: posted,
  summary: 'hmm_register first looks whether there is a struct hmm',
})
export const loser_check = fix('loser-check', {
  kind: 'check',
  source: posted,
  summary: 'hmm_register looks once more before it sets mm->hmm',
})
export const pte_none_check = fix('pte-none-check', {
  kind: 'check',
  source: core,
  summary: 'a fault tests once more that the entry is none before it sets it',
})
export const bound_check = fix('bound-check', {
  kind: 'check',
  source: pattern,
  summary: "a driver's fault handler tests that the device is still bound, before the snapshot",
})
export const bound_recheck = fix('bound-recheck', {
  kind: 'check',
  source: pattern,
  summary: 'and once more, under its lock, before the installation',
})
export const unbind_clears = fix('unbind-clears', {
  kind: 'check',
  source: pattern,
  summary: 'a driver clears the device page table when it unbinds',
})

// What a driver does wrong, or otherwise than it should.
/** Calls from the callback what must not be called there, or takes or waits for what must not be waited for there. */
export const callback_does = constant(
  'callback-does',
  oneOf('its-work', 'unregister', 'register', 'wait-for-reclaim', 'take-mmap-sem', 'give-up', 'mmput'),
)
/** Calls hmm_mirror_unregister() a second time. */
export const unregister_twice = fix('unregister-twice')
/** The way the driver learns that its snapshot is out of date: hmm_vma_range_done(), or a look at hmm->sequence. */
export const retry_by = constant('retry-by', oneOf('range-valid', 'sequence'))

// What a scenario starts from.
/** All devices are bound at the start; else none is. */
export const bound_at_start = fix('bound-at-start')

/** Devices are unbound, and the process can exit. */
export const teardown = fix('teardown')
