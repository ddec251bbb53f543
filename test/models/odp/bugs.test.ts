/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { expect, test } from 'vitest'
import { odpProtocol } from '../../../models/odp/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, type Bug, worldOf } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'G6-60: what one fault has read is stored over what another has checked',
    variant: 'as-6.12',
    scenario: 'fault',
    property: 'P-RETRY',
    message: /has changed/,
    steps: [
      /ptep_get/,
      /mn_itree_inv_start_range/,
      /ptep_get_and_clear/,
      /mmu_interval_read_begin/,
      /handle_mm_fault/,
      /ptep_get/,
      /\*hmm_pfn = /,
      /\*hmm_pfn = /,
      /mmu_interval_read_retry/,
      /ib_umem_odp_map_dma_single_page/,
    ],
  },
  {
    name: 'G6-60: the device is given a page that was freed',
    variant: 'as-6.12',
    scenario: 'fault',
    property: 'P-NOUAF-ENTRY',
    steps: [/ptep_get_and_clear\(\); put_page/, /ib_umem_odp_map_dma_single_page/, /mlx5r_umr_update_xlt/],
  },
  {
    name: 'G6-61: a page is mapped twice, without a bracket',
    variant: 'as-6.16',
    scenario: 'dma-map',
    property: 'P-DMA',
    message: /mapped twice/,
    steps: [/ptep_get/, /hmm_dma_map_pfn/, /\*hmm_pfn = /, /hmm_dma_map_pfn/],
  },
  {
    name: 'G6-62: the callback leaves a page that the release marks dirty',
    variant: 'as-6.12',
    scenario: 'dereg',
    property: 'P-NOUAF',
    message: /page that was freed/,
    steps: [
      /ib_umem_odp_map_dma_single_page/,
      /mlx5r_umr_revoke_mr/,
      /private = NULL/,
      /mn_itree_inv_start_range/,
      /ptep_get_and_clear/,
      /set_page_dirty/,
    ],
  },
  {
    name: 'D-15: a prefetch of what is there wipes the entry of a fault',
    variant: 'as-6.12',
    scenario: 'snapshot',
    property: 'P-RETRY',
    message: /what was asked for/,
    steps: [/ptep_get/, /handle_mm_fault/, /\*hmm_pfn = /, /\*hmm_pfn = /, /HMM_PFN_VALID/],
  },
  {
    name: 'D-16: a second fault counts the page again',
    variant: 'without-counts-once',
    scenario: 'dma-map',
    property: 'P-BAL',
    message: /counts a page twice/,
    steps: [/hmm_dma_map_pfn/, /hmm_dma_map_pfn/],
  },
  {
    name: 'B-14: the reaper leaves the semaphore locked',
    variant: 'without-start-unlocks',
    scenario: 'per-mm',
    property: 'P-BAL-RWSEM',
    steps: [/down_read_trylock/, /the bracket is over/],
  },
  {
    name: 'B-50: a child is destroyed twice',
    variant: 'without-destroy-claims',
    scenario: 'implicit-dereg',
    property: 'P-LIFE',
    steps: [/__xa_cmpxchg/, /queue_work/, /__xa_cmpxchg/, /queue_work/],
  },
  {
    name: 'B-51: a callback updates a key that was revoked',
    variant: 'without-revoke-under-mutex',
    scenario: 'dereg',
    property: 'P-KEY',
    message: /key that was revoked/,
    steps: [/mlx5r_umr_update_xlt/, /mlx5r_umr_revoke_mr/, /mlx5r_umr_update_xlt/],
  },
  {
    name: 'E-29: an older entry over a newer one',
    variant: 'without-ksm-lock',
    scenario: 'implicit-dereg',
    property: 'P-KSM',
    steps: [/populate_klm/, /__xa_cmpxchg/, /mlx5r_umr_update_xlt\(imr\)/],
  },
  {
    name: 'E-30: the count of a prefetch is lost',
    variant: 'without-publish-last',
    scenario: 'prefetch',
    property: 'P-LIFE',
    steps: [/xa_store/, /xa_load/, /refcount_set/, /kfree/],
  },
  {
    name: 'E-31: a region goes while the work of a prefetch uses it',
    variant: 'without-prefetch-holds',
    scenario: 'prefetch',
    property: 'P-LIFE',
    steps: [/xa_load/, /mlx5r_deref_odp_mkey/, /kfree/],
  },
  {
    name: 'E-33: an xarray is changed by two',
    variant: 'without-mkeys-lock',
    scenario: 'memory-scheme',
    property: 'P-TREE',
    message: /about to change/,
    steps: [/xas_load/, /xa_erase/],
  },
]

testBugs(odpProtocol, bugs)

/** Who waits for ever, and where. */
test.each([
  ['who registers a region, once a start has failed (B-14)', 'without-start-unlocks', 'per-mm'],
  ['who deregisters the parent, once a reference was kept (E-32)', 'without-destroy-puts', 'implicit-dereg'],
] as const)('%s waits for ever', async (_, variant, scenario) => {
  const found = async (one: string) =>
    (await check(worldOf(odpProtocol, { variant: one, scenario, sizes: undefined }), { properties: ['recoverable'] }))
      .verdict
  expect(await found(variant)).toBe('violated')
  expect(await found('fixed')).toBe('holds')
})
