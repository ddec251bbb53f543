/**
 * The parts that the driver has or lacks: one boolean constant each. As shipped (595.45.04) it has every lock and
 * check, and none of the corrections.
 */
import { fix, or } from 'hmmcheck'

const hmm = '595.45.04 uvm_hmm.c'

// Corrections: none of them is in a driver that was read.
export const split_refuses = fix('split-refuses', {
  kind: 'correction',
  source: 'G6-70, by reading: open in 595.45.04',
  summary: 'the notifier that stands in during a split gives back what the inner callback says',
})
export const context_ahead = fix('context-ahead', {
  kind: 'correction',
  source: 'G6-71, by reading: open in 595.45.04',
  summary: 'the memory that a callback needs is allocated before there is a notifier',
})
export const migrate_asks_seq = fix('migrate-asks-seq', {
  kind: 'correction',
  source: 'G6-72, by reading: open in 595.45.04',
  summary:
    'a migration for a GPU asks mmu_interval_read_begin() first, and mmu_interval_read_retry() under va_block->lock',
})
export const evict_raises_changed = fix('evict-raises-changed', {
  kind: 'correction',
  source: 'G6-73, by reading: open in 595.45.04',
  summary: 'an eviction raises va_block->hmm.changed, as a callback does',
})
export const unregister_drops_lock = fix('unregister-drops-lock', {
  kind: 'correction',
  source: 'G6-74, by reading: open in 595.45.04',
  summary: 'va_space->lock is given back between two tries to migrate what is left on a GPU',
})
export const setup_unlocked = fix('setup-unlocked', {
  kind: 'correction',
  source: 'G6-75, by reading: open in 595.45.04',
  summary: 'va_block->lock is taken after migrate_vma_setup(), and not before',
})
export const changes_by_block = fix('changes-by-block', {
  kind: 'correction',
  source: 'by this model: open in 595.45.04',
  summary: "a callback of the own thread is subtracted from the block's changes alone, not from another block's",
})

// Locks.
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: `${hmm} hmm_invalidate`,
  summary: 'va_block->lock in the callback',
})
export const migrate_block_lock = fix('migrate-block-lock', {
  kind: 'lock',
  source: `${hmm} uvm_hmm_va_block_service_locked`,
  summary: 'va_block->lock while a GPU fault migrates, up to the end of migrate_vma_finalize()',
})
export const fault_block_lock = fix('fault-block-lock', {
  kind: 'lock',
  source: '595.45.04 uvm_va_block.c uvm_va_block_cpu_fault',
  summary: "va_block->lock while a CPU's fault migrates",
})
export const evict_block_lock = fix('evict-block-lock', {
  kind: 'lock',
  source: '595.45.04 uvm_pmm_gpu.c evict_root_chunk_from_va_block',
  summary: 'va_block->lock while a page is evicted',
})
export const populate_lock = fix('populate-lock', {
  kind: 'lock',
  source: `${hmm} hmm_make_resident_cpu`,
  summary: 'va_block->lock around the look at the changes, what the driver takes over, and the new entry of the GPU',
})
export const migrate_lock = fix('migrate-lock', {
  kind: 'lock',
  source: `${hmm} uvm_hmm_migrate_begin`,
  summary: 'va_block->hmm.migrate_lock for faults of GPUs and, if it is free, for faults of CPUs',
})
export const split_lock = fix('split-lock', {
  kind: 'lock',
  source: `${hmm} hmm_split_block`,
  summary: 'va_space->lock for writing while a block is split',
})
export const unregister_lock = fix('unregister-lock', {
  kind: 'lock',
  source: `${hmm} uvm_hmm_unregister_gpu`,
  summary: 'va_space->lock for writing while a GPU is unregistered',
})

// Checks.
export const callback_sets_seq = fix('callback-sets-seq', {
  kind: 'check',
  source: `${hmm} hmm_invalidate`,
  summary: 'the callback calls mmu_interval_set_seq()',
})
export const callback_raises_changed = fix('callback-raises-changed', {
  kind: 'check',
  source: `${hmm} hmm_invalidate`,
  summary: 'the callback raises va_block->hmm.changed',
})
export const callback_unmaps = fix('callback-unmaps', {
  kind: 'check',
  source: `${hmm} hmm_invalidate`,
  summary: 'the callback unmaps the range from all GPUs',
})
export const callback_waits = fix('callback-waits', {
  kind: 'check',
  source: `${hmm} hmm_invalidate`,
  summary: 'the callback waits until the GPU has done so: uvm_tracker_wait()',
})
export const refuses_nonblockable = fix('refuses-nonblockable', {
  kind: 'check',
  source: `${hmm} hmm_invalidate`,
  summary: 'the callback refuses a bracket that must not block',
})
export const own_ignored = fix('own-ignored', {
  kind: 'check',
  source: `${hmm} migrate_vma_setup_locked, uvm_hmm_va_block_evict_chunk_prep`,
  summary: 'a callback does nothing for a block whose lock its own thread holds to migrate it',
})
export const owner_ignored = fix('owner-ignored', {
  kind: 'check',
  source: `${hmm} hmm_invalidate`,
  summary: 'a callback does nothing for a MIGRATE bracket of the driver',
})
export const own_subtracted = fix('own-subtracted', {
  kind: 'check',
  source: `${hmm} hmm_invalidate`,
  summary: 'changes that the own thread has made while the lock was dropped do not count',
})
export const reader_waits = fix('reader-waits', {
  kind: 'check',
  source: '6.12 mm/mmu_notifier.c mmu_interval_read_begin',
  summary: 'a reader waits until the brackets that have called the block have ended',
})
export const walk_checks_seq = fix('walk-checks-seq', {
  kind: 'check',
  source: '6.12 mm/hmm.c hmm_range_fault',
  summary: 'the walk asks mmu_interval_check_retry() before it begins, and after each fault',
})
export const populate_checks_changed = fix('populate-checks-changed', {
  kind: 'check',
  source: `${hmm} hmm_range_fault_retry`,
  summary: 'the changes of the block are looked at before what was read is taken over',
})
export const unmap_before_copy = fix('unmap-before-copy', {
  kind: 'check',
  source: '595.45.04 uvm_va_block.c uvm_va_block_make_resident_copy',
  summary: 'GPUs are unmapped before the page is copied, and not after',
})
export const copy_waited = fix('copy-waited', {
  kind: 'check',
  source: `${hmm} sync_page_and_chunk_state`,
  summary: 'the copy has ended before migrate_vma_finalize(): uvm_tracker_wait()',
})
export const split_stand_in = fix('split-stand-in', {
  kind: 'check',
  source: `${hmm} hmm_split_block`,
  summary: 'a second notifier stands in while the own one is out of the tree',
})

// What a scenario has.
/** Faults of GPUs may bring pages to the memory of the GPU; else they are mapped where they are. */
export const to_gpu = fix('to-gpu')
/** CPUs may take part: then it is known which memory has the newest value. */
export const has_cpus = fix('has-cpus')
/** A page may be shared with a child, and is copied when it is written: the fault is a bracket of the own thread. */
export const has_cow = fix('has-cow')
/** A callback may find no memory. */
export const short_of_memory = fix('short-of-memory')
/** A fault may reclaim a page of another block. */
export const reclaims = fix('reclaims')
/** Each block is of another process, and all have the same pages. */
export const shares_pages = fix('shares-pages')
/** A GPU is unregistered. */
export const unregisters = fix('unregisters')
/** A block is split, and the OOM reaper comes. */
export const splits = fix('splits')
/** Somebody takes va_space->lock for writing. */
export const has_writer = or(splits, unregisters)
/** All pages are there when the scenario begins, and GPUs map them. */
export const starts_mapped = fix('starts-mapped')
/** All pages are in the memory of a GPU when the scenario begins, which maps them. */
export const starts_on_gpu = fix('starts-on-gpu')
/** Pages may be in the memory of a GPU. */
export const has_gpu_memory = or(to_gpu, starts_on_gpu)
