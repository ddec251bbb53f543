/** Bugs of drm_gpusvm, drm_pagemap and xe's shared virtual memory. */
import { closed, findingsIn, found, temporal, type Bug } from './bug.ts'

const inXe = findingsIn('gpusvm-xe')

export const gpusvmBugs: readonly Bug[] = [
  {
    id: 'B-59',
    title: 'Two devices migrate the same range against each other',
    versions: 'xe, about 6.15 to 6.18',
    commit: '0620837490e0',
    known: 'report',
    fix: 'after -EBUSY a migration holds a lock alone',
    note:
      'Its half of safety holds in `gpusvm-xe`, with that lock and without it: no page is lost, and each GPU can ' +
      'still get the page at every moment.',
    place: temporal('each evicts what the other has got, for ever, though either could succeed'),
  },
  {
    id: 'G6-40',
    title: 'xe: an error of a fault is tried again without a bound, with `vm->lock` held',
    versions: '6.15 to 7.0',
    known: 'reading',
    fix: 'give the error back, unless the range was unmapped meanwhile',
    place: found(
      inXe('without-error-returned', 'hole', 'recoverable', 'error-returned'),
      inXe('as-7.0', 'hole', 'recoverable', 'error-returned'),
    ),
  },
  {
    id: 'G6-42',
    title: 'drm_pagemap: the mm of an allocation is not pinned',
    versions: '6.15 to 7.0',
    known: 'reading',
    fix:
      '`mmgrab` while the buffer object lives: a reference that goes with the last page goes too early for an ' +
      'eviction',
    place: found(
      inXe('without-devmem-pins-mm', 'child', 'P-LIFE', 'devmem-pins-mm'),
      inXe('as-7.0', 'child', 'P-LIFE', 'devmem-pins-mm'),
    ),
  },
  {
    id: 'G6-44',
    title: 'drm_gpusvm: page frame numbers are taken for migration entries on an error path',
    versions: '6.15, 6.16',
    known: 'reading',
    fix: 'convert before the mapping',
    place: found(
      inXe('without-dst-converted-first', 'errors', 'P-TYPE', 'dst-converted-first'),
      inXe('as-merged', 'errors', 'P-TYPE', 'dst-converted-first'),
    ),
  },
  {
    id: 'G6-45',
    title: 'drm_gpusvm: DMA mappings stay after an error in the middle',
    versions: '7.0',
    commit: '"Force unmapping on error"',
    unverified: true,
    known: 'reading',
    fix: 'unmap what was mapped',
    place: found(
      inXe('without-error-unmaps', 'errors', 'P-HAS-DMA-MAPPING', 'error-unmaps'),
      inXe('as-7.0', 'errors', 'P-HAS-DMA-MAPPING', 'error-unmaps'),
    ),
    note: 'No error of a mapping is needed: a range with pages in both kinds of memory goes the same way out.',
  },
  {
    id: 'E-40',
    title: 'xe: device memory is used while it is still cleared or evicted',
    versions: '6.15 to 6.18',
    known: 'report',
    fix: 'wait for the fence before the copy',
    note:
      'The correction is for copies by the queue of another GPU, which came with the same series. Its message names ' +
      'a second case, in which nothing is copied; no schedule of it was found.',
    place: closed(
      'memory is cleared, copied to and bound by jobs of one queue of its tile, which are done in order; entries are ' +
        'written without a job only when that queue is idle',
      { model: 'gpusvm-xe', variant: 'as-merged', scenario: 'clear' },
      { model: 'gpusvm-xe', variant: 'without-copy-waits', scenario: 'clear' },
    ),
  },
  {
    id: 'E-41',
    title: 'drm_gpusvm: no unmapping after an error in the middle; atomics of GPU and CPU that take a page to and fro',
    versions: '6.12 to 6.16',
    known: 'report',
    fix: 'unmap what was mapped; time slices',
    note: 'The first of the two, which is G6-45. In the second each can succeed at every moment: that is temporal.',
    place: found(inXe('without-error-unmaps', 'errors', 'P-HAS-DMA-MAPPING', 'error-unmaps')),
  },
  {
    id: 'D-25',
    title: 'drm_gpusvm: a VM that ends removes its notifier while pages are mapped for DMA',
    versions: '6.15 to 7.0',
    known: 'checker',
    fix: 'remove the ranges first: the last one takes the notifier with it',
    note:
      "A page can be freed between the two without a callback. The GPU's own tables are cleared by then. A bounce " +
      'buffer is written back to the page when it is unmapped.',
    place: found(
      inXe('without-fini-unmaps-first', 'close', 'P-HAS-DMA-MAPPING', 'fini-unmaps-first'),
      inXe('as-7.0', 'close', 'P-HAS-DMA-MAPPING', 'fini-unmaps-first'),
    ),
  },
]
