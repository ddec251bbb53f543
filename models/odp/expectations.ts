/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const protocol = 'umem_odp.c and mlx5/odp.c of 6.12, with the corrections that are open'
const scenarios = [
  'fault',
  'dma-map',
  'snapshot',
  'snapshot-dma-map',
  'reaper',
  'dereg',
  'prefetch',
  'implicit',
  'implicit-create',
  'implicit-dereg',
  'memory-scheme',
  'per-mm',
  'dmabuf',
]

/** The device has an entry of a page that the process has no more. */
const stale = ['P-AGREE', 'P-NOUAF-ENTRY', 'P-NOUAF', 'P-RETRY']
/** Behind that, the pages that are unmapped are not those that were mapped. */
const unbalanced = [...stale, 'P-DMA', 'P-BAL']
/** A region is used that goes, or has gone: each step of a fault may be the one that does so. */
const freed = ['P-DMA', 'P-KEY', 'P-BAL', 'P-RETRY', 'P-LIFE']
/** The semaphore stays read-locked. */
const read_locked = ['P-BAL-RWSEM', 'recoverable', 'misuse: down_read_trylock() by a thread that reads it already']

const shared_array = 'G6-60: what one fault has read is stored over what another has checked'
const flags = 'G6-61: HMM_PFN_DMA_MAPPED is written back after it has changed'
const nothing_there =
  '4.8: a prefetch of what is there stores that nothing is, over the page of a fault that has checked it'

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, protocol)),

  violated('as-merged', 'fault', [...stale, 'P-DIRTY'], 'G6-60'),
  violated(
    'as-merged',
    'dereg',
    [...unbalanced, 'P-DIRTY', 'P-KEY', 'P-LIFE', 'domain'],
    'B-51; E-30, and behind it a region that goes while a fault uses it',
  ),
  violated('as-merged', 'memory-scheme', ['P-TREE'], 'E-33'),
  violated('as-merged', 'per-mm', read_locked, 'B-14'),
  violated('as-6.12', 'fault', [...stale, 'P-DIRTY'], 'G6-60'),
  violated('as-6.12', 'snapshot', [...unbalanced, 'P-DIRTY'], nothing_there),
  violated('as-6.12', 'dereg', ['P-NOUAF'], 'G6-62'),
  violated('as-6.12', 'implicit-dereg', ['P-NOUAF'], 'G6-62'),
  violated('as-6.16', 'dma-map', [...unbalanced, 'P-DIRTY'], `G6-60; ${flags}`),
  violated('as-6.16', 'dereg', ['P-NOUAF'], 'G6-62'),

  // Without one correction.
  violated('without-private-array', 'fault', [...stale, 'P-DIRTY'], shared_array),
  violated('without-private-array', 'dma-map', [...unbalanced, 'P-DIRTY'], `${shared_array}; ${flags}`),
  violated('without-private-array', 'snapshot', [...unbalanced, 'P-DIRTY'], nothing_there),
  violated(
    'without-unmap-without-key',
    'dereg',
    ['P-NOUAF'],
    'G6-62: the release marks a page dirty that the callback has let go',
  ),
  violated(
    'without-counts-once',
    'dma-map',
    ['P-BAL'],
    'populate_mtt() of about 6.16: a second fault of the page counts it again',
  ),
  holds('without-counts-once', 'fault', 'ib_umem_odp_map_dma_single_page() of 6.12 counts where it maps'),
  violated('without-revoke-under-mutex', 'dereg', ['P-KEY'], 'B-51'),
  violated('without-revoke-under-resv', 'dmabuf', ['P-KEY'], 'E-34'),
  violated(
    'without-move-lock',
    'dmabuf',
    ['P-AGREE', 'P-NOUAF-ENTRY', 'P-KEY', 'P-LIFE'],
    'the buffer moves while a fault maps it, or while its region goes',
  ),
  violated(
    'without-buffer-fault-lock',
    'dmabuf',
    ['P-AGREE', 'P-NOUAF-ENTRY'],
    "the buffer moves between its mapping and the device's entry",
  ),
  violated('without-move-zaps', 'dmabuf', ['P-AGREE', 'P-NOUAF-ENTRY'], 'the device keeps its entry of the old place'),
  violated(
    'without-destroy-claims',
    'implicit-dereg',
    [
      ...freed,
      'P-NOUAF',
      'P-KSM-KEY',
      'recoverable',
      'domain',
      'misuse: mmu_interval_notifier_remove() of what is not inserted',
    ],
    'B-50: the work runs twice; what it destroys the second time may be the next child',
  ),
  violated(
    'without-destroy-puts',
    'implicit-dereg',
    ['recoverable', 'domain'],
    'E-32: the deregistration of the parent waits for ever for a reference that nobody has',
  ),
  violated('without-mkeys-lock', 'memory-scheme', ['P-TREE'], 'E-33'),
  violated(
    'without-ksm-lock',
    'implicit-dereg',
    ['P-KSM', 'P-KSM-KEY'],
    "E-29: an entry that was read before is written over a newer one; the older one's key is destroyed",
  ),
  violated(
    'without-publish-last',
    'prefetch',
    [...unbalanced, 'P-KEY', 'P-LIFE', 'domain'],
    'E-30: the count of a prefetch is lost, so that the region goes while it is used',
  ),
  violated(
    'without-prefetch-holds',
    'prefetch',
    [...unbalanced, 'P-KEY', 'P-LIFE'],
    'E-31: the region goes while the work uses it',
  ),
  violated('without-start-unlocks', 'per-mm', read_locked, 'B-14'),

  // Without one lock.
  violated(
    'without-callback-lock',
    'reaper',
    unbalanced,
    'hmm.rst of 6.1: the page is mapped between the check and the callback',
  ),
  violated(
    'without-commit-lock',
    'reaper',
    unbalanced,
    'hmm.rst of 6.1: a callback between the check and the new entry',
  ),
  violated(
    'without-release-lock',
    'dereg',
    ['P-DIRTY', 'P-NOUAF', 'P-DMA'],
    'ib_umem_odp_unmap_dma_pages() of 6.12 asks for the lock: a release and a callback unmap one page',
  ),
  violated('without-lookup-lock', 'implicit-dereg', freed, 'a child is destroyed between the search and its count'),

  // Without one check.
  violated(
    'without-callback-refuses',
    'reaper',
    ['misuse: sleeping function called from invalid context'],
    'mmu_notifier.h of 6.12: a callback that must not block does not wait for a mutex',
  ),
  violated('without-callback-sets-seq', 'reaper', unbalanced, 'A.6.4: a callback after the read is not seen'),
  violated(
    'without-callback-zaps',
    'reaper',
    ['P-AGREE', 'P-NOUAF-ENTRY'],
    "A.6.7: the device's entry is still there when the page is unmapped and freed",
  ),
  violated('without-commit-checks-seq', 'reaper', unbalanced, 'A.6.4: a callback after the read is not seen'),
  violated(
    'without-dereg-waits',
    'memory-scheme',
    ['P-KEY', 'P-LEAK', 'P-LIFE'],
    'mlx5_ib_dereg_mr() of 6.12: nobody else may touch the key once the count is 0',
  ),
  violated(
    'without-dereg-waits',
    'dereg',
    [...unbalanced, 'P-DIRTY', 'P-KEY', 'P-LIFE', 'domain'],
    'mlx5_ib_dereg_mr() of 6.12: nobody else may touch the key once the count is 0',
  ),
  violated('without-work-waits', 'implicit-dereg', freed, 'a fault uses the child that the work frees'),
  violated(
    'without-work-updates-ksm',
    'implicit-dereg',
    ['P-KSM', 'P-KSM-KEY'],
    "odp.c of 6.12: the parent's table is updated before the key is destroyed",
  ),
  violated(
    'without-destroy-holds-parent',
    'implicit-dereg',
    ['P-LEAK', 'P-LIFE'],
    'destroy_unused_implicit_child_mr() of 6.12: the parent may be going',
  ),
  violated(
    'without-create-claims',
    'implicit-create',
    ['P-LEAK'],
    'implicit_get_child_mr() of 6.12: the child of the other thread is lost',
  ),
]
