/**
 * The parts that the driver has or lacks: one boolean constant each. As merged (6.1) it has every lock and check, and
 * none of the corrections.
 */
import { fix } from 'hmmcheck'

export * from './buffer-fixes.ts'

const svm = '6.12 kfd_svm.c'

// Corrections that came later, or have yet to come.
export const mapped_under_lock = fix('mapped-under-lock', {
  kind: 'correction',
  source: '6.12 kfd_svm.c svm_range_validate_and_map, G6-21',
  summary: 'that a range is mapped is set before prange->lock is given back',
})
export const mapped_with_entries = fix('mapped-with-entries', {
  kind: 'correction',
  source: 'series of June 2026 (bitmap_mapped), G6-21',
  summary: 'that a range is mapped is set with its first entries, not after its last part',
})
export const no_read_unmaps = fix('no-read-unmaps', {
  kind: 'correction',
  source: '38c55f6719f7 (6.10)',
  summary: 'a part without VM_READ is unmapped, and does not make the validation fail',
})
export const unmap_in_pages = fix('unmap-in-pages', {
  kind: 'correction',
  source: 'P. Yang, October 2025, G6-22',
  summary: 'the part without VM_READ that is unmapped is given in pages, not in bytes and pages',
})
export const lost_access_unmaps = fix('lost-access-unmaps', {
  kind: 'correction',
  source: 'series of June 2026 (bitmap_needs_unmap), G6-35',
  summary: 'what a GPU has mapped is unmapped when it loses access',
})
export const lost_access_lock = fix('lost-access-lock', {
  kind: 'correction',
  source: 'by this model: not in the series of June 2026',
  summary: 'prange->lock while that is unmapped',
})
export const unmap_by_mapped = fix('unmap-by-mapped', {
  kind: 'correction',
  source: 'series of June 2026 (bitmap_mapped), G6-35',
  summary: 'a range is unmapped from the GPUs that have mapped it, not from those that have access',
})
export const evicted_together = fix('evicted-together', {
  kind: 'correction',
  source: 'by this model; notifier_lock of amdgpu_amdkfd_evict_userptr does it',
  summary: 'one lock around evicted_ranges and the queues: who finds others evicted finds the queues stopped',
})

export const release_quiesces = fix('release-quiesces', {
  kind: 'correction',
  source: 'G6-20, by reading: open in 6.12',
  summary: 'the queues are stopped when the process exits, while it is still found by its mm',
})
export const insert_checked = fix('insert-checked', {
  kind: 'correction',
  source: 'G6-26, by reading: open in 6.12',
  summary: 'a range is not used whose notifier could not be inserted',
})
export const signal_when_empty = fix('signal-when-empty', {
  kind: 'correction',
  source: 'G6-32, by reading: open in 6.12',
  summary: 'the eviction fence is signalled when no page is left, and migrate_mutex is given back between the tries',
})
export const faulting_task_fails = fix('faulting-task-fails', {
  kind: 'correction',
  source: 'G6-23, by reading: open in 6.12',
  summary: 'a fault of the thread that validates a range ends its walk with an error',
})
export const fault_without_range = fix('fault-without-range', {
  kind: 'correction',
  source: 'G6-24, G6-25, by reading: open in 6.12',
  summary: 'a page that is in no range of its process any more is migrated all the same',
})

// Of munmap(), and of the work that it defers.
export const checkpoint = fix('checkpoint-ts', {
  kind: 'correction',
  source: `${svm} svm_range_unmap_from_cpu`,
  summary: 'faults older than munmap() are known by their timestamps and dropped; in 6.1 the work drains them',
})
export const handled_counts = fix('handled-fault-counts', {
  kind: 'correction',
  source: 'by this model: open in 6.12',
  summary: 'a fault counts as on its way until it has been handled, not until it was taken from the ring',
})
export const missing_vma_retries = fix('missing-vma-retries', {
  kind: 'correction',
  source: 'by this model: open in 6.12',
  summary: "a GPU's fault is tried again where another part of the range has lost its VMA",
})
export const update_unmaps = fix('update-unmaps', {
  kind: 'correction',
  source: 'by this model: open in 6.12',
  summary: 'the entries of GPUs are cleared before a range leaves its notifier for another one',
})
export const child_retries = fix('child-retries', {
  kind: 'correction',
  source: 'by this model: open in 6.12',
  summary: "a GPU's fault is tried again where its range is on a child_list and has no notifier",
})
export const children_lock = fix('children-lock', {
  kind: 'correction',
  source: 'by this model: open in 6.12',
  summary: 'prange->lock while the work takes ranges from the child_list',
})

// Locks.
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: `${svm} svm_range_cpu_invalidate_pagetables`,
  summary: 'prange->lock in the callback',
})
export const commit_lock = fix('commit-lock', {
  kind: 'lock',
  source: `${svm} svm_range_validate_and_map`,
  summary: 'prange->lock around mmu_interval_read_retry() and the new entries',
})
export const restore_write_lock = fix('restore-write-lock', {
  kind: 'lock',
  source: `${svm} svm_range_list_lock_and_flush_work`,
  summary: 'mmap_lock for writing while the restore worker runs',
})
export const list_lock = fix('list-lock', {
  kind: 'lock',
  source: `${svm} svm_range_set_attr, svm_range_restore_work, svm_range_restore_pages`,
  summary: 'svms->lock while ranges are validated',
})
export const migrate_lock = fix('migrate-lock', {
  kind: 'lock',
  source: '6.12 kfd_migrate.c svm_migrate_to_ram, kfd_svm.c svm_range_evict_svm_bo_worker',
  summary: 'prange->migrate_mutex while pages of the range are migrated',
})

export const work_mmap_lock = fix('work-mmap-lock', {
  kind: 'lock',
  source: `${svm} svm_range_deferred_list_work`,
  summary: 'mmap_lock for writing while deferred work changes ranges',
})
export const work_list_lock = fix('work-list-lock', {
  kind: 'lock',
  source: `${svm} svm_range_deferred_list_work`,
  summary: 'svms->lock while deferred work changes ranges',
})
export const child_lock = fix('child-lock', {
  kind: 'lock',
  source: `${svm} svm_range_unmap_from_cpu, svm_range_evict`,
  summary: 'the lock of a range on the child_list, in the callback of its parent',
})

// Checks.
export const callback_sets_seq = fix('callback-sets-seq', {
  kind: 'check',
  source: `${svm} svm_range_cpu_invalidate_pagetables`,
  summary: 'the callback calls mmu_interval_set_seq()',
})
export const commit_checks_seq = fix('commit-checks-seq', {
  kind: 'check',
  source: `${svm} svm_range_validate_and_map`,
  summary: 'mmu_interval_read_retry() before a range is mapped',
})
export const restore_checks_invalid = fix('restore-checks-invalid', {
  kind: 'check',
  source: `${svm} svm_range_restore_work`,
  summary: 'prange->invalid is what it was before the validation, or all is done again',
})
export const restore_checks_evicted = fix('restore-checks-evicted', {
  kind: 'check',
  source: `${svm} svm_range_restore_work`,
  summary: 'svms->evicted_ranges is what it was before the walk over all ranges, or all is done again',
})

export const count_after_pages = fix('count-after-pages', {
  kind: 'check',
  source: '6.1 kfd_migrate.c svm_migrate_vma_to_ram; left out by bd6093e2f160, in 6.12.117 (G6-34)',
  summary: 'pages count as migrated that migrate_vma_pages() has migrated, not those that were copied',
})
export const faulting_task_checked = fix('faulting-task-checked', {
  kind: 'check',
  source: 'a6283010e290 (5.17), E-27',
  summary: 'a fault of the thread that validates a range does not take its locks again',
})

export const drain_under_lock = fix('drain-under-lock', {
  kind: 'check',
  source: 'a44fe9ee051a (5.17), E-23',
  summary: 'the work decides under mmap_lock whether faults must be drained, and not by what it is to do',
})
export const missing_vma_dropped = fix('missing-vma-dropped', {
  kind: 'check',
  source: '7ad153db5859 (6.0), B-48',
  summary: "a GPU's fault where the VMA is gone and the range is not is dropped: it is no error",
})
export const list_del_under_lock = fix('list-del-under-lock', {
  kind: 'check',
  source: `${svm} svm_range_deferred_list_work`,
  summary: 'a range is taken from the list of deferred work under mmap_lock',
})
export const callback_visits_children = fix('callback-visits-children', {
  kind: 'check',
  source: `${svm} svm_range_evict, svm_range_unmap_from_cpu`,
  summary: 'the callback goes over the child_list, too',
})
export const commit_checks_children = fix('commit-checks-children', {
  kind: 'check',
  source: `${svm} svm_range_validate_and_map`,
  summary: 'a range that was split meanwhile is validated again',
})

// What a scenario has.
/** GPUs retry faults: a callback clears entries, and queues go on. Else it stops the queues, and entries stay. */
export const xnack = fix('xnack')
/** One VMA may be without VM_READ, or one whose pages cannot be had. */
export const has_odd = fix('has-odd')
/** mprotect() takes VM_READ away, and gives it back. */
export const loses_read = fix('loses-read')
/** All is mapped by all GPUs when the scenario begins; else nothing is. */
export const starts_mapped = fix('starts-mapped')
/** The process exits. */
export const exits = fix('exits')
/** Nobody has inserted an interval notifier into the mm yet. */
export const first_insert = fix('first-insert')
/** The pages of the range are in the memory of a GPU. */
export const has_vram = fix('has-vram')
/** A page may be where no range is: after mremap(), or in a child. */
export const has_strays = fix('has-strays')
/** Queues and brackets take part. */
export const has_queues = fix('has-queues')
/** Ranges are validated. */
export const validates = fix('validates')
/** munmap() takes part: ranges are split, and freed by deferred work. */
export const has_deferred = fix('has-deferred')
/** GPUs fault, and their faults are handled. */
export const has_faults = fix('has-faults')
/** A wave may send a fault again that is being handled already: then it is late. */
export const has_stale = fix('has-stale')
