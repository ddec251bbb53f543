/**
 * The parts that the protocol has or lacks: one boolean constant each. As merged in 5.2 it has every lock and check,
 * and none of the corrections.
 */
import { fix } from 'hmmcheck'

const hmm = '5.2 mm/hmm.c'

// Corrections that came later, or never.
export const uncount_on_failure = fix('uncount-on-failure', {
  kind: 'correction',
  source: '5a136b4ae327 (5.3), B-05',
  summary: 'a start that fails is taken out of the count',
})
export const refusal_is_returned = fix('refusal-is-returned', {
  kind: 'correction',
  source: '5a136b4ae327 (5.3), B-05',
  summary: "a start returns a mirror's -EAGAIN, which an inner `ret` has hidden",
})
export const validity_is_sticky = fix('validity-is-sticky', {
  kind: 'correction',
  source: '99cb252f5e68 (5.5), B-06',
  summary: 'a range that was invalidated stays so: a sequence number is compared for equality',
})
export const timeout_unregisters = fix('timeout-unregisters', {
  kind: 'correction',
  source: 'B-09, by reading',
  summary: 'hmm_vma_fault() unregisters its range when it has waited too long',
})
export const special_entries_fault = fix('special-entries-fault', {
  kind: 'correction',
  source: 'G6-91, by reading: reorganised in 5.7',
  summary: 'hmm_range_fault() faults swap entries in, and waits for migration entries',
})
export const unregister_last = fix('unregister-last', {
  kind: 'correction',
  source: 'G6-90, by reading: gone with 5.5',
  summary: 'a driver unregisters its range after the commit, and without its lock',
})

// Locks.
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: 'Documentation/vm/hmm.rst of 5.2: sync_cpu_device_pagetables() takes the lock',
  summary: "the driver's lock in its callback",
})
export const commit_lock = fix('commit-lock', {
  kind: 'lock',
  source: 'Documentation/vm/hmm.rst of 5.2: take_lock(driver->update)',
  summary: "the driver's lock around hmm_range_valid() and the new entry",
})

// Checks.
export const register_counts = fix('register-counts', {
  kind: 'check',
  source: `${hmm} hmm_range_register`,
  summary: 'a range that is registered while a bracket is open is not valid',
})
export const start_invalidates = fix('start-invalidates', {
  kind: 'check',
  source: `${hmm} hmm_invalidate_range_start`,
  summary: 'the start of a bracket makes the ranges over it invalid',
})
export const commit_checks_valid = fix('commit-checks-valid', {
  kind: 'check',
  source: 'Documentation/vm/hmm.rst of 5.2: hmm_range_valid()',
  summary: 'a driver asks hmm_range_valid() before it makes an entry',
})
export const callback_drops = fix('callback-drops', {
  kind: 'check',
  source: '5.2 include/linux/hmm.h sync_cpu_device_pagetables',
  summary: "the callback drops the device's entry",
})
export const end_counts = fix('end-counts', {
  kind: 'check',
  source: `${hmm} hmm_invalidate_range_end`,
  summary: 'ranges become valid when the last bracket ends, not at the end of any',
})
export const range_holds_mm = fix('range-holds-mm', {
  kind: 'check',
  source: '5.3 mm/hmm.c hmm_range_register: mmget_not_zero',
  summary: 'a registered range holds a reference of mm_users',
})
export const release_drops = fix('release-drops', {
  kind: 'check',
  source: '5.2 include/linux/hmm.h, release: "should stop using all pages from the address space"',
  summary: "the release callback drops the device's entry",
})

// What a scenario has.
/** The process exits. */
export const exits = fix('exits')
/** The release callback takes the driver's lock. */
export const release_locks = fix('release-locks')
/** The driver calls hmm_vma_fault(), whose range is on its stack. */
export const compat = fix('compat')
/** Entries may become swap or migration entries. */
export const special = fix('special')
