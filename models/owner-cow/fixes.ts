/**
 * The parts that the protocol has or lacks: one boolean constant each; and the choices in which the drivers differ.
 * As merged in 5.8 it has every check, and none of the corrections.
 */
import { constant, fix, oneOf } from 'hmmcheck'

// Corrections that came later, or have yet to come.
export const foreign_pages_fault = fix('foreign-pages-fault', {
  kind: 'correction',
  source: '8a295dbbaf72 (6.0), B-31',
  summary: "hmm_range_fault() faults another device's page in, where a fault is asked for",
})
export const owned_pages_fault = fix('owned-pages-fault', {
  kind: 'correction',
  source: 'G6-02 and B-58, by reading: open in 7.0',
  summary: "hmm_range_fault() faults the driver's own page in, where writing is asked for and the entry forbids it",
})
export const driver_moves_own_pages = fix('driver-moves-own-pages', {
  kind: 'correction',
  source: 'found by this model: needed beside owned-pages-fault',
  summary: 'a driver that declines its own faults moves the page to system memory itself',
})

// Checks.
export const fork_protects_owned = fix('fork-protects-device-pages', {
  kind: 'check',
  source: '6.1 mm/memory.c copy_nonpresent_pte',
  summary: 'fork() takes the right to write from entries of device memory, in parent and child',
})
export const fork_protects_present = fix('fork-protects-present-pages', {
  kind: 'check',
  source: '6.1 mm/memory.c copy_present_pte',
  summary: 'the same of present entries',
})
export const flush_invalidates = fix('flush-invalidates', {
  kind: 'correction',
  source: '6bbd42e2df8f (6.6), B-57',
  summary: "who flushes the CPUs' translation caches flushes that of a device that walks the same page table",
})
export const fork_invalidates = fix('fork-invalidates', {
  kind: 'check',
  source: '6.1 mm/memory.c copy_page_range: MMU_NOTIFY_PROTECTION_PAGE',
  summary: "fork() drops the devices' entries",
})
export const write_copies = fix('write-copies', {
  kind: 'check',
  source: '6.1 mm/memory.c do_wp_page',
  summary: 'a write to a page that others have too makes a copy',
})
export const copy_invalidates = fix('copy-invalidates', {
  kind: 'check',
  source: '6.1 mm/memory.c wp_page_copy: MMU_NOTIFY_CLEAR',
  summary: "who puts a copy in place drops the devices' entries",
})
export const migration_invalidates = fix('migration-invalidates', {
  kind: 'check',
  source: '6.1 mm/rmap.c try_to_migrate_one: MMU_NOTIFY_CLEAR',
  summary: "who moves a page drops the devices' entries, in every process that has it",
})
export const migration_keeps_write = fix('migration-keeps-write', {
  kind: 'check',
  source: '"mm/migrate: properly preserve write attribute in special migrate entry" (4.17), B-65',
  summary: 'a page that is moved from a device keeps the right to write',
})
export const migration_keeps_protection = fix('migration-keeps-protection', {
  kind: 'check',
  source: '6.1 mm/migrate.c remove_migration_pte: is_writable_migration_entry',
  summary: 'a page that is moved does not gain the right to write',
})
export const present_pages_fault = fix('present-pages-fault', {
  kind: 'check',
  source: '6.1 mm/hmm.c hmm_pte_need_fault',
  summary: 'hmm_range_fault() faults a present page in, where writing is asked for and the entry forbids it',
})

// The row of a driver.
/** The source of a device entry's right to write, and of the request: HMM's flags, or those of the vma. */
export const rights_from = constant('rights-from', oneOf('hmm_pfn', 'vm_flags'))
/** A walk that brings no right to write, where that was asked for, is an error: lib/test_hmm.c. */
export const short_of_write_fails = fix('short-of-write-fails')
/** The driver's migrate_to_ram() does nothing for a fault of its own walk: `faulting_task` of amdkfd. */
export const declines_own_faults = fix('declines-own-faults')

// What a scenario has.
/** A process forks. */
export const forks = fix('forks')
/** The device walks the page table of the process itself (SVA), and caches what it finds. There was a fork before. */
export const iotlb = fix('iotlb')
/** There are two devices, whose drivers have different owners. */
export const two_devices = fix('two-devices')
