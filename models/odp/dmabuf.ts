/**
 * A region over a buffer of another device, whose exporter moves it, and says so under the reservation lock of the
 * buffer. There is no memory of a process in it: `pte` is where the exporter has the buffer.
 */
import {
  and,
  Bool,
  Choose,
  Idle,
  If,
  IfIs,
  Local,
  Loop,
  no,
  none,
  not,
  procedure,
  setOf,
  shared,
  Source,
  Step,
  thread,
  threadPer,
  yes,
  type Id,
} from 'hmmcheck'
import { Mutex, mutex_lock, mutex_unlock, SwapPte } from 'hmmcheck/kernel'
import { get_mkey } from './explicit.ts'
import { buffer_fault_lock, move_lock, move_zaps, revoke_under_resv } from './fixes.ts'
import { __mlx5_ib_dereg_mr, deref_mkey, new_region, store_odp_mkey } from './region.ts'
import { dereference, dma_list, dma_mappings, has_private, Mr, pages, pte, Qp } from './state.ts'
import { mlx5r_umr_update_xlt } from './umem.ts'

/** dmabuf->resv */
const resv = shared('dma_resv', Mutex)
/** dmabuf->attachments: of which regions it is. */
const attachments = shared('attachments', setOf(Mr))
const locked = (locks: Bool, body: () => void): void => {
  If(locks, () => mutex_lock(resv))
  body()
  If(locks, () => mutex_unlock(resv))
}

/** umem_dmabuf->sgt is set, or was not. */
const ib_umem_dmabuf_unmap_pages = (mr: Id<'Mr'>): void => {
  Step('dma_buf_unmap_attachment()', () => {
    dereference(mr, 'ib_umem_dmabuf_unmap_pages()')
    dma_mappings.remove(mr)
    dma_list.at(mr).set(none)
  })
}

const mlx5_ib_dmabuf_invalidate_cb = procedure(
  'mlx5_ib_dmabuf_invalidate_cb',
  [Mr],
  (mr) => {
    const due = Local('due', Bool)
    Step('umem_dmabuf->sgt, umem_dmabuf->private', () => {
      dereference(mr, 'mlx5_ib_dmabuf_invalidate_cb()')
      due.set(and(dma_mappings.has(mr), has_private.has(mr)))
    })
    If(due, () => {
      If(move_zaps, () => mlx5r_umr_update_xlt(mr, none))
      ib_umem_dmabuf_unmap_pages(mr)
    })
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/mr.c mlx5_ib_dmabuf_invalidate_cb' },
)

/** dma_buf_move_notify(), and the move: the memory that the buffer was in is free. */
const ttm_bo_handle_move_mem = procedure(
  'ttm_bo_handle_move_mem',
  [],
  () => {
    locked(move_lock, () => {
      const mr = Local('mr', Mr)
      const attached = Local('attached', Bool)
      Step('list_for_each_entry(attach, &dmabuf->attachments)', () => {
        attached.set(not(attachments.isEmpty))
        If(attached, () => {
          const attach = Choose('attach', Mr, (one) => attachments.has(one))
          mr.set(attach)
        })
      })
      If(attached, () => mlx5_ib_dmabuf_invalidate_cb(mr))
      Step('the buffer is somewhere else', () =>
        IfIs(pte, 'present', ({ page }) => {
          pages.put_page(page)
          pte.set(SwapPte.none)
        }),
      )
    })
  },
  { source: '6.12 drivers/dma-buf/dma-buf.c dma_buf_move_notify' },
)

const pagefault_dmabuf_mr = procedure(
  'pagefault_dmabuf_mr',
  [Mr],
  (mr) => {
    locked(buffer_fault_lock, () => {
      Step('dma_buf_map_attachment()', () => {
        dereference(mr, 'ib_umem_dmabuf_map_pages()')
        If(pte.is('none'), () => {
          const page = pages.alloc_page()
          pte.set(SwapPte.present({ page, write: yes, dirty: no }))
        })
        IfIs(pte, 'present', ({ page }) => dma_list.at(mr).set(page))
        dma_mappings.add(mr)
      })
      mlx5r_umr_update_xlt(mr, dma_list.at(mr))
    })
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c pagefault_dmabuf_mr' },
)

const reg_user_mr_dmabuf = procedure(
  'reg_user_mr_dmabuf',
  [],
  () => {
    const mr = new_region('ib_umem_dmabuf_get(); alloc_cacheable_mr()', 0)
    Step('dma_buf_dynamic_attach()', () => attachments.add(mr))
    store_odp_mkey(mr)
    return mr
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/mr.c reg_user_mr_dmabuf' },
)
const mlx5_ib_dereg_dmabuf_mr = procedure(
  'mlx5_ib_dereg_dmabuf_mr',
  [Mr],
  (mr) => {
    __mlx5_ib_dereg_mr(mr, {
      lock: resv,
      locks: revoke_under_resv,
      release: () => {
        locked(yes, () => ib_umem_dmabuf_unmap_pages(mr))
        locked(yes, () => Step('dma_buf_detach()', () => attachments.remove(mr)))
      },
    })
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/mr.c mlx5_ib_dereg_mr; core/umem_dmabuf.c ib_umem_dmabuf_release' },
)

/** The exporter, as another user of its memory asks it to. */
export const exporter = thread('exporter', () => {
  Loop(() => {
    Idle()
    ttm_bo_handle_move_mem()
  })
})
/** A queue pair's fault. */
export const fault_dmabuf = threadPer(Qp, 'fault_dmabuf', () => {
  Loop(() => {
    Idle()
    Source('6.12 drivers/infiniband/hw/mlx5/odp.c pagefault_data_segments', () => {
      const mr = get_mkey()
      pagefault_dmabuf_mr(mr)
      deref_mkey(mr)
    })
  })
})
/** A process that registers a region over the buffer, and deregisters it. */
export const owner_dmabuf = thread('owner_dmabuf', () => {
  Loop(() => {
    Idle()
    const mr = reg_user_mr_dmabuf()
    Idle()
    mlx5_ib_dereg_dmabuf_mr(mr)
  })
})
