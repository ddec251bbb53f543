/** What the driver promises: the device's tables, the pages it marks, its regions, and its references. */
import {
  and,
  assertion,
  every,
  implies,
  invariant,
  not,
  or,
  some,
  sometimes,
  Thread,
  unless,
  whenSome,
  type Property,
} from 'hmmcheck'
import { is_present_entry } from 'hmmcheck/kernel'
import { implicit, memory_scheme, per_mm, registers, zaps } from './fixes.ts'
import {
  allocated,
  dma_mappings,
  imr_allocated,
  imr_mkey,
  implicit_children,
  in_bracket,
  ksm,
  mkeys,
  Mr,
  mtt,
  odp_destroy,
  owing,
  pages,
  pte,
  umem_rwsem,
} from './state.ts'

/** Where a page is unmapped: it is still the page that was mapped. */
export const dirties_mapped_page = { property: 'P-DIRTY', reached: 'P-DIRTY.reached' } as const
/** Where a page is unmapped: it has not been freed. */
export const touches_live_page = { property: 'P-NOUAF' } as const
/** Where a page is mapped or unmapped for DMA: it was not before, or was. */
export const maps_once = { property: 'P-DMA' } as const
/** Where the device is told to change a table: its key has not been revoked. */
export const updates_live_key = { property: 'P-KEY', reached: 'P-KEY.reached' } as const
/** Where npages counts a page: it has not been counted. */
export const counts_pages = { property: 'P-BAL' } as const
/** Where an xarray is changed: nobody else is about to change it. */
export const changes_alone = { property: 'P-TREE', reached: 'P-TREE.reached' } as const

const device = (): readonly Property[] => [
  invariant(
    'P-AGREE',
    every(Mr, (mr) =>
      implies(
        mkeys.has(mr),
        whenSome(mtt.at(mr), (page) => is_present_entry(pte, page)),
      ),
    ),
    {
      claim:
        'Documentation/mm/hmm.rst of 6.1: the device must "use the same page table entries" as the CPU, or none ' +
        'of its own',
    },
  ),
  unless(
    per_mm,
    sometimes(
      'P-AGREE.reached',
      some(Mr, (mr) => and(mkeys.has(mr), mtt.at(mr).isSome)),
    ),
  ),
  invariant(
    'P-NOUAF-ENTRY',
    every(Mr, (mr) =>
      implies(
        mkeys.has(mr),
        whenSome(mtt.at(mr), (page) => and(not(pages.is_free(page)), dma_mappings.has(mr))),
      ),
    ),
    {
      claim:
        'odp.c of 6.12, mlx5_ib_invalidate_range(): pages are unmapped when "the device will not access the memory"',
    },
  ),
]

const driver = (): readonly Property[] => [
  assertion(dirties_mapped_page.property, {
    claim: 'umem_odp.c of 6.12, ib_umem_odp_unmap_dma_pages(): it marks dirty the page that the device could write',
  }),
  unless(not(zaps), sometimes(dirties_mapped_page.reached)),
  assertion(touches_live_page.property, {
    claim: 'umem_odp.c of 6.12: the umem_mutex keeps other notifiers from "allowing the page mapping to be removed"',
  }),
  assertion(maps_once.property, { claim: 'hmm.h of 6.16: HMM_PFN_DMA_MAPPED says whether the page is mapped for DMA' }),
  assertion(updates_live_key.property, {
    claim: 'abb604a1a9c8 (6.14): an update of a key that was revoked ends in an error of the queue',
  }),
  unless(per_mm, sometimes(updates_live_key.reached)),
  assertion(counts_pages.property, { claim: 'ib_umem_odp.h of 6.12: npages counts the pages that are mapped' }),
]

const tables = (): readonly Property[] => [
  invariant('P-KSM', implies(and(imr_mkey, owing.isEmpty, odp_destroy.isEmpty), ksm.eq(implicit_children)), {
    claim: 'odp.c of 6.12: "any change the xarray must be followed by the locked update_xlt"',
  }),
  unless(not(implicit), sometimes('P-KSM.reached', and(imr_mkey, not(owing.isEmpty)))),
  invariant(
    'P-KSM-KEY',
    implies(
      imr_mkey,
      whenSome(ksm, (child) => mkeys.has(child)),
    ),
    {
      claim: 'odp.c of 6.12: the update comes "before destroying"',
    },
  ),
  invariant(
    'P-LEAK',
    implies(
      and(implicit, not(imr_allocated)),
      every(Mr, (mr) => or(not(allocated.has(mr)), implicit_children.eq(mr))),
    ),
    { claim: 'odp.c of 6.12: mlx5_ib_free_odp_mr() "will free everything in the implicit_children"' },
  ),
  unless(not(and(implicit, registers)), sometimes('P-LEAK.reached', not(imr_allocated))),
  assertion(changes_alone.property, {
    claim: 'xarray.h of 6.12: __xa_store() and __xa_erase() are called with the xa_lock held',
  }),
  unless(not(and(memory_scheme, registers)), sometimes(changes_alone.reached)),
]

export const properties = (): readonly Property[] => [
  ...device(),
  ...driver(),
  ...tables(),
  invariant(
    'P-BAL-RWSEM',
    every(Thread, (thread) => implies(umem_rwsem.readers.has(thread), in_bracket.has(thread))),
    { claim: '7608bf40cf24 (5.3): a start that fails has no end, so it gives the lock back itself' },
  ),
  unless(
    not(per_mm),
    sometimes(
      'P-BAL-RWSEM.reached',
      some(Thread, (thread) => umem_rwsem.readers.has(thread)),
    ),
  ),
]
