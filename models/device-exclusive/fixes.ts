/**
 * The parts that the protocol has or lacks: one boolean constant each; the form of the kernel's function, and the
 * driver of a scenario. As merged in 5.14 it has every lock and check, and none of the corrections.
 */
import { and, constant, fix, oneOf, or } from 'hmmcheck'

const rmap = '6.1 mm/rmap.c make_device_exclusive_range'
const memory = '6.1 mm/memory.c remove_device_exclusive_entry'
const nouveau = '6.1 drivers/gpu/drm/nouveau/nouveau_svm.c'

// Corrections that came later, or have yet to come.
export const fault_takes_reference = fix('fault-takes-reference', {
  kind: 'correction',
  source: '7c7b962938dd (6.3), B-19',
  summary: 'a fault on an exclusive entry takes a reference to the page before it locks it',
})
export const retry_unlocks = fix('retry-unlocks', {
  kind: 'correction',
  source: 'b3fefbb30a16 (6.14), B-20',
  summary: 'the driver unlocks and puts the page before it tries again',
})
export const keeps_rmap = fix('keeps-rmap', {
  kind: 'correction',
  source: '"mm: fixes for device-exclusive entries (hmm)" (6.15), B-21',
  summary: 'an exclusive entry counts in the mapcount, and the reverse map knows it',
})
export const make_waits = fix('make-waits', {
  kind: 'correction',
  source: '6.15 mm/rmap.c make_device_exclusive: folio_lock_killable, G6-12',
  summary: 'who makes a page exclusive waits for its lock, and does not only try',
})
export const make_tries_again = fix('make-tries-again', {
  kind: 'correction',
  source: '6.15 mm/rmap.c make_device_exclusive: goto retry',
  summary: 'who makes a page exclusive begins again where the entry has changed',
})
export const driver_tries_again = fix('driver-tries-again', {
  kind: 'correction',
  source: 'G6-12, by reading: no kernel has it',
  summary: 'nouveau tries again where it was given no page',
})
export const faults_before_seq = fix('faults-before-seq', {
  kind: 'correction',
  source: 'found by the checker: no kernel has it',
  summary: 'the driver has the page faulted in before it samples the number: nobody is left to be taken from then',
})
export const test_checks_seq = fix('test-hmm-checks-seq', {
  kind: 'correction',
  source: 'B-22: no kernel has it',
  summary: 'lib/test_hmm.c: mmu_interval_read_begin() before, and mmu_interval_read_retry() under its lock',
})
export const test_skips_own = fix('test-hmm-passes-owner', {
  kind: 'correction',
  source: 'found here: without it the look at the number goes round for ever; nouveau has it',
  summary: 'lib/test_hmm.c: an owner goes with the bracket, and the callback leaves its own alone',
})
export const fork_waits = fix('fork-waits', {
  kind: 'correction',
  source: 'A.9, by reading: no kernel has it',
  summary: 'fork() waits for the page lock and tries again, and does not fail',
})

// Locks.
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: `${nouveau} nouveau_svm_range_invalidate, nouveau_svmm_invalidate_range_start`,
  summary: "the driver's lock in its callbacks, around the number and the zap",
})
export const commit_lock = fix('commit-lock', {
  kind: 'lock',
  source: `${nouveau} nouveau_atomic_range_fault`,
  summary: "the driver's lock around mmu_interval_read_retry() and the new entry",
})
export const make_locks = fix('make-locks', {
  kind: 'lock',
  source: `${rmap}: folio_trylock`,
  summary: 'the page lock, from before the entry is changed until the device is programmed',
})
export const fault_locks = fix('fault-locks', {
  kind: 'lock',
  source: `${memory}: folio_lock_or_retry`,
  summary: 'the page lock while a fault restores the entry',
})
export const mmap_lock_held = fix('mmap-lock', {
  kind: 'lock',
  source: `${nouveau} nouveau_atomic_range_fault: mmap_read_lock`,
  summary: 'mmap_lock while a page is made exclusive',
})

// Checks.
export const callback_sets_seq = fix('callback-sets-seq', {
  kind: 'check',
  source: `${nouveau} nouveau_svm_range_invalidate`,
  summary: 'a callback calls mmu_interval_set_seq()',
})
export const callback_zaps = fix('callback-zaps', {
  kind: 'check',
  source: `${nouveau} nouveau_svmm_invalidate_range_start`,
  summary: 'a callback drops the entry of the device',
})
export const nouveau_skips_own = fix('own-exclusive-passes', {
  kind: 'check',
  source: `${nouveau} nouveau_svm_range_invalidate: MMU_NOTIFY_EXCLUSIVE`,
  summary: "nouveau: the number stays where the bracket is its own device's",
})
export const nouveau_checks_seq = fix('commit-checks-seq', {
  kind: 'check',
  source: `${nouveau} nouveau_atomic_range_fault`,
  summary: 'nouveau: mmu_interval_read_begin() before, and mmu_interval_read_retry() under its lock',
})
export const reader_waits = fix('reader-waits', {
  kind: 'check',
  source: '6.1 mm/mmu_notifier.c mmu_interval_read_begin',
  summary: 'a device fault waits until the brackets that have called the driver have ended',
})
export const make_asks_write = fix('make-asks-write', {
  kind: 'check',
  source: `${rmap}: FOLL_WRITE`,
  summary: 'who makes a page exclusive faults it in for writing',
})
export const make_looks_again = fix('make-looks-again', {
  kind: 'check',
  source: '6.1 mm/rmap.c page_make_device_exclusive_one: page_vma_mapped_walk; 6.15 folio_walk_start',
  summary: 'who makes a page exclusive compares the entry under the page table lock',
})
export const make_invalidates = fix('make-invalidates', {
  kind: 'check',
  source: '6.1 mm/rmap.c page_make_device_exclusive_one: MMU_NOTIFY_EXCLUSIVE',
  summary: "who makes a page exclusive drops the other devices' entries",
})
export const fault_invalidates = fix('fault-invalidates', {
  kind: 'check',
  source: `${memory}: MMU_NOTIFY_EXCLUSIVE`,
  summary: "a fault drops the devices' entries before it restores the entry",
})
export const fault_compares = fix('fault-compares', {
  kind: 'check',
  source: `${memory}: pte_same`,
  summary: 'a fault compares the entry under the page table lock with the one that it has read',
})
export const restore_asks_vma = fix('restore-asks-vma', {
  kind: 'check',
  source: '6.1 mm/memory.c restore_exclusive_pte: maybe_mkwrite',
  summary: 'a restored entry may be written only if the VMA says so',
})
export const protect_invalidates = fix('protect-invalidates', {
  kind: 'check',
  source: '6.1 mm/mprotect.c change_pmd_range: MMU_NOTIFY_PROTECTION_VMA',
  summary: "mprotect() drops the devices' entries",
})
export const fork_restores = fix('fork-restores', {
  kind: 'check',
  source: '6.1 mm/memory.c copy_nonpresent_pte: try_restore_exclusive_pte',
  summary: 'fork() makes an exclusive entry present before it copies it',
})
export const fork_trylocks = fix('fork-trylocks', {
  kind: 'check',
  source: '6.1 mm/memory.c try_restore_exclusive_pte: trylock_page',
  summary: 'fork() leaves the entry of a page alone that is locked',
})
export const fork_invalidates = fix('fork-invalidates', {
  kind: 'check',
  source: '6.1 mm/memory.c copy_page_range: MMU_NOTIFY_PROTECTION_PAGE',
  summary: "fork() drops the devices' entries",
})

// The row of a driver, and the form of the kernel's function.
export const driver = constant('driver', oneOf('nouveau', 'test-hmm'))
/** Two kinds of entry, and a walk over the reverse map; or one kind, and one look at one entry. */
export const form = constant('form', oneOf('5.14', '6.15'))

export const is_nouveau = driver.eq('nouveau')
export const checks_seq = or(and(is_nouveau, nouveau_checks_seq), and(driver.eq('test-hmm'), test_checks_seq))
export const skips_own = or(and(is_nouveau, nouveau_skips_own), and(driver.eq('test-hmm'), test_skips_own))

// What a scenario has: without it, what only it can reach is left out.
/** Devices read through ordinary entries, too, which hmm_range_fault() brings. */
export const has_readers = fix('has-readers')
/** Somebody takes mmap_lock for writing: fork() or mprotect(). */
export const has_writers = fix('has-writers')
/** The process forks. */
export const forks = fix('forks')
/** mprotect() takes the right to write away, and gives it back. */
export const protects = fix('protects')
/** A page fails. */
export const fails = fix('fails')
/** A page is moved. */
export const migrates = fix('migrates')
/** A device has the page for itself when the scenario begins, and has lost its entry. */
export const starts_exclusive = fix('starts-exclusive')
