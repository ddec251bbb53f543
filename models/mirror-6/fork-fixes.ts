/** What fork() and copy-on-write have of locks and checks, and what they lack. */
import { fix } from 'hmmcheck'

const memory = '6.1 mm/memory.c'

// Corrections: none of them is in a kernel that was read.
export const owned_pages_fault = fix('owned-pages-fault', {
  kind: 'correction',
  source: 'B-58, G6-02, fault 5 of the recorded 6.1: open in mm/hmm.c',
  summary: "hmm_range_fault() faults its driver's own page in, where writing is asked for and the entry forbids it",
})
export const bind_checks_mm = fix('bind-checks-mm', {
  kind: 'correction',
  source: '6.12 nouveau_svm.c nouveau_svmm_bind lacks it; lib/test_hmm.c takes the mm of its notifier instead',
  summary: 'a call that moves memory asks whether the process that calls is the one that the mirror is of',
})

// Locks.
export const fork_locks_mmap = fix('fork-locks-mmap', {
  kind: 'lock',
  source: '6.1 kernel/fork.c dup_mmap: mmap_write_lock_killable()',
  summary: 'fork() holds mmap_lock of the parent for writing',
})
export const fault_locks_mmap = fix('fault-locks-mmap', {
  kind: 'lock',
  source: '6.1 arch/x86/mm/fault.c do_user_addr_fault; in 6.12 it may be the lock of the vma, which fork() takes too',
  summary: 'a fault of a CPU holds mmap_lock for reading',
})
export const walk_locks_mmap = fix('walk-locks-mmap', {
  kind: 'lock',
  source: '6.1 lib/test_hmm.c dmirror_range_fault; 6.12 nouveau_svm.c nouveau_range_fault',
  summary: 'a driver holds mmap_lock for reading around hmm_range_fault()',
})
export const migration_locks_mmap = fix('migration-locks-mmap', {
  kind: 'lock',
  source: '6.1 lib/test_hmm.c dmirror_migrate_to_device; 6.12 nouveau_svm.c nouveau_svmm_bind',
  summary: 'a driver holds mmap_lock for reading while it moves memory to its device, until all entries are made',
})

// Checks.
export const fork_invalidates = fix('fork-invalidates', {
  kind: 'check',
  source: `${memory} copy_page_range: MMU_NOTIFY_PROTECTION_PAGE`,
  summary: 'fork() takes the right to write in a bracket',
})
export const fork_protects_present = fix('fork-protects-present', {
  kind: 'check',
  source: `${memory} copy_present_pte: ptep_set_wrprotect()`,
  summary: 'fork() takes the right to write a present page, from parent and child',
})
export const fork_protects_nonpresent = fix('fork-protects-nonpresent', {
  kind: 'check',
  source: `${memory} copy_nonpresent_pte: make_readable_device_private_entry(), make_readable_migration_entry()`,
  summary: 'fork() takes the right to write device memory and what is moved, from parent and child',
})
export const write_copies = fix('write-copies', {
  kind: 'check',
  source: `${memory} do_wp_page: folio_ref_count(folio) != 1`,
  summary: 'who writes a page that somebody else has too gets a copy of it',
})
export const copy_invalidates = fix('copy-invalidates', {
  kind: 'check',
  source: `${memory} wp_page_copy: MMU_NOTIFY_CLEAR`,
  summary: 'a copy takes the place of its page in a bracket',
})
export const copy_rechecks = fix('copy-rechecks', {
  kind: 'check',
  source: `${memory} wp_page_copy: pte_same()`,
  summary: 'a copy takes the place of its page if the entry is still the one that was copied',
})
export const rmap_invalidates = fix('rmap-invalidates', {
  kind: 'check',
  source: '6.1 mm/rmap.c try_to_migrate_one: MMU_NOTIFY_CLEAR',
  summary: 'who moves a page takes it from each other process that has it in a bracket',
})
export const restore_keeps_rights = fix('restore-keeps-rights', {
  kind: 'check',
  source: '6.1 mm/migrate.c remove_migration_pte: is_writable_migration_entry()',
  summary: 'a page that was moved does not gain the right to write',
})

// What a scenario has.
/** The process forks. */
export const forks = fix('forks')
