/** Faults and prefetches of a region that was registered by its user, and its owner. */
import { Choose, Idle, If, Local, Loop, not, procedure, Source, Step, thread, threadPer, type Id } from 'hmmcheck'
import { HmmRequest } from 'hmmcheck/kernel'
import { pagefault_real_mr } from './fault.ts'
import { implicit, lookup_lock, prefetch_holds, snapshots } from './fixes.ts'
import { pagefault_implicit_mr } from './implicit.ts'
import { create_user_odp_mr, deref_mkey, mlx5_ib_dereg_mr } from './region.ts'
import { dereference, Mr, odp_mkeys, Qp, usecount } from './state.ts'

/** Finds a region by its key, and counts it under the lock of the xarray. */
export const get_mkey = (): Id<'Mr'> => {
  const get = (mr: Id<'Mr'>): void => {
    dereference(mr, 'refcount_inc(&mmkey->usecount)')
    usecount.at(mr).increment()
  }
  const mr = Step('xa_load(&odp_mkeys)', () => {
    const found = Choose('found', Mr, (one) => odp_mkeys.has(one))
    If(lookup_lock, () => get(found))
    return found
  })
  If(not(lookup_lock), () => Step('refcount_inc(&mmkey->usecount)', () => get(mr)))
  return mr
}

const pagefault_mr = procedure(
  'pagefault_mr',
  [HmmRequest],
  (request) => {
    const mr = get_mkey()
    pagefault_real_mr(mr, request)
    deref_mkey(mr)
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c pagefault_data_segments, pagefault_mr' },
)

/** A queue pair's fault; or, with IB_UVERBS_ADVISE_MR_FLAG_FLUSH, a prefetch of what is there. */
export const fault = threadPer(Qp, 'fault', () => {
  Loop(() => {
    Idle()
    Source('6.12 drivers/infiniband/hw/mlx5/odp.c mlx5_ib_page_fault, mlx5_ib_advise_mr_prefetch', () => {
      const request = Local('request', HmmRequest, 'write')
      If(snapshots, () => Step('pf_flags', () => request.set(Choose('advice', HmmRequest, (one) => one.ne('read')))))
      If(implicit, () => pagefault_implicit_mr(request)).Else(() => pagefault_mr(request))
    })
  })
})

const mlx5_ib_prefetch_mr_work = procedure(
  'mlx5_ib_prefetch_mr_work',
  [],
  () => {
    const mr = get_mkey()
    If(not(prefetch_holds), () => deref_mkey(mr))
    pagefault_real_mr(mr, 'write')
    If(prefetch_holds, () => deref_mkey(mr))
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c mlx5_ib_prefetch_mr_work' },
)

/** A prefetch that its caller does not wait for. */
export const prefetch = thread('prefetch', () => {
  Loop(() => {
    Idle()
    mlx5_ib_prefetch_mr_work()
  })
})

/** A process that registers a region, and deregisters it. */
export const owner = thread('owner', () => {
  Loop(() => {
    Idle()
    const mr = create_user_odp_mr()
    Idle()
    mlx5_ib_dereg_mr(mr)
  })
})
