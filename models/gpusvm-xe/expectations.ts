/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'
import { scenarios } from './scenarios.ts'

const guarantee = 'drm_gpusvm.c of 7.0: "A notifier will either block on the notifier lock or unmap dma"'

/** A GPU reaches a page that is gone. */
const reaches = ['P-INV', 'P-NOUAF']
/** The flags say that pages are there which are gone. */
const stale_flags = ['P-HAS-DMA-MAPPING', 'P-HAS-DEVMEM-PAGES']
/** The same, as what is mapped has changed since it was read. */
const stale = [...reaches, ...stale_flags, 'P-RETRY']

const spins = 'G6-40: the page cannot be had, and vm->lock is never given back'
const mm_freed = 'G6-42: the last gpusvm is gone, and a child has the page still'
const raw = 'G6-44: the error path reads page frame numbers as migration entries'
const leaks = 'G6-45, E-41: the flag is not set yet, so that nothing is unmapped'
const in_order = 'E-40: jobs of one queue are done in order, and the one that clears comes first'
const mixed = 'G6-45, E-41, and no error is needed: a page of the other kind of memory comes after some that are mapped'
const fini = 'the notifier is gone, and a page that is mapped for DMA is freed without a callback'
const each_can = 'B-59: one of two that wait for each other can succeed at every moment; the livelock is temporal'

export const expectations: readonly Expectation[] = [
  ...scenarios.map(({ name }) => holds('fixed', name, guarantee)),

  holds('as-merged', 'map', guarantee),
  holds('as-merged', 'vram', guarantee),
  violated('as-merged', 'errors', ['P-TYPE', 'P-HAS-DMA-MAPPING'], `${raw}; ${leaks}`),
  holds('as-merged', 'clear', in_order),
  violated('as-merged', 'hole', ['recoverable'], spins),
  holds('as-merged', 'peers', each_can),
  violated('as-7.0', 'errors', ['P-HAS-DMA-MAPPING'], leaks),
  violated('as-7.0', 'mixed', ['P-HAS-DMA-MAPPING'], mixed),
  violated('as-7.0', 'hole', ['recoverable'], spins),
  violated('as-7.0', 'child', ['P-LIFE'], mm_freed),
  violated('as-7.0', 'close', stale_flags, fini),
  holds('as-7.0', 'peers', each_can),

  // Without one correction.
  violated('without-error-returned', 'hole', ['recoverable'], spins),
  violated('without-devmem-pins-mm', 'child', ['P-LIFE'], mm_freed),
  violated('without-dst-converted-first', 'errors', ['P-TYPE'], raw),
  violated('without-error-unmaps', 'errors', ['P-HAS-DMA-MAPPING'], leaks),
  violated('without-error-unmaps', 'mixed', ['P-HAS-DMA-MAPPING'], mixed),
  holds('without-busy-retried', 'peers', `redundant for safety; ${each_can}`),
  holds('without-unbind-spares-tlb', 'insert', 'redundant: it saves a flush of the TLB'),
  holds('without-migration-serialized', 'peers', `redundant for safety; ${each_can}`),
  holds('without-copy-waits', 'clear', `redundant here; ${in_order}`),
  violated('without-fini-unmaps-first', 'close', stale_flags, fini),

  // Without one lock.
  violated(
    'without-vm-lock',
    'close',
    [...stale, 'P-LIFE'],
    'drm_gpusvm_range_remove: "The caller must hold a lock to protect range and notifier removal"',
  ),
  violated(
    'without-callback-lock',
    'map',
    [...stale, 'P-TILE'],
    'R-ZAP: pages are mapped between the number and the test of the flags',
  ),
  violated('without-pages-lock', 'map', stale, 'R-RETRY: a callback between the retry and the flags'),
  violated(
    'without-pages-lock',
    'insert',
    [...stale, 'P-UNMAPPED'],
    'the word of flags is written as it was read, over a flag that a callback has set meanwhile',
  ),
  violated('without-bind-lock', 'map', [...reaches, 'P-TILE'], 'H6: a callback between the flags and the commit'),
  holds(
    'without-insert-lock',
    'insert',
    'redundant here: the insertion is one step; in the kernel it keeps a callback out of a tree that changes',
  ),
  holds(
    'without-insert-lock',
    'wide',
    'redundant here: the insertion is one step; in the kernel it keeps a callback out of a tree that changes',
  ),
  holds(
    'without-unbind-lock',
    'insert',
    'redundant here: the callback has cleared the entries when it marks the range, and leaves it alone from then on',
  ),
  violated(
    'without-remove-lock',
    'insert',
    ['P-UNMAPPED'],
    'a callback finds the range in the tree, and marks it when it is removed already',
  ),
  violated(
    'without-lookup-mmap-lock',
    'insert',
    ['P-UNMAPPED'],
    'munmap() between vma_lookup() and the insertion: its callback finds no range',
  ),
  violated(
    'without-lookup-mmap-lock',
    'file',
    ['P-UNMAPPED', 'P-MIGRATE-DEVMEM'],
    'the same, and the range is inserted as one of a VMA that is there no more',
  ),
  violated('without-walk-mmap-lock', 'insert', ['P-VMA'], 'mmap_lock: the VMA goes while a page is faulted in'),
  violated('without-migrate-mmap-lock', 'file', ['P-VMA'], 'mmap_lock: the VMA goes while a page is migrated'),
  holds(
    'without-bo-lock',
    'vram',
    'redundant here: a migration has a reference to its memory, so that `detached` is not complete',
  ),

  // Without one check.
  violated('without-callback-sets-seq', 'map', stale, 'A.6.4: a callback between the sample and the flags is not seen'),
  violated(
    'without-callback-waits',
    'map',
    [...reaches, 'P-TILE'],
    'G4: the job writes its entries after the callback has cleared them',
  ),
  violated('without-callback-flushes', 'map', reaches, 'G6: the TLB has the translation still'),
  violated(
    'without-callback-unmaps',
    'map',
    [...reaches, ...stale_flags],
    'G7: the flags say that the pages are there, and the next fault maps them again',
  ),
  violated(
    'without-callback-marks',
    'insert',
    ['P-UNMAPPED', 'P-UNMAPPED.reached'],
    'G7: nobody sets the flag, so that the range stays',
  ),
  violated(
    'without-callback-spares-closed',
    'close',
    ['P-LIFE'],
    'G3: the callback clears entries of page tables that are destroyed',
  ),
  holds('without-close-waits', 'close', 'redundant here: a fault waits for its job before it gives vm->lock back'),
  holds(
    'without-close-waits',
    'exit',
    'redundant here: a job that unbinds clears what is clear; TTM keeps page tables until fences are signalled',
  ),
  holds(
    'without-close-waits',
    'teardown',
    'redundant here: a job that unbinds clears what is clear; TTM keeps page tables until fences are signalled',
  ),
  holds('without-jobs-wait', 'insert', 'redundant here: jobs of one queue are done in order'),
  violated('without-pages-check-seq', 'map', stale, 'A.6.4: a callback between the sample and the flags is not seen'),
  violated(
    'without-pages-check-unmapped',
    'insert',
    reaches,
    'G5: a callback skips a range that is marked as unmapped, and it has entries again',
  ),
  violated(
    'without-bind-checks-flags',
    'map',
    reaches,
    'H6: a callback after the pages were got, before they are bound',
  ),
  violated(
    'without-fault-checks-closed',
    'close',
    [...stale, 'P-LIFE'],
    'the fault writes entries into page tables that are destroyed',
  ),
  holds(
    'without-fault-collects',
    'insert',
    'redundant for safety: the fault goes round with vm->lock held until munmap() takes the memory again',
  ),
  violated('without-migrates-anonymous', 'file', ['P-VMA'], 'a file was mapped there since the range was looked up'),
  violated(
    'without-pages-refuse-mixed',
    'mixed',
    ['P-HAS-DEVMEM-PAGES'],
    'H5: the flag says device memory, and a page of the range is in RAM',
  ),
  holds('without-one-queue', 'insert', 'redundant here: a job that writes entries waits for those before it'),
  holds('without-one-queue', 'clear', 'redundant here: a migration waits for the job that clears'),
  holds(
    'without-all-or-nothing',
    'mixed',
    'redundant for safety: what is in both kinds of memory is refused, and evicted',
  ),
  violated(
    'without-evict-checks-detached',
    'vram',
    ['P-NOUAF'],
    'a fault of a CPU has the page locked, and copies from memory that was given away',
  ),
]
