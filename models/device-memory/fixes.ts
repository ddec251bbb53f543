/**
 * The parts that the protocol has or lacks: one boolean constant each. As merged in 4.14 it has every lock and check,
 * and none of the corrections.
 */
import { constant, fix, oneOf } from 'hmmcheck'

const test_hmm = '6.1 lib/test_hmm.c'

// Corrections that came later.
export const free_at_zero = fix('free-at-zero', {
  kind: 'correction',
  source: 'ef233450898f (6.1), B-33',
  summary:
    'a free page of device memory has no reference; from 4.14 to 5.17 one more is counted all the time, from 5.18 ' +
    'to 6.0 one while it is free',
})
export const pgmap_reference = fix('pgmap-reference', {
  kind: 'correction',
  source: '0dc45ca1ce18 (6.1), B-33',
  summary: 'every page in use has a reference to the map',
})
export const fault_holds_reference = fix('fault-holds-reference', {
  kind: 'correction',
  source: '16ce101db85d (6.1), B-18, B-32b',
  summary: 'a CPU fault on device memory takes a reference under the page table lock',
})
export const evict_before_remove = fix('evict-before-remove', {
  kind: 'correction',
  source: '249881232e14 (6.1), B-43',
  summary: 'the driver evicts its memory before the map is removed',
})
export const evict_until_free = fix('evict-until-free', {
  kind: 'correction',
  source: 'B-41 and A.8.2, by reading',
  summary: 'it goes on until nobody uses a page; else every page is tried once',
})
export const pop_takes_reference = fix('pop-takes-reference', {
  kind: 'correction',
  source: 'B-44, by reading',
  summary: 'a page leaves the free list with its references, under the lock of the list',
})
export const close_evicts = fix('close-evicts', {
  kind: 'correction',
  source: '744dd97752ef (7.0), B-41',
  summary: 'closing the file evicts the pages that point to its mirror',
})
export const snapshot_under_ptl = fix('snapshot-under-ptl', {
  kind: 'correction',
  source: 'B-60, by reading',
  summary: 'hmm_range_fault() looks at the page of an entry under the page table lock',
})
export const release_pages_frees = fix('release-pages-frees', {
  kind: 'correction',
  source: 'c5d6c45e90c4 (5.3), B-34',
  summary: 'a batch of puts knows when a page of device memory is free',
})

// Locks.
export const page_lock_fix = fix('page-lock', {
  kind: 'lock',
  source: '6.1 mm/migrate_device.c',
  summary: 'a page that somebody has locked is not migrated',
})
export const pte_lock = fix('pte-lock', {
  kind: 'lock',
  source: '6.1 mm/memory.c do_swap_page',
  summary: 'a fault tests the entry and takes its reference under the page table lock',
})
export const free_list_lock = fix('free-list-lock', {
  kind: 'lock',
  source: `${test_hmm} dmirror_devmem_alloc_page`,
  summary: 'the free list is locked while a page is taken out',
})

// Checks.
export const removed_check = fix('removed-check', {
  kind: 'check',
  source: `${test_hmm} dmirror_allocate_chunk`,
  summary: 'no page is given out once the device is being removed',
})
export const fault_pte_same = fix('fault-pte-same', {
  kind: 'check',
  source: '6.1 mm/memory.c do_swap_page',
  summary: 'a fault tests the entry again before it takes the reference',
})
export const count_check = fix('count-check', {
  kind: 'check',
  source: '6.1 mm/migrate_device.c migrate_vma_check_page',
  summary: 'a page of device memory with references of others is not migrated',
})
export const source_check = fix('source-check', {
  kind: 'check',
  source: '6.1 mm/migrate_device.c migrate_vma_check_page',
  summary: 'a page of system memory with references of others is not migrated',
})
export const wait_for_pages = fix('wait-for-pages', {
  kind: 'check',
  source: '50f44ee7248a (5.2), B-32; 6.1 mm/memremap.c memunmap_pages',
  summary: 'removing the map waits until every page is free',
})
export const reuse_waits_for_free = fix('reuse-waits-for-free', {
  kind: 'check',
  source: 'mail "drm/amdkfd: Fix svm_bo and vram page refcount" (September 2025), E-07',
  summary: 'the driver gives a page out again when page_free() has given it back; else when it has no entry any more',
})
export const pgmap_on_stack = fix('pgmap-on-stack', {
  kind: 'check',
  source: '399289849560 (7.1), E-08; up to 6.18 page_free() comes last',
  summary: 'who frees a page has read its map before the driver has the page back',
})
export const gup_recheck = fix('gup-recheck', {
  kind: 'check',
  source: '6.1 mm/gup.c gup_pte_range',
  summary: 'GUP-fast reads the entry again after it has taken the pin',
})

/**
 * Without `free-at-zero`: 4.14 to 5.17 count one reference more all the time, 5.18 to 6.0 one while the page is free.
 */
export const old_count = constant('old-count', oneOf('one-more', 'reset-to-one'))

/** The code that takes a pin on device memory, which is not allowed: GUP-fast, or a fault that hands its page on. */
export const pins_device_page = constant('pins-device-page', oneOf('nobody', 'gup-fast', 'fault'))

// What a scenario has: without it, what only it can reach is left out.
/** The device is removed. */
export const removes = fix('removes')
/** The file of the mirror is closed. */
export const closes = fix('closes')
/** Somebody takes pins. */
export const pins_taken = fix('pins-taken')
/** The number of pages that are the system's; the rest is the device's. */
export const system_pages = constant('system-pages', oneOf('one', 'two'))
