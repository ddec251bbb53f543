/** Faults of the implicit region: a child is found or made; work destroys it; the whole goes. */
import {
  Await,
  Bool,
  Choose,
  current,
  Ghost,
  Idle,
  If,
  IfSome,
  Local,
  Loop,
  none,
  not,
  optional,
  or,
  procedure,
  Source,
  Step,
  thread,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import { HmmRequest } from 'hmmcheck/kernel'
import { pagefault_real_mr } from './fault.ts'
import {
  create_claims,
  dereg_waits,
  destroy_holds_parent,
  lookup_lock,
  memory_scheme,
  work_updates_ksm,
  work_waits,
} from './fixes.ts'
import {
  change_mkeys,
  changes_mkeys_alone,
  dereference_parent,
  lock_children,
  unlock_children,
  update_ksm,
} from './parent.ts'
import { deref_mkey, deref_wait_mkey, mlx5_ib_dereg_mr, new_region } from './region.ts'
import {
  dereference,
  imr_allocated,
  imr_mkey,
  imr_registered,
  imr_usecount,
  implicit_children,
  intervals,
  Mr,
  odp_destroy,
  odp_mkeys,
  owing,
  usecount,
} from './state.ts'

const optionalMr = optional(Mr)

/** Finds the child of the address, and counts it under the lock of the xarray. */
const find_child = (child: PlaceOf<typeof optionalMr>): void => {
  const get = (mr: Id<'Mr'>): void => {
    dereference(mr, 'refcount_inc(&mtt->mmkey.usecount)')
    usecount.at(mr).increment()
  }
  lock_children()
  If(lookup_lock, () =>
    Step('xa_load(&imr->implicit_children); refcount_inc()', () => {
      dereference_parent('xa_load()')
      child.set(implicit_children)
      IfSome(implicit_children, get)
    }),
  ).Else(() => {
    Step('xa_load(&imr->implicit_children)', () => child.set(implicit_children))
    If(child.isSome, () => Step('refcount_inc(&mtt->mmkey.usecount)', () => IfSome(child, get)))
  })
  unlock_children()
}

/** Stores the new child, or counts the one that somebody else has stored. Says whether it was stored. */
const store_child = (mr: Id<'Mr'>, child: PlaceOf<typeof optionalMr>): Bool => {
  const stored = Local('stored', Bool)
  lock_children()
  Step('__xa_cmpxchg(&imr->implicit_children, idx, NULL, mr)', () => {
    dereference_parent('__xa_cmpxchg()')
    stored.set(or(implicit_children.isNone, not(create_claims)))
    If(stored, () => {
      child.set(mr)
      implicit_children.set(mr)
      Ghost(() => owing.add(current))
    }).Else(() => {
      child.set(implicit_children)
      IfSome(implicit_children, (theirs) => usecount.at(theirs).increment())
    })
  })
  If(memory_scheme, () => If(stored, () => change_mkeys('__xa_store(&odp_mkeys, child)', () => odp_mkeys.add(mr))))
  unlock_children()
  return stored
}

/** A new child; or, where another thread was first, that one's. Says whether the device's table is to follow. */
const implicit_get_child_mr = procedure(
  'implicit_get_child_mr',
  [],
  () => {
    const child = Local('child', optionalMr)
    const mr = new_region('ib_umem_odp_alloc_child(); mlx5_mr_cache_alloc()', 2)
    intervals.__mmu_interval_notifier_insert(mr)
    const stored = store_child(mr, child)
    If(not(stored), () => mlx5_ib_dereg_mr(mr))
    return child
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c implicit_get_child_mr' },
)

/** A fault of the device by the key of the implicit region, while it is known. */
export const pagefault_implicit_mr = procedure(
  'pagefault_implicit_mr',
  [HmmRequest],
  (request) => {
    const child = Local('child', optionalMr)
    const made = Local('made', Bool)
    Step('xa_load(&odp_mkeys, imr); refcount_inc()', () => {
      Await(imr_registered)
      imr_usecount.increment()
    })
    find_child(child)
    made.set(child.isNone)
    If(made, () => child.set(implicit_get_child_mr()))
    IfSome(child, (mr) => {
      pagefault_real_mr(mr, request)
      deref_mkey(mr)
    })
    If(made, update_ksm)
    Step('mlx5r_deref_odp_mkey(&imr->mmkey)', () => {
      dereference_parent('mlx5r_deref_odp_mkey()')
      imr_usecount.decrement()
    })
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c pagefault_implicit_mr' },
)

const free_implicit_child_mr_work = procedure(
  'free_implicit_child_mr_work',
  [Mr],
  (mr) => {
    deref_wait_mkey(mr, work_waits)
    If(work_updates_ksm, update_ksm).Else(() => Step('the table stays', () => Ghost(() => owing.remove(current))))
    mlx5_ib_dereg_mr(mr)
    If(destroy_holds_parent, () =>
      Step('mlx5r_deref_odp_mkey(&imr->mmkey)', () => {
        dereference_parent('mlx5r_deref_odp_mkey()')
        imr_usecount.decrement()
      }),
    )
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c free_implicit_child_mr_work' },
)

/** A worker of system_unbound_wq. */
export const work = thread('work', () => {
  Loop(() => {
    Idle()
    Source('6.12 kernel/workqueue.c process_one_work', () => {
      const mr = Step('process_one_work()', () => {
        const next = Choose('next', Mr, (one) => odp_destroy.has(one))
        odp_destroy.remove(next)
        Ghost(() => owing.add(current))
        return next
      })
      free_implicit_child_mr_work(mr)
    })
  })
})

/** mlx5_ib_dereg_mr() of the implicit region, with its children. */
const dereg_implicit_mr = procedure(
  'dereg_implicit_mr',
  [],
  () => {
    const child = Local('child', optionalMr)
    Step('xa_erase(&odp_mkeys, imr)', () => {
      changes_mkeys_alone()
      imr_registered.set(false)
    })
    Step('mlx5r_deref_odp_mkey(&imr->mmkey)', () => imr_usecount.decrement())
    If(dereg_waits, () => Step('wait_event(mmkey->wait, usecount == 0)', () => Await(imr_usecount.eq(0))))
    Step('mlx5r_umr_revoke_mr(imr)', () => imr_mkey.set(false))
    Step('xa_erase(&imr->implicit_children, idx)', () => {
      child.set(implicit_children)
      implicit_children.set(none)
    })
    IfSome(child, (mr) => mlx5_ib_dereg_mr(mr))
    Step('kfree(imr)', () => imr_allocated.set(false))
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/mr.c mlx5_ib_dereg_mr; odp.c mlx5_ib_free_odp_mr' },
)

export const dereg = thread('dereg', () => {
  Idle()
  dereg_implicit_mr()
})
