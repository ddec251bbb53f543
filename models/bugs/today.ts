/**
 * Faults that were read in the text of today's kernel and its drivers: those of which no model was made, each with the
 * reason, and one that the model of something else shows.
 */
import { findingsIn, found, inexpressible, temporal, type Bug } from './bug.ts'

const inOwner = findingsIn('owner-cow')

const oneThread = (what: string): string => `${what}: one thread, and no order of steps`

/** Faults that were read in the text of the drivers, and that nobody is known to have reported. */
export const todaysBugs: readonly Bug[] = [
  {
    id: 'G6-03',
    title: '`hmm_range_fault` goes round without a bound where a fault succeeds and changes nothing',
    versions: '5.8 to 7.0',
    commit: 'b570f37a2ce4, in part',
    known: 'reading',
    fix: 'end the loop after a fatal signal, or give the error of the driver that declines; in amdkfd, move the own page before the walk',
    note: 'Where a driver declines a fault of its own walk, nobody ends it: D-14. Where the entry may still change, it is a livelock.',
    place: found(inOwner('without-driver-moves-own-pages', 'kfd', 'recoverable', 'driver-moves-own-pages')),
  },
  {
    id: 'G6-11',
    title: 'nouveau: one atomic fault makes the later faults of its batch atomic',
    versions: '5.14 to 6.12',
    known: 'reading',
    fix: 'set `atomic` anew for each fault',
    place: inexpressible(oneThread('a local variable that is not reset')),
  },
  {
    id: 'G6-16',
    title: 'nouveau: eviction unmaps the DMA address 0 of entries that did not migrate',
    versions: '6.12',
    known: 'reading',
    fix: 'leave those entries out',
    place: inexpressible('misuse of the DMA interface'),
  },
  {
    id: 'G6-28',
    title: 'amdkfd: the restore worker starves under a stream of invalidations',
    versions: '5.14 to 6.17',
    commit: 'October 2025, in part',
    unverified: true,
    known: 'reading',
    fix: 'leave a range out whose VMA is gone; resume the queues range by range',
    place: temporal('queues are resumed whenever the stream pauses'),
  },
  {
    id: 'G6-29',
    title: 'A destination page is unmapped for DMA after the migration was finalized',
    versions: 'amdkfd, nouveau and drm_pagemap of 6.12 and later',
    known: 'reading',
    fix: 'unmap before `migrate_vma_finalize`',
    place: inexpressible('bounce buffers: a copy is one step to the page itself'),
  },
  {
    id: 'G6-33',
    title: "amdkfd: eviction of a buffer gives up silently if the process's mm is gone",
    versions: '6.1 to 6.12',
    known: 'reading',
    fix: "migrate by the pages' reverse map, or signal the fence",
    place: temporal('the eviction ends with an error each time; it would succeed when the child exits'),
  },
  {
    id: 'G6-41',
    title: 'xe: the fault handler says 0 where its pages could not be got',
    versions: '6.18 to 7.0',
    known: 'reading',
    fix: 'give the error back',
    place: temporal('the device faults again, for ever; it would end if the pages could be got'),
  },
  {
    id: 'G6-43',
    title: '`drm_gpusvm_range_evict` keeps a reference on the mm if it gets no memory',
    versions: '7.0',
    known: 'reading',
    fix: '`mmput` on that way out',
    place: inexpressible(oneThread('a reference that an error path does not give back')),
  },
  {
    id: 'G6-46',
    title: 'xe: the range of a TLB invalidation may be too small',
    versions: '6.15 to 7.0',
    known: 'inference',
    fix: 'none is needed',
    note:
      'By reading, it is not one: what is flushed is rounded to a power of two and aligned, ranges are such blocks, and ' +
      'a block that has addresses on both sides of the end of a range has all of that range.',
    place: inexpressible('sub-ranges: an interval is one address, and a TLB is asked address by address'),
  },
  {
    id: 'G6-51',
    title: 'KVM: an update of memslots, or a refresh of a cache, waits for a moment without any bracket',
    versions: '6.12',
    known: 'reading',
    fix: 'hold new brackets back while somebody waits; look at the range',
    place: temporal('such a moment can always come'),
  },
  {
    id: 'G6-63',
    title: 'ODP: a fault goes round without a bound beside a stream of invalidations',
    versions: '6.12',
    known: 'reading',
    fix: 'a bound, then an error',
    place: temporal('the fault ends as soon as the stream pauses'),
  },
  {
    id: 'G6-76',
    title: "UVM: a remote fault may leave a child's mapping of a device page",
    versions: '595.45.04',
    known: 'inference',
    fix: 'compare the address space before a chunk is taken over',
    note:
      'By reading of 595.45.04, c .6: `gpu_chunk_add` compares owners in debug builds alone. A fault of the GPU in the ' +
      "child takes the chunk over; before its `migrate_vma_setup` has the page locked, a fault of the parent's CPU looks " +
      "remote, its MIGRATE bracket is ignored by the parent's callback, and the page is freed while the parent's GPU " +
      'maps it.',
    place: inexpressible('the owner of a chunk, and pages of a GPU that two processes have'),
  },
  {
    id: 'G6-77',
    title: 'UVM: an unmap that stops early leaves the mappings of the GPUs behind it',
    versions: '595.45.04',
    known: 'inference',
    fix: 'go on with the other GPUs',
    note:
      'By reading of 595.45.04, the unmap does not stop early where pages have 4 KiB: entries of blocks with HMM are of ' +
      '4 KiB alone (`block_gpu_compute_new_pte_state`), and what a GPU maps has its table already, so that none is ' +
      'allocated. Pages of 64 KiB have HMM off by default.',
    place: inexpressible('tables of GPUs, and their allocation'),
  },
  {
    id: 'G6-95',
    title: 'Two users of one exclusive page take it from each other, and no atomic is ever executed',
    versions: '5.14 and later',
    known: 'reading',
    fix: 'a least time of residency',
    place: temporal('each can succeed at every moment'),
  },
  {
    id: 'G6-96',
    title: '`make_device_exclusive` tries again without a bound',
    versions: '6.15 and later',
    known: 'reading',
    fix: 'a bound',
    place: temporal('it succeeds as soon as nobody protects or replaces the entry'),
  },
]
