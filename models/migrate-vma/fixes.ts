/**
 * The parts that the protocol has or lacks: one boolean constant each. As merged in 4.14 it has every lock and check,
 * and none of the corrections.
 */
import { constant, fix, oneOf } from 'hmmcheck'

const collect = '6.1 mm/migrate_device.c migrate_vma_collect_pmd'
const core = '6.1 mm/memory.c'

// Corrections that came later.
export const abort_unlocks = fix('abort-unlocks', {
  kind: 'correction',
  source: '63451de16e0a (7.1), E-42',
  summary: 'a huge page that fills no hole, as the mm is being reaped, leaves the PMD lock free',
})
export const flush_under_ptl = fix('flush-under-ptl', {
  kind: 'correction',
  source: '60bae7370896 (6.1), B-25',
  summary: 'collect flushes the TLBs before it gives back the page table lock; as merged, after',
})
export const collect_marks_dirty = fix('collect-marks-dirty', {
  kind: 'correction',
  source: 'fd35ca3d12cc (6.1), B-23',
  summary: 'collect marks the page dirty when the entry it clears was; as merged, the bit is lost',
})
export const waiter_without_reference = fix('waiter-without-reference', {
  kind: 'correction',
  source: 'ffa65753c431 (5.17), B-27',
  summary: 'who waits on a migration entry holds no reference to its page',
})
export const fault_holds_reference = fix('fault-holds-reference', {
  kind: 'correction',
  source: '16ce101db85d (6.1), B-18',
  summary: 'a CPU fault on device memory takes a reference under the page table lock; as merged, it has a pointer only',
})
export const clear_before_pin_test = fix('clear-before-pin-test', {
  kind: 'correction',
  source: '088b8aa537c2 (6.1), B-24',
  summary:
    'collect clears the entry, with a barrier, before it tests for pins; without one a CPU may do it in the other ' +
    'order',
})
export const collect_keeps_write = fix('collect-keeps-write', {
  kind: 'correction',
  source: 'mail "mm/migrate: properly preserve write attribute in special migrate entry" (4.17), B-65',
  summary: 'collect keeps the write permission of a device private entry; as merged, what comes back may only be read',
})
export const map_by_fault = fix('map-by-fault', {
  kind: 'correction',
  source: 'B-40, by reading; amdkfd of 6.1 does so',
  summary:
    "what was migrated is mapped by the device's next fault; as in lib/test_hmm.c and nouveau, the driver maps it " +
    'before migrate_vma_finalize()',
})
export const failed_copy_clears_dst = fix('failed-copy-clears-dst', {
  kind: 'correction',
  source: '835745a377a4 (6.12), B-42, in the form that B-42 calls right',
  summary: 'when the copy back to system memory fails, dst stays empty; else the page that was not copied is mapped',
})

// Locks.
export const migrate_mmap_sem = fix('migrate-mmap-sem', {
  kind: 'lock',
  source: '6.1 mm/migrate_device.c migrate_vma_setup',
  summary: 'a migration by address holds mmap_sem in read mode',
})
export const fault_mmap_sem = fix('fault-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: "a CPU's page fault holds mmap_sem in read mode",
})
export const zap_mmap_sem = fix('zap-mmap-sem', {
  kind: 'lock',
  source: '6.1 mm/madvise.c',
  summary: 'MADV_DONTNEED holds mmap_sem in read mode',
})
export const fork_mmap_sem = fix('fork-mmap-sem', {
  kind: 'lock',
  source: '6.1 kernel/fork.c dup_mmap; fb49c455323f (6.5), E-21, where a fault holds no more than the lock of its vma',
  summary: 'fork excludes page faults: it holds mmap_sem in write mode',
})
export const mprotect_mmap_sem = fix('mprotect-mmap-sem', {
  kind: 'lock',
  source: '6.1 mm/mprotect.c do_mprotect_pkey',
  summary: 'mprotect holds mmap_sem in write mode',
})
export const page_lock_fix = fix('page-lock', {
  kind: 'lock',
  source: collect,
  summary: 'a migration locks its source from collect to finalize',
})
export const pte_lock = fix('pte-lock', {
  kind: 'lock',
  source: core,
  summary: 'an entry is tested and changed under the page table lock',
})
export const collect_bracket = fix('collect-bracket', {
  kind: 'lock',
  source: '6.1 mm/migrate_device.c migrate_vma_collect',
  summary: 'collect runs in a bracket',
})
export const zap_bracket = fix('zap-bracket', {
  kind: 'lock',
  source: core,
  summary: 'MADV_DONTNEED runs in a bracket',
})
export const hole_bracket = fix('hole-bracket', {
  kind: 'lock',
  source: '6.1 mm/migrate_device.c __migrate_device_pages',
  summary: 'filling a hole runs in a bracket',
})
export const rmap_bracket = fix('rmap-bracket', {
  kind: 'lock',
  source: '6.1 mm/rmap.c try_to_migrate_one; mm/memory.c wp_page_copy',
  summary: 'unmapping by the reverse map, and copying on write, run in brackets',
})
export const fork_bracket = fix('fork-bracket', {
  kind: 'lock',
  source: '6.1 mm/memory.c copy_page_range',
  summary: "fork protects the parent's entries in a bracket",
})
export const mprotect_bracket = fix('mprotect-bracket', {
  kind: 'lock',
  source: '6.1 mm/mprotect.c change_pmd_range',
  summary: 'mprotect changes entries in a bracket',
})

// Checks.
export const callback_drops_own = fix('callback-drops-own', {
  kind: 'check',
  source: 'B-38; lib/test_hmm.c dmirror_interval_invalidate does not',
  summary: 'the driver drops its entry in a bracket of its own migration too',
})
export const unmap_check = fix('unmap-check', {
  kind: 'check',
  source: '6.1 mm/migrate_device.c migrate_vma_check_page',
  summary: 'a page with references of others is not copied',
})
export const pages_check = fix('pages-check', {
  kind: 'check',
  source: '6.1 mm/migrate.c folio_migrate_mapping',
  summary: 'a page that has got a reference meanwhile is not given up for its copy',
})
export const mapping_check = fix('mapping-check', {
  kind: 'check',
  source: '6.1 mm/migrate_device.c __migrate_device_pages',
  summary: 'a page in the swap cache does not go to device memory',
})
export const unmap_everywhere = fix('unmap-everywhere', {
  kind: 'check',
  source: '6.1 mm/migrate_device.c migrate_device_unmap',
  summary: 'a page that other entries refer to is taken out of them, or not migrated',
})
export const hole_check = fix('hole-check', {
  kind: 'check',
  source: '6.1 mm/migrate_device.c migrate_vma_insert_page',
  summary: 'a hole is filled only if the entry is still none',
})
export const restore_check = fix('restore-check', {
  kind: 'check',
  source: '6.1 mm/migrate.c remove_migration_pte',
  summary: 'finalize changes only what is still a migration entry of its page',
})
export const fault_pte_same = fix('fault-pte-same', {
  kind: 'check',
  source: '6.1 mm/memory.c do_swap_page',
  summary: 'a CPU fault on device memory tests the entry again before it takes the reference',
})
export const anon_none_check = fix('anon-none-check', {
  kind: 'check',
  source: '6.1 mm/memory.c do_anonymous_page',
  summary: 'a fault tests once more that the entry is none before it sets it',
})
export const wait_check = fix('wait-check', {
  kind: 'check',
  source: '6.1 mm/migrate.c migration_entry_wait',
  summary: 'who is about to wait tests once more that the entry is a migration entry',
})
export const fork_flush = fix('fork-flush', {
  kind: 'check',
  source: '6.1 kernel/fork.c dup_mmap',
  summary: 'fork flushes the TLBs before it gives back mmap_sem',
})
export const zap_flush = fix('zap-flush', {
  kind: 'check',
  source: '6.1 mm/mmu_gather.c tlb_finish_mmu',
  summary: 'MADV_DONTNEED flushes the TLBs before it gives the page back',
})
export const flush_nested = fix('flush-nested', {
  kind: 'check',
  source: '99baac21e458 (4.13), E-10; 6.1 mm/mmu_gather.c tlb_finish_mmu',
  summary: 'MADV_DONTNEED flushes for another that has taken entries away and not flushed yet',
})
export const gup_recheck = fix('gup-recheck', {
  kind: 'check',
  source: '6.1 mm/gup.c gup_pte_range',
  summary: 'GUP-fast reads the entry again after it has taken the pin',
})
export const pin_check = fix('pin-check', {
  kind: 'check',
  source: collect,
  summary: 'collect leaves an exclusive page alone that may be pinned',
})
export const mprotect_protects_entries = fix('mprotect-protects-entries', {
  kind: 'check',
  source: '6.1 mm/mprotect.c change_pte_range',
  summary: 'mprotect takes the write permission out of migration and device private entries too',
})
export const restore_asks_vma = fix('restore-asks-vma', {
  kind: 'check',
  source: '6.1 mm/migrate.c remove_migration_pte, maybe_mkwrite()',
  summary: 'finalize makes an entry writable only where the vma may still be written',
})
export const fork_protects_entries = fix('fork-protects-entries', {
  kind: 'check',
  source: '4a705fef9862 (3.16), B-29; 6.1 mm/memory.c copy_nonpresent_pte',
  summary: 'fork takes the write permission out of migration and device private entries too',
})

// What a driver does, and which interface it has.
/** Without `map-by-fault`: how it maps the destination between migrate_vma_pages() and migrate_vma_finalize(). */
export const device_map = constant('device-map', oneOf('unchecked', 'rechecked', 'rechecked-late'))
/**
 * `setup`: three functions that the driver calls, in the form of 5.17 and later. `callbacks`: one function that calls
 * the driver, in the form of 4.14.
 */
export const api = constant('api', oneOf('setup', 'callbacks'))

// What a scenario has beside CPUs, devices and migrations: without it, what only it can reach is left out.
/** A driver migrates memory to its device, which uses it. */
export const migrates = fix('migrates')
/** Somebody calls MADV_DONTNEED. */
export const zaps = fix('zaps')
/** The process forks. */
export const forks = fix('forks')
/** Somebody calls mprotect(). */
export const protects = fix('protects')
/** Somebody takes pins. */
export const pins_taken = fix('pins-taken')
/** Memory is reclaimed, to a swap device. */
export const swaps = fix('swaps')
/** CPUs have translation caches. */
export const cpu_tlb = fix('cpu-tlb')
/** The number of pages that are device memory. */
export const device_pages = constant('device-pages', oneOf('one', 'two'))
