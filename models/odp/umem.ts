/** The pages of a region: mapped for DMA, unmapped, and the entries of the device's table. */
import {
  and,
  Assert,
  Bool,
  Cover,
  Ghost,
  If,
  isCaseAnd,
  Local,
  none,
  not,
  optional,
  or,
  procedure,
  Reused,
  Step,
  whenIs,
  type Id,
  type Optional,
} from 'hmmcheck'
import { HmmPfn, Page } from 'hmmcheck/kernel'
import { mapped } from './fixes.ts'
import { dirties_mapped_page, maps_once, touches_live_page, updates_live_key } from './properties.ts'
import { dereference, dma_list, dma_mappings, dma_mapped, mkeys, Mr, mtt, npages, pages, pfn_list } from './state.ts'

/** mlx5r_umr_update_xlt(): the device changes the entry. It must still know the key. */
export const mlx5r_umr_update_xlt = (mr: Id<'Mr'>, page: Optional<typeof Page> | typeof none): void => {
  Step('mlx5r_umr_update_xlt()', () => {
    dereference(mr, 'mlx5r_umr_update_xlt()')
    Ghost(() => Cover(updates_live_key.reached))
    Assert(updates_live_key.property, mkeys.has(mr), 'an update of a key that was revoked')
    mtt.at(mr).set(page)
  })
}

/** The page is no longer mapped for DMA, and dirty, as the device could write it. */
const unmap_page = (mr: Id<'Mr'>): void => {
  const freed = 'set_page_dirty() of a page that was freed'
  Assert(maps_once.property, dma_mappings.has(mr), 'a page is unmapped that is not mapped')
  Ghost(() => Cover(dirties_mapped_page.reached))
  Assert(
    dirties_mapped_page.property,
    or(
      pfn_list.at(mr).is('stale'),
      isCaseAnd(pfn_list.at(mr), 'valid', ({ page }) => dma_list.at(mr).eq(page)),
    ),
    'set_page_dirty() of another page than was mapped',
  )
  Assert(
    touches_live_page.property,
    whenIs(pfn_list.at(mr), 'valid', ({ page }) => not(pages.is_free(page))),
    freed,
  )
  Assert(touches_live_page.property, not(pfn_list.at(mr).is('stale')), freed)
  dma_mappings.remove(mr)
  npages.at(mr).decrement()
}

/** Up to 6.15: `dma_list` says whether the page is mapped, and `pfn_list` which one it is. */
const unmap_by_dma_list = (mr: Id<'Mr'>): void => {
  const dma = Local('dma', optional(Page))
  Reused(dma, 'it is only asked whether there is one')
  Step('dma = umem_odp->dma_list[idx]', () => {
    dereference(mr, 'ib_umem_odp_unmap_dma_pages()')
    dma.set(dma_list.at(mr))
  })
  If(dma.isSome, () =>
    Step('ib_dma_unmap_page(); set_page_dirty()', () => {
      unmap_page(mr)
      dma_list.at(mr).set(none)
    }),
  )
}
/** From 6.16 on: a flag in `pfn_list` says so. */
const unmap_by_pfn_list = (mr: Id<'Mr'>): void => {
  const is_mapped = Local('is_mapped', Bool)
  Step('hmm_dma_unmap_pfn()', () => {
    dereference(mr, 'ib_umem_odp_unmap_dma_pages()')
    is_mapped.set(and(pfn_list.at(mr).is('valid'), dma_mapped.has(mr)))
    If(is_mapped, () => {
      unmap_page(mr)
      dma_mapped.remove(mr)
    })
  })
  Step('pfn_list[idx] &= ~HMM_PFN_FLAGS', () => {
    pfn_list.at(mr).set(HmmPfn.none)
    dma_mapped.remove(mr)
  })
}

export const ib_umem_odp_unmap_dma_pages = procedure(
  'ib_umem_odp_unmap_dma_pages',
  [Mr],
  (mr) => {
    If(mapped.eq('dma_list'), () => unmap_by_dma_list(mr)).Else(() => unmap_by_pfn_list(mr))
  },
  { source: '6.12 drivers/infiniband/core/umem_odp.c ib_umem_odp_unmap_dma_pages' },
)
