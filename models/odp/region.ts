/** A region's life: how it is made known, and how it goes. */
import {
  and,
  Assert,
  Await,
  Bool,
  Choose,
  If,
  Local,
  none,
  not,
  procedure,
  Step,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import { HmmPfn, type Mutex, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import { dereg_waits, publish_last, release_lock, revoke_under_mutex } from './fixes.ts'
import { changes_mkeys_alone } from './parent.ts'
import {
  allocated,
  dereference,
  dma_list,
  dma_mapped,
  has_private,
  intervals,
  mkeys,
  Mr,
  mtt,
  odp_mkeys,
  pfn_list,
  umem_mutex,
  usecount,
} from './state.ts'
import { ib_umem_odp_unmap_dma_pages } from './umem.ts'

const ib_umem_odp_release = procedure(
  'ib_umem_odp_release',
  [Mr],
  (mr) => {
    If(release_lock, () => mutex_lock(umem_mutex.at(mr)))
    ib_umem_odp_unmap_dma_pages(mr)
    If(release_lock, () => mutex_unlock(umem_mutex.at(mr)))
    intervals.mmu_interval_notifier_remove(mr)
  },
  { source: '6.12 drivers/infiniband/core/umem_odp.c ib_umem_odp_release' },
)

/** mlx5r_deref_odp_mkey() */
export const deref_mkey = (mr: Id<'Mr'>): void => {
  Step('mlx5r_deref_odp_mkey()', () => {
    dereference(mr, 'mlx5r_deref_odp_mkey()')
    usecount.at(mr).decrement()
  })
}
/** mlx5r_deref_wait_odp_mkey() */
export const deref_wait_mkey = (mr: Id<'Mr'>, waits: Bool): void => {
  deref_mkey(mr)
  If(waits, () => Step('wait_event(mmkey->wait, usecount == 0)', () => Await(usecount.at(mr).eq(0))))
}

/** The way out of a region: nobody can find it; its key is revoked, under the lock of its pages; it is freed. */
export const __mlx5_ib_dereg_mr = (
  mr: Id<'Mr'>,
  {
    lock,
    locks,
    release,
  }: { readonly lock: PlaceOf<typeof Mutex>; readonly locks: Bool; readonly release: () => void },
): void => {
  const erased = Local('erased', Bool)
  Step('xa_erase(&odp_mkeys, mr)', () => {
    dereference(mr, 'mlx5_ib_dereg_mr()')
    changes_mkeys_alone()
    erased.set(and(usecount.at(mr).gt(0), odp_mkeys.has(mr)))
    odp_mkeys.remove(mr)
  })
  If(erased, () => deref_wait_mkey(mr, dereg_waits))
  If(locks, () => mutex_lock(lock))
  Step('mlx5r_umr_revoke_mr()', () => {
    dereference(mr, 'mlx5r_umr_revoke_mr()')
    mkeys.remove(mr)
  })
  If(locks, () => {
    Step('umem_odp->private = NULL', () => has_private.remove(mr))
    mutex_unlock(lock)
  })
  release()
  Step('kfree(mr)', () => {
    Assert(no_use_after_kfree.property, allocated.has(mr), 'kfree() of a region that was freed')
    allocated.remove(mr)
  })
}
export const mlx5_ib_dereg_mr = procedure(
  'mlx5_ib_dereg_mr',
  [Mr],
  (mr) => {
    __mlx5_ib_dereg_mr(mr, {
      lock: umem_mutex.at(mr),
      locks: revoke_under_mutex,
      release: () => ib_umem_odp_release(mr),
    })
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/mr.c mlx5_ib_dereg_mr' },
)

/** mlx5r_store_odp_mkey(): a region that can be found is counted. */
export const store_odp_mkey = (mr: Id<'Mr'>): void => {
  const store = (): void => {
    Step('xa_store(&odp_mkeys, mr)', () => {
      changes_mkeys_alone()
      odp_mkeys.add(mr)
    })
  }
  If(not(publish_last), store)
  Step('refcount_set(&mmkey->usecount, 1)', () => usecount.at(mr).set(1))
  If(publish_last, store)
}

/** Memory for a region, which nobody else knows yet, and a key of the device with an empty table. */
export const new_region = (label: string, count: 0 | 2): Id<'Mr'> =>
  Step(label, () => {
    const mr = Choose('mr', Mr, (one) => not(allocated.has(one)))
    allocated.add(mr)
    has_private.add(mr)
    usecount.at(mr).set(count)
    pfn_list.at(mr).set(HmmPfn.none)
    dma_mapped.remove(mr)
    dma_list.at(mr).set(none)
    mtt.at(mr).set(none)
    mkeys.add(mr)
    return mr
  })

/** create_user_odp_mr() of an explicit region. */
export const create_user_odp_mr = procedure(
  'create_user_odp_mr',
  [],
  () => {
    const mr = new_region('ib_umem_odp_get(); alloc_cacheable_mr(); mlx5_ib_init_odp_mr()', 0)
    intervals.__mmu_interval_notifier_insert(mr)
    store_odp_mkey(mr)
    return mr
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/mr.c create_user_odp_mr' },
)
