/**
 * The parts that the protocol has or lacks: one boolean constant each. A driver as it ships lacks corrections; no
 * kernel that was read has them all.
 */
import { fix } from 'hmmcheck'

const test_hmm = '6.1 lib/test_hmm.c'
const core = '6.1 mm/mmu_notifier.c'

// Corrections: none of them is in a kernel that was read, unless its source says so.
export const own_migrate_sets_seq = fix('own-migrate-sets-seq', {
  kind: 'correction',
  source: 'B-38, fault 2b of the recorded 6.1: open in test_hmm',
  summary: 'a callback calls mmu_interval_set_seq() for a migration of its own device, too',
})
export const own_migrate_zaps = fix('own-migrate-zaps', {
  kind: 'correction',
  source: 'B-38, G6-15, fault 2a of the recorded 6.1: open in test_hmm and nouveau',
  summary: 'a callback drops its entries for a migration of its own device, too',
})
export const owner_is_mirror = fix('owner-is-mirror', {
  kind: 'correction',
  source: 'B-39: open in test_hmm and nouveau, whose owner is the device',
  summary:
    'a callback takes for a migration of its own only one of its own mirror, and not of every mirror of its device',
})
export const erase_under_lock = fix('erase-under-lock', {
  kind: 'correction',
  source: 'B-38, fault 3 of the recorded 6.1: open in test_hmm',
  summary: "the driver's lock while a migration back to system memory drops the entry",
})
export const map_by_fault = fix('map-by-fault', {
  kind: 'correction',
  source: 'B-40, G6-15, fault 4 of the recorded 6.1: open in test_hmm and nouveau; amdkfd has it',
  summary: 'what was migrated to the device is mapped there by its next fault, and not by the migration',
})
export const maps_backing = fix('maps-backing', {
  kind: 'correction',
  source: 'fault 1 of the recorded 6.1: open in test_hmm',
  summary: 'a device fault on device memory maps the memory, and not the struct page that stands for it',
})

// Locks.
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: `${test_hmm} dmirror_interval_invalidate`,
  summary: "the driver's lock in its callback, around the number and the zap",
})
export const commit_lock = fix('commit-lock', {
  kind: 'lock',
  source: `${test_hmm} dmirror_range_fault`,
  summary: "the driver's lock around mmu_interval_read_retry() and the new entries",
})

// Checks.
export const callback_sets_seq = fix('callback-sets-seq', {
  kind: 'check',
  source: `${test_hmm} dmirror_interval_invalidate`,
  summary: 'a callback calls mmu_interval_set_seq()',
})
export const callback_zaps = fix('callback-zaps', {
  kind: 'check',
  source: `${test_hmm} dmirror_do_update`,
  summary: 'a callback drops the entries of its range',
})
export const commit_checks_seq = fix('commit-checks-seq', {
  kind: 'check',
  source: `${test_hmm} dmirror_range_fault`,
  summary: 'a device fault asks mmu_interval_read_retry() before it makes an entry',
})
export const walk_checks_seq = fix('walk-checks-seq', {
  kind: 'check',
  source: '6.1 mm/hmm.c hmm_range_fault',
  summary: 'the walk asks mmu_interval_check_retry() before it begins, and after each fault',
})
export const reader_waits = fix('reader-waits', {
  kind: 'check',
  source: `${core} mmu_interval_read_begin`,
  summary: 'a device fault waits until the brackets that have called the driver have ended',
})
export const touches_after_retry = fix('touches-after-retry', {
  kind: 'check',
  source: '0a98219bcc96 (6.14), B-37',
  summary: 'a device fault looks at the pages that it was told of only when it knows that they are still there',
})

export const fault_gets_mm = fix('fault-gets-mm', {
  kind: 'check',
  source: `${test_hmm} dmirror_fault`,
  summary: 'a device fault takes a reference of mm_users, or fails where the process is gone',
})
export const release_pass = fix('release-pass', {
  kind: 'check',
  source: `${core} mn_itree_release`,
  summary: 'the process calls every interval notifier before it unmaps its memory at exit',
})
export const unmap_bracket = fix('unmap-bracket', {
  kind: 'check',
  source: '6.1 mm/memory.c unmap_vmas',
  summary: 'the process unmaps its memory in a bracket, at exit, too',
})
export const close_removes = fix('close-removes', {
  kind: 'check',
  source: `${test_hmm} dmirror_fops_release`,
  summary: 'the driver removes its notifier when its file is closed, and frees the mirror when no callback runs',
})

// What a scenario has: without it, what only it can reach is left out.
/** The driver migrates memory to its device. */
export const migrates = fix('migrates')
/** The process exits, and its users are counted. */
export const exits = fix('exits')
/** One address is in device memory when the scenario begins. */
export const starts_in_device = fix('starts-in-device')
