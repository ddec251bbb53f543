/**
 * What the protocol has and what it lacks: one boolean constant each. As merged in 4.14 it has every lock and check,
 * and none of the corrections.
 * The names are explained in fix-list.ts.
 */
import { constant, fix, oneOf } from 'hmmcheck'

// Corrections that came later.
export const flush_under_ptl = fix('flush-under-ptl')
export const collect_marks_dirty = fix('collect-marks-dirty')
export const waiter_without_reference = fix('waiter-without-reference')
export const fault_holds_reference = fix('fault-holds-reference')
export const clear_before_pin_test = fix('clear-before-pin-test')
export const collect_keeps_write = fix('collect-keeps-write')
export const map_by_fault = fix('map-by-fault')
export const failed_copy_clears_dst = fix('failed-copy-clears-dst')

// Locks.
export const migrate_mmap_sem = fix('migrate-mmap-sem')
export const fault_mmap_sem = fix('fault-mmap-sem')
export const zap_mmap_sem = fix('zap-mmap-sem')
export const fork_mmap_sem = fix('fork-mmap-sem')
export const mprotect_mmap_sem = fix('mprotect-mmap-sem')
export const page_lock_fix = fix('page-lock')
export const pte_lock = fix('pte-lock')
export const collect_bracket = fix('collect-bracket')
export const zap_bracket = fix('zap-bracket')
export const hole_bracket = fix('hole-bracket')
export const rmap_bracket = fix('rmap-bracket')
export const fork_bracket = fix('fork-bracket')
export const mprotect_bracket = fix('mprotect-bracket')

// Checks.
export const unmap_check = fix('unmap-check')
export const pages_check = fix('pages-check')
export const hole_check = fix('hole-check')
export const restore_check = fix('restore-check')
export const fault_pte_same = fix('fault-pte-same')
export const anon_none_check = fix('anon-none-check')
export const wait_check = fix('wait-check')
export const zap_flush = fix('zap-flush')
export const fork_flush = fix('fork-flush')
export const flush_nested = fix('flush-nested')
export const gup_recheck = fix('gup-recheck')
export const pin_check = fix('pin-check')
export const fork_protects_entries = fix('fork-protects-entries')
export const mprotect_protects_entries = fix('mprotect-protects-entries')
export const restore_asks_vma = fix('restore-asks-vma')
export const unmap_everywhere = fix('unmap-everywhere')
export const mapping_check = fix('mapping-check')
export const callback_drops_own = fix('callback-drops-own')

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
/** How many of the pages are device memory. */
export const device_pages = constant('device-pages', oneOf('one', 'two'))
