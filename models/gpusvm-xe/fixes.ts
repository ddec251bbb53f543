/**
 * The parts that drm_gpusvm and xe have or lack: one boolean constant each. As merged (6.15) they have every lock and
 * check, and none of the corrections.
 */
import { fix } from 'hmmcheck'

const gpusvm = '7.0 drm_gpusvm.c'
const xe = '6.18 xe_svm.c'

// Corrections that came later, or have yet to come.
export const error_returned = fix('error-returned', {
  kind: 'correction',
  source: 'G6-40, by reading: open in about 7.0',
  summary: 'the error of drm_gpusvm_get_pages() is given back, unless the range was unmapped meanwhile',
})
export const devmem_pins_mm = fix('devmem-pins-mm', {
  kind: 'correction',
  source: 'G6-42, by reading: open in about 7.0',
  summary: 'a buffer object holds a reference (mmgrab) to the mm that it was made for until it is destroyed',
})
export const dst_converted_first = fix('dst-converted-first', {
  kind: 'correction',
  source: 'about 7.0 drm_pagemap.c drm_pagemap_migrate_to_devmem, G6-44',
  summary: 'migrate.dst has migration entries in it before the first step that may fail',
})
export const error_unmaps = fix('error-unmaps', {
  kind: 'correction',
  source: '"Force unmapping on error" (fixes 99624bdff867), G6-45, E-41',
  summary: 'after an error in the middle, the pages that were mapped for DMA are unmapped',
})
export const busy_retried = fix('busy-retried', {
  kind: 'correction',
  source: '"Support destination migration over interconnect" (2025-12, just before 0620837490e0)',
  summary:
    'after -EBUSY a migration to device memory has all of the range brought back, and tries once more; a race that is ' +
    'lost while it is finalized is -EBUSY too',
})
export const migration_serialized = fix('migration-serialized', {
  kind: 'correction',
  source: '0620837490e0 (2025-12)',
  summary: 'the second try of a migration to device memory runs alone: driver_migrate_lock',
})
export const copy_waits = fix('copy-waits', {
  kind: 'correction',
  source: '7.0 drm_pagemap.c (pre_migrate_fence), E-40',
  summary: 'a copy to device memory waits for the job that clears it',
})
export const unbind_spares_tlb = fix('unbind-spares-tlb', {
  kind: 'correction',
  source: '6.17 xe_pt.c unbind_range_prepare',
  summary: 'the job that unbinds a range flushes the TLB only if the entries of the range are valid still',
})

export const fini_unmaps_first = fix('fini-unmaps-first', {
  kind: 'correction',
  source: 'by this model: open in about 7.0',
  summary: 'a VM that ends removes its ranges, with what they have mapped for DMA, before its notifier',
})

// Locks.
export const vm_lock_held = fix('vm-lock', {
  kind: 'lock',
  source: `${xe} xe_svm_handle_pagefault, xe_svm_garbage_collector_work_func; xe_vm.c xe_vm_close`,
  summary: 'vm->lock, for writing: one fault, garbage collection or close of a VM at a time',
})
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: `${gpusvm} drm_gpusvm_notifier_invalidate`,
  summary: 'notifier_lock for writing in the callback',
})
export const pages_lock = fix('pages-lock', {
  kind: 'lock',
  source: `${gpusvm} drm_gpusvm_get_pages`,
  summary: 'notifier_lock around mmu_interval_read_retry(), the mappings for DMA and the flags',
})
export const bind_lock = fix('bind-lock', {
  kind: 'lock',
  source: '6.15 xe_pt.c xe_pt_svm_pre_commit',
  summary: 'notifier_lock around the test of the flags and the new entries of the GPU',
})
export const insert_lock = fix('insert-lock', {
  kind: 'lock',
  source: `${gpusvm} drm_gpusvm_range_insert`,
  summary: 'notifier_lock while a range is inserted',
})
export const unbind_lock = fix('unbind-lock', {
  kind: 'lock',
  source: '6.15 xe_pt.c xe_pt_svm_pre_commit',
  summary: 'notifier_lock while the job that unbinds a range is made',
})
export const remove_lock = fix('remove-lock', {
  kind: 'lock',
  source: `${gpusvm} drm_gpusvm_range_remove`,
  summary: 'notifier_lock while a range is unmapped and removed',
})
export const lookup_mmap_lock = fix('lookup-mmap-lock', {
  kind: 'lock',
  source: `${gpusvm} drm_gpusvm_range_find_or_insert`,
  summary: 'mmap_lock from vma_lookup() until the range is inserted',
})
export const walk_mmap_lock = fix('walk-mmap-lock', {
  kind: 'lock',
  source: `${gpusvm} drm_gpusvm_get_pages`,
  summary: 'mmap_lock around hmm_range_fault()',
})
export const migrate_mmap_lock = fix('migrate-mmap-lock', {
  kind: 'lock',
  source: '7.0 drm_pagemap.c drm_pagemap_populate_mm',
  summary: 'mmap_lock around a migration to device memory',
})
export const bo_lock_held = fix('bo-lock', {
  kind: 'lock',
  source: `${xe} xe_drm_pagemap_populate_mm`,
  summary: 'the buffer object is locked while pages are migrated to it',
})

// Checks.
export const callback_sets_seq = fix('callback-sets-seq', {
  kind: 'check',
  source: `${gpusvm} drm_gpusvm_notifier_invalidate`,
  summary: 'the callback calls mmu_interval_set_seq()',
})
export const callback_waits = fix('callback-waits', {
  kind: 'check',
  source: `${xe} xe_svm_invalidate`,
  summary: 'the callback waits for the jobs that write entries (DMA_RESV_USAGE_BOOKKEEP)',
})
export const callback_flushes = fix('callback-flushes', {
  kind: 'check',
  source: `${xe} xe_svm_invalidate`,
  summary: 'the callback invalidates the TLB of the GPU, and waits for that',
})
export const callback_unmaps = fix('callback-unmaps', {
  kind: 'check',
  source: `${xe} xe_svm_range_notifier_event_end`,
  summary: 'the callback unmaps the pages for DMA, and clears the flags that say they are there',
})
export const callback_marks = fix('callback-marks', {
  kind: 'check',
  source: `${xe} xe_svm_garbage_collector_add_range`,
  summary: 'the callback of MMU_NOTIFY_UNMAP marks the ranges as unmapped, and lists them as garbage',
})
export const callback_spares_closed = fix('callback-spares-closed', {
  kind: 'check',
  source: `${xe} xe_svm_invalidate`,
  summary: 'the callback leaves the page tables of a closed VM alone',
})
export const close_waits = fix('close-waits', {
  kind: 'check',
  source: '6.15 xe_vm.c xe_vm_close',
  summary: 'the close of a VM waits for its jobs (DMA_RESV_USAGE_BOOKKEEP) before it clears the page tables',
})
export const jobs_wait = fix('jobs-wait', {
  kind: 'check',
  source: '6.15 xe_pt.c xe_pt_vm_dependencies; 6.15 xe_vm.c xe_vm_range_rebind',
  summary: 'a job that writes entries waits for those of its VM that were made before it (wait_vm_bookkeep)',
})
export const pages_check_seq = fix('pages-check-seq', {
  kind: 'check',
  source: `${gpusvm} drm_gpusvm_get_pages`,
  summary: 'mmu_interval_read_retry() before pages are mapped for DMA',
})
export const pages_check_unmapped = fix('pages-check-unmapped', {
  kind: 'check',
  source: `${gpusvm} drm_gpusvm_get_pages`,
  summary: 'no page is mapped for a range that is marked as unmapped',
})
export const pages_refuse_mixed = fix('pages-refuse-mixed', {
  kind: 'check',
  source: `${gpusvm} drm_gpusvm_get_pages`,
  summary: 'a range with pages of both kinds of memory is refused, and evicted (-EOPNOTSUPP)',
})
export const bind_checks_flags = fix('bind-checks-flags', {
  kind: 'check',
  source: '6.15 xe_pt.c xe_pt_svm_pre_commit',
  summary: 'drm_gpusvm_range_pages_valid() before entries are written',
})
export const fault_checks_closed = fix('fault-checks-closed', {
  kind: 'check',
  source: `${xe} xe_svm_garbage_collector`,
  summary: 'a fault in a closed VM ends before it does anything',
})
export const fault_collects = fix('fault-collects', {
  kind: 'check',
  source: `${xe} __xe_svm_handle_pagefault`,
  summary: 'a fault removes the ranges that are marked as unmapped first, and again each time it retries',
})
export const migrates_anonymous = fix('migrates-anonymous', {
  kind: 'check',
  source: '7.0 drm_pagemap.c drm_pagemap_migrate_to_devmem',
  summary: 'a VMA that is not anonymous is not migrated, whatever the range says',
})
export const all_or_nothing = fix('all-or-nothing', {
  kind: 'check',
  source: '7.0 drm_pagemap.c drm_pagemap_migrate_to_devmem',
  summary: 'a migration to device memory of which some page cannot be collected is given up',
})
export const evict_checks_detached = fix('evict-checks-detached', {
  kind: 'check',
  source: '7.0 drm_pagemap.c drm_pagemap_evict_to_ram',
  summary: 'device memory is given away when its last page is gone (detached), not when the pages were tried',
})
export const one_queue = fix('one-queue', {
  kind: 'check',
  source:
    '6.15 xe_migrate.c xe_migrate_clear, xe_migrate_vram, xe_migrate_update_pgtables; ' +
    '6.15 xe_vm.c xe_vm_range_rebind, xe_vm_range_unbind',
  summary: 'what clears device memory, copies to it, binds and unbinds are jobs of one queue of a tile, done in order',
})

// What a scenario has.
/** The GPU has memory of its own, and anonymous pages are migrated there. */
export const has_vram = fix('has-vram')
/** A fault of a CPU may come while the time slice of the device memory is not over. */
export const has_timeslice = fix('has-timeslice')
/** Mapping for DMA may fail. */
export const has_errors = fix('has-errors')
/** One page cannot be had: it lies behind the end of its file. */
export const has_hole = fix('has-hole')
/** A job clears memory that was allocated. */
export const has_clearing = fix('has-clearing')
/** mmap() may put a file where anonymous memory was. */
export const has_files = fix('has-files')
/** The notifier is inserted with its first range, and removed with its last. */
export const has_insertion = fix('has-insertion')
/** The process exits. */
export const exits = fix('exits')
/** A child shares the pages in device memory. */
export const has_child = fix('has-child')
/** GPUs fault. */
export const has_faults = fix('has-faults')
/** Entries of the CPU change while GPUs fault. */
export const has_changes = fix('has-changes')
/** VMAs are taken away. */
export const has_munmap = fix('has-munmap')
/** One munmap() may take a part of a range. */
export const has_parts = fix('has-parts')
/** Somebody else, who does nothing with it, may have the folio of a device page locked for a moment. */
export const others_lock = fix('others-lock')
