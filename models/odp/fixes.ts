/** The parts that the protocol has or lacks: one boolean constant each. */
import { constant, fix, oneOf } from 'hmmcheck'

const umem = '6.12 drivers/infiniband/core/umem_odp.c'
const odp = '6.12 drivers/infiniband/hw/mlx5/odp.c'
const mr = '6.12 drivers/infiniband/hw/mlx5/mr.c'

// Corrections that came later, or have yet to come.
export const private_array = fix('private-array', {
  kind: 'correction',
  source: 'G6-60, G6-61, by reading: open in 6.12 and in about 6.16',
  summary: 'each call of hmm_range_fault() has an array of its own, and not the pfn_list of the region',
})
export const unmap_without_key = fix('unmap-without-key', {
  kind: 'correction',
  source: 'G6-62, by reading: open in 6.12 and in about 6.16',
  summary: 'a callback that finds the key revoked unmaps the pages all the same',
})
export const counts_once = fix('counts-once', {
  kind: 'correction',
  source: 'about 6.16 drivers/infiniband/hw/mlx5/odp.c populate_mtt, by reading',
  summary: 'npages counts a page when it is mapped, and not whenever an entry of the device is written',
})
export const revoke_under_mutex = fix('revoke-under-mutex', {
  kind: 'correction',
  source: 'abb604a1a9c8 (6.14), B-51',
  summary: 'a key is revoked under umem_mutex, and private becomes NULL there',
})
export const revoke_under_resv = fix('revoke-under-resv', {
  kind: 'correction',
  source: 'cc668a11e6ac (6.14), E-34; 6.12.117 has it',
  summary:
    "a key of a region over another device's buffer is revoked under its reservation lock, and private becomes NULL",
})
export const destroy_claims = fix('destroy-claims', {
  kind: 'correction',
  source: 'd3d930411ce3 (6.14), B-50',
  summary: 'who destroys a child takes it out of implicit_children by compare-and-exchange, or leaves it',
})
export const destroy_puts = fix('destroy-puts', {
  kind: 'correction',
  source: 'RDMA/mlx5 of 6.14-rc, E-32',
  summary: 'who does not get the child gives the reference to its parent back',
})
export const mkeys_lock = fix('mkeys-lock', {
  kind: 'correction',
  source: 'RDMA/mlx5 of June 2025, E-33',
  summary: 'a child is stored in odp_mkeys, and erased, under the lock of that xarray',
})
export const ksm_lock = fix('ksm-lock', {
  kind: 'correction',
  source: 'RDMA/mlx5 of 5.3, E-29',
  summary: "the parent's table is read from implicit_children and written under its umem_mutex",
})
export const publish_last = fix('publish-last', {
  kind: 'correction',
  source: 'RDMA/mlx5 of 5.3, E-30',
  summary: 'a region can be found only when its count has been set',
})
export const prefetch_holds = fix('prefetch-holds', {
  kind: 'correction',
  source: 'RDMA/mlx5 of 5.8, E-31',
  summary: 'the work of a prefetch holds the region until it is done',
})
export const start_unlocks = fix('start-unlocks', {
  kind: 'correction',
  source: '7608bf40cf24 (5.3), B-14',
  summary: 'a start that fails gives umem_rwsem back',
})

// Locks.
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: `${odp} mlx5_ib_invalidate_range`,
  summary: 'umem_mutex in the callback',
})
export const commit_lock = fix('commit-lock', {
  kind: 'lock',
  source: `${umem} ib_umem_odp_map_dma_and_lock`,
  summary: "umem_mutex from mmu_interval_read_retry() to the device's new entry",
})
export const move_lock = fix('move-lock', {
  kind: 'lock',
  source: '6.12 drivers/dma-buf/dma-buf.c dma_buf_move_notify: dma_resv_assert_held()',
  summary: 'an exporter holds the reservation lock of a buffer while it moves it',
})
export const buffer_fault_lock = fix('buffer-fault-lock', {
  kind: 'lock',
  source: `${odp} pagefault_dmabuf_mr`,
  summary: "the reservation lock of a buffer while a fault maps it, until the device's new entry",
})
export const release_lock = fix('release-lock', {
  kind: 'lock',
  source: `${umem} ib_umem_odp_release`,
  summary: 'umem_mutex while a release unmaps the pages',
})
export const lookup_lock = fix('lookup-lock', {
  kind: 'lock',
  source: `${odp} pagefault_implicit_mr, get_prefetchable_mr`,
  summary: 'the lock of the xarray while a region is found and counted',
})

// Checks.
export const callback_refuses = fix('callback-refuses', {
  kind: 'check',
  source: `${odp} mlx5_ib_invalidate_range`,
  summary: 'the callback refuses a bracket that must not block',
})
export const callback_sets_seq = fix('callback-sets-seq', {
  kind: 'check',
  source: `${odp} mlx5_ib_invalidate_range`,
  summary: 'the callback calls mmu_interval_set_seq()',
})
export const callback_zaps = fix('callback-zaps', {
  kind: 'check',
  source: `${odp} mlx5_ib_invalidate_range`,
  summary: "the callback zaps the device's entry before the page is unmapped",
})
export const move_zaps = fix('move-zaps', {
  kind: 'check',
  source: `${mr} mlx5_ib_dmabuf_invalidate_cb`,
  summary: "the callback of a buffer zaps the device's entry before the buffer is unmapped",
})
export const commit_checks_seq = fix('commit-checks-seq', {
  kind: 'check',
  source: `${umem} ib_umem_odp_map_dma_and_lock`,
  summary: 'a fault asks mmu_interval_read_retry() before it maps the page',
})
export const dereg_waits = fix('dereg-waits', {
  kind: 'check',
  source: `${mr} mlx5_ib_dereg_mr, mlx5r_deref_wait_odp_mkey`,
  summary: 'a deregistration waits until nobody uses the region',
})
export const work_waits = fix('work-waits', {
  kind: 'check',
  source: `${odp} free_implicit_child_mr_work`,
  summary: 'the work that destroys a child waits until nobody uses it',
})
export const work_updates_ksm = fix('work-updates-ksm', {
  kind: 'check',
  source: `${odp} free_implicit_child_mr_work`,
  summary: "the work takes the child out of the parent's table before its key is destroyed",
})
export const destroy_holds_parent = fix('destroy-holds-parent', {
  kind: 'check',
  source: `${odp} destroy_unused_implicit_child_mr`,
  summary: 'who destroys a child holds its parent, or leaves the child if the parent is going',
})
export const create_claims = fix('create-claims', {
  kind: 'check',
  source: `${odp} implicit_get_child_mr`,
  summary: 'who creates a child stores it by compare-and-exchange, or takes the one that is there',
})

// What a scenario has: without it, what only it can reach is left out.
/** Regions are children of an implicit one. */
export const implicit = fix('implicit')
/** The region is registered, and deregistered. */
export const registers = fix('registers')
/** Faults and prefetches: some of them (IB_UVERBS_ADVISE_MR_ADVICE_PREFETCH_NO_FAULT) take what is there. */
export const snapshots = fix('snapshots')
/** Children are in dev->odp_mkeys too: the memory scheme of page faults, from 6.14 on. */
export const memory_scheme = fix('memory-scheme')
/** Notifiers of 5.0 to 5.2. */
export const per_mm = fix('per-mm')
/** The entry of the process is zapped. */
export const zaps = fix('zaps')
/** Who keeps that a page is mapped for DMA: dma_list, or from 6.16 on a flag in pfn_list. */
export const mapped = constant('mapped', oneOf('dma_list', 'pfn_list'))
