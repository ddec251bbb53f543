/**
 * Every correction, lock and check of the protocol, and where it is known from. Each is a constant of the same name
 * in fixes.ts.
 */
import type { Fix } from 'hmmcheck'

const test_hmm = '6.1 lib/test_hmm.c'

export const fixes: readonly Fix[] = [
  {
    name: 'free-at-zero',
    kind: 'correction',
    source: 'ef233450898f (6.1), B-33',
    summary:
      'a free page of device memory has no reference; from 4.14 to 5.17 one more is counted all the time, from 5.18 to 6.0 one while it is free',
  },
  {
    name: 'pgmap-reference',
    kind: 'correction',
    source: '0dc45ca1ce18 (6.1), B-33',
    summary: 'every page in use has a reference to the map',
  },
  {
    name: 'fault-holds-reference',
    kind: 'correction',
    source: '16ce101db85d (6.1), B-18, B-32b',
    summary: 'a CPU fault on device memory takes a reference under the page table lock',
  },
  {
    name: 'evict-before-remove',
    kind: 'correction',
    source: '249881232e14 (6.1), B-43',
    summary: 'the driver evicts its memory before the map is removed',
  },
  {
    name: 'evict-until-free',
    kind: 'correction',
    source: 'B-41 and A.8.2, by reading',
    summary: 'it goes on until nobody uses a page; else every page is tried once',
  },
  {
    name: 'pop-takes-reference',
    kind: 'correction',
    source: 'B-44, by reading',
    summary: 'a page leaves the free list with its references, under the lock of the list',
  },
  {
    name: 'close-evicts',
    kind: 'correction',
    source: '744dd97752ef (7.0), B-41',
    summary: 'closing the file evicts the pages that point to its mirror',
  },
  {
    name: 'snapshot-under-ptl',
    kind: 'correction',
    source: 'B-60, by reading',
    summary: 'hmm_range_fault() looks at the page of an entry under the page table lock',
  },
  {
    name: 'release-pages-frees',
    kind: 'correction',
    source: 'c5d6c45e90c4 (5.3), B-34',
    summary: 'a batch of puts knows when a page of device memory is free',
  },

  {
    name: 'page-lock',
    kind: 'lock',
    source: '6.1 mm/migrate_device.c',
    summary: 'a page that somebody has locked is not migrated',
  },
  {
    name: 'pte-lock',
    kind: 'lock',
    source: '6.1 mm/memory.c do_swap_page',
    summary: 'a fault tests the entry and takes its reference under the page table lock',
  },
  {
    name: 'free-list-lock',
    kind: 'lock',
    source: `${test_hmm} dmirror_devmem_alloc_page`,
    summary: 'the free list is locked while a page is taken out',
  },

  {
    name: 'removed-check',
    kind: 'check',
    source: `${test_hmm} dmirror_allocate_chunk`,
    summary: 'no page is given out once the device is being removed',
  },
  {
    name: 'fault-pte-same',
    kind: 'check',
    source: '6.1 mm/memory.c do_swap_page',
    summary: 'a fault tests the entry again before it takes the reference',
  },
  {
    name: 'count-check',
    kind: 'check',
    source: '6.1 mm/migrate_device.c migrate_vma_check_page',
    summary: 'a page of device memory with references of others is not migrated',
  },
  {
    name: 'source-check',
    kind: 'check',
    source: '6.1 mm/migrate_device.c migrate_vma_check_page',
    summary: 'a page of system memory with references of others is not migrated',
  },
  {
    name: 'wait-for-pages',
    kind: 'check',
    source: '50f44ee7248a (5.2), B-32; 6.1 mm/memremap.c memunmap_pages',
    summary: 'removing the map waits until every page is free',
  },
  {
    name: 'reuse-waits-for-free',
    kind: 'check',
    source: 'mail "drm/amdkfd: Fix svm_bo and vram page refcount" (September 2025), E-07',
    summary: 'the driver gives a page out again when page_free() has given it back; else when it has no entry any more',
  },
  {
    name: 'pgmap-on-stack',
    kind: 'check',
    source: '399289849560 (7.1), E-08; up to 6.18 page_free() comes last',
    summary: 'who frees a page has read its map before the driver has the page back',
  },
  {
    name: 'gup-recheck',
    kind: 'check',
    source: '6.1 mm/gup.c gup_pte_range',
    summary: 'GUP-fast reads the entry again after it has taken the pin',
  },
]
