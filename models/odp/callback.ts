/** The callback of a region's interval notifier. */
import { and, Bool, If, Local, no, none, not, or, procedure, Return, Step, yes, type Id } from 'hmmcheck'
import { might_sleep, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import {
  callback_lock,
  callback_refuses,
  callback_sets_seq,
  callback_zaps,
  implicit,
  mapped,
  unmap_without_key,
} from './fixes.ts'
import { destroy_unused_implicit_child_mr } from './parent.ts'
import { dereference, dma_list, has_private, intervals, Mr, npages, pfn_list, umem_mutex } from './state.ts'
import { ib_umem_odp_unmap_dma_pages, mlx5r_umr_update_xlt } from './umem.ts'

/** Zaps the entry of the device, unmaps the page, and lets a child go that has no other. */
const invalidate = (mr: Id<'Mr'>, zaps: Bool): void => {
  If(zaps, () => mlx5r_umr_update_xlt(mr, none))
  ib_umem_odp_unmap_dma_pages(mr)
  If(implicit, () => If(npages.at(mr).eq(0), () => destroy_unused_implicit_child_mr(mr)))
}

/** It refuses a bracket that must not block. */
export const mlx5_ib_invalidate_range = procedure(
  'mlx5_ib_invalidate_range',
  [Mr, Bool.as('blockable'), intervals.CurSeq.as('cur_seq')],
  (mr, blockable, cur_seq) => {
    If(callback_refuses, () => If(not(blockable), () => Return(no)))
    might_sleep()
    If(callback_lock, () => mutex_lock(umem_mutex.at(mr)))
    If(callback_sets_seq, () => intervals.mmu_interval_set_seq(mr, cur_seq))
    const is_mapped = Local('is_mapped', Bool)
    const is_private = Local('is_private', Bool)
    const zaps = Local('zaps', Bool)
    Step('umem_odp->npages, umem_odp->private, umem_odp->dma_list[idx]', () => {
      dereference(mr, 'the callback')
      is_mapped.set(npages.at(mr).gt(0))
      is_private.set(has_private.has(mr))
      zaps.set(
        and(
          callback_zaps,
          or(
            and(mapped.eq('dma_list'), dma_list.at(mr).isSome),
            and(mapped.eq('pfn_list'), pfn_list.at(mr).is('valid')),
          ),
        ),
      )
    })
    If(is_mapped, () =>
      If(is_private, () => invalidate(mr, zaps)).Else(() => {
        If(unmap_without_key, () => ib_umem_odp_unmap_dma_pages(mr))
      }),
    )
    If(callback_lock, () => mutex_unlock(umem_mutex.at(mr)))
    return yes
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c mlx5_ib_invalidate_range' },
)
