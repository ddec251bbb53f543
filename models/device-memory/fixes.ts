/**
 * What the protocol has and what it lacks: one boolean constant each. As merged in 4.14 it has every lock and check,
 * and none of the corrections.
 * The names are explained in fix-list.ts.
 */
import { constant, fix, oneOf } from 'hmmcheck'

// Corrections that came later.
export const free_at_zero = fix('free-at-zero')
export const pgmap_reference = fix('pgmap-reference')
export const fault_holds_reference = fix('fault-holds-reference')
export const evict_before_remove = fix('evict-before-remove')
export const evict_until_free = fix('evict-until-free')
export const pop_takes_reference = fix('pop-takes-reference')
export const close_evicts = fix('close-evicts')
export const snapshot_under_ptl = fix('snapshot-under-ptl')
export const release_pages_frees = fix('release-pages-frees')

// Locks.
export const page_lock_fix = fix('page-lock')
export const pte_lock = fix('pte-lock')
export const free_list_lock = fix('free-list-lock')

// Checks.
export const removed_check = fix('removed-check')
export const fault_pte_same = fix('fault-pte-same')
export const count_check = fix('count-check')
export const source_check = fix('source-check')
export const wait_for_pages = fix('wait-for-pages')
export const reuse_waits_for_free = fix('reuse-waits-for-free')
export const pgmap_on_stack = fix('pgmap-on-stack')
export const gup_recheck = fix('gup-recheck')

/**
 * Without `free-at-zero`: 4.14 to 5.17 count one reference more all the time, 5.18 to 6.0 one while the page is free.
 */
export const old_count = constant('old-count', oneOf('one-more', 'reset-to-one'))

/** Who takes a pin on device memory, which nobody may: GUP-fast, or a fault that hands its page on. */
export const pins_device_page = constant('pins-device-page', oneOf('nobody', 'gup-fast', 'fault'))

// What a scenario has: without it, what only it can reach is left out.
/** The device is removed. */
export const removes = fix('removes')
/** The file of the mirror is closed. */
export const closes = fix('closes')
/** Somebody takes pins. */
export const pins_taken = fix('pins-taken')
/** How many of the pages are the system's; the rest is the device's. */
export const system_pages = constant('system-pages', oneOf('one', 'two'))
