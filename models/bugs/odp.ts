/** Bugs of on-demand paging of mlx5; those with G6 are open upstream. */
import { findingsIn, found, type Bug } from './bug.ts'

const inOdp = findingsIn('odp')

/** What was reported, and corrected. */
const corrected: readonly Bug[] = [
  {
    id: 'B-14',
    title: 'ODP read lock leaked on -EAGAIN',
    versions: '5.0 to 5.2',
    commit: '7608bf40cf24 (5.3)',
    known: 'report',
    fix: 'release it on the way out with an error',
    place: found(
      inOdp('without-start-unlocks', 'per-mm', 'P-BAL-RWSEM', 'start-unlocks'),
      inOdp('without-start-unlocks', 'per-mm', 'recoverable', 'start-unlocks'),
    ),
  },
  {
    id: 'B-50',
    title: 'mlx5 implicit ODP: child MR destroyed twice',
    versions: 'up to 6.13',
    commit: 'd3d930411ce3 (6.14)',
    known: 'report',
    fix: 'claim it by cmpxchg',
    place: found(inOdp('without-destroy-claims', 'implicit-dereg', 'P-LIFE', 'destroy-claims')),
  },
  {
    id: 'B-51',
    title: 'mlx5 ODP MR: invalidation after the key was revoked',
    versions: 'up to 6.13',
    commit: 'abb604a1a9c8 (6.14)',
    known: 'report',
    fix: 'revoke under `umem_mutex`, and let callbacks know',
    note: 'The correction opens G6-62.',
    place: found(inOdp('without-revoke-under-mutex', 'dereg', 'P-KEY', 'revoke-under-mutex')),
  },
  {
    id: 'E-34',
    title: 'mlx5: a DMABUF region is invalidated after its key was revoked',
    versions: 'up to 6.13',
    commit: 'cc668a11e6ac (6.14)',
    known: 'report',
    fix: '`dma_resv_lock` around both',
    note: 'The order of steps of B-51, with the lock of the buffer in place of that of the pages.',
    place: found(inOdp('without-revoke-under-resv', 'dmabuf', 'P-KEY', 'revoke-under-resv')),
  },
  {
    id: 'E-29',
    title: "mlx5 implicit ODP: an older entry is written over a newer one in the device's table",
    versions: 'up to 5.3',
    known: 'report',
    fix: 'read the children and write the table under `umem_mutex`',
    place: found(inOdp('without-ksm-lock', 'implicit-dereg', 'P-KSM', 'ksm-lock')),
  },
  {
    id: 'E-30',
    title: 'mlx5: a region is live before its set-up is done',
    versions: 'up to 5.3',
    known: 'report',
    fix: 'make it known last',
    note: 'Shown with the reference count that has taken the place of `live` and `num_pending_prefetch`.',
    place: found(inOdp('without-publish-last', 'prefetch', 'P-LIFE', 'publish-last')),
  },
  {
    id: 'E-31',
    title: 'mlx5: the work of a prefetch updates the table outside SRCU',
    versions: '5.5 to 5.8',
    known: 'report',
    fix: 'the work holds the region',
    note: 'Shown with the reference count that has taken the place of SRCU.',
    place: found(inOdp('without-prefetch-holds', 'prefetch', 'P-LIFE', 'prefetch-holds')),
  },
  {
    id: 'E-32',
    title: "mlx5: B-50's correction keeps a reference to the parent",
    versions: '6.13 to 6.14-rc',
    known: 'report',
    fix: 'give it back where somebody else has the child',
    place: found(inOdp('without-destroy-puts', 'implicit-dereg', 'recoverable', 'destroy-puts')),
  },
  {
    id: 'E-33',
    title: "mlx5: B-50's correction changes an xarray without its lock",
    versions: '6.13 to 6.15',
    known: 'report',
    fix: '`xa_store()` and `xa_erase()`, which take it',
    place: found(inOdp('without-mkeys-lock', 'memory-scheme', 'P-TREE', 'mkeys-lock')),
  },
]

/** What was read in the source, and never seen. */
const open: readonly Bug[] = [
  {
    id: 'G6-60',
    title: 'ODP: faults of one region share the array of `hmm_range_fault()`',
    versions: '5.10 to 6.16',
    known: 'inference',
    fix: 'an array for each fault',
    note:
      'Open upstream, with no public report found. It needs a thread that is stopped between the load of an entry ' +
      'and its store.',
    place: found(
      inOdp('as-6.12', 'fault', 'P-AGREE', 'private-array'),
      inOdp('without-private-array', 'fault', 'P-NOUAF', 'private-array'),
    ),
  },
  {
    id: 'G6-61',
    title: 'ODP: `HMM_PFN_DMA_MAPPED` is written back outside `umem_mutex`',
    versions: 'about 6.16',
    known: 'inference',
    fix: 'an array for each fault; the flags change under `umem_mutex` alone',
    note: 'Open upstream, with no public report found. P-DMA falls without a bracket, too.',
    place: found(
      inOdp('without-private-array', 'dma-map', 'P-DMA', 'private-array'),
      inOdp('as-6.16', 'dma-map', 'P-NOUAF-ENTRY', 'private-array'),
    ),
  },
  {
    id: 'G6-62',
    title: 'ODP: a callback between the revoked key and the release leaves the page mapped',
    versions: '6.14 to 6.16, and 6.1.192 and 6.12.117',
    known: 'inference',
    fix: 'a callback unmaps the pages also where the key is revoked',
    note:
      "Open upstream, with no public report found; opened by B-51's correction. The device has lost its access: a " +
      'page of somebody else is marked dirty, and the mapping of the IOMMU outlives the page.',
    place: found(
      inOdp('as-6.12', 'dereg', 'P-NOUAF', 'unmap-without-key'),
      inOdp('without-unmap-without-key', 'dereg', 'P-NOUAF', 'unmap-without-key'),
    ),
  },
]

/** What the checker showed beside them. */
const discovered: readonly Bug[] = [
  {
    id: 'D-15',
    title: 'ODP: a prefetch of what is there wipes the entry that a fault has checked, or has mapped',
    versions: '5.13 to 6.16 (IB_UVERBS_ADVISE_MR_ADVICE_PREFETCH_NO_FAULT)',
    known: 'checker',
    fix: 'as of G6-60',
    note:
      'G6-60 without a bracket, and with one page: the prefetch has loaded an empty entry, and stores it when the ' +
      'fault has its page. The fault then finds nothing where it asked for a page (a warning, and page frame 0 in ' +
      '6.12), or the callback later marks another page dirty than the device wrote to.',
    place: found(
      inOdp('as-6.12', 'snapshot', 'P-RETRY', 'private-array'),
      inOdp('as-6.12', 'snapshot', 'P-DIRTY', 'private-array'),
    ),
  },
  {
    id: 'D-16',
    title: 'mlx5 ODP: `npages` counts a page again with each fault',
    versions: 'about 6.16',
    known: 'checker',
    fix: 'count where the page is mapped, as up to 6.15',
    note:
      '`populate_mtt` counts every valid entry that it writes, also one that was mapped before. The count does ' +
      'not come back to 0, so that a child of an implicit region is not let go when its pages are.',
    place: found(inOdp('without-counts-once', 'dma-map', 'P-BAL', 'counts-once')),
  },
]

export const odpBugs: readonly Bug[] = [...corrected, ...open, ...discovered]
