/** The implicit region: its children, the device's table of them, and how a child without pages is let go. */
import {
  Assert,
  Bool,
  Cover,
  current,
  Ghost,
  If,
  Local,
  none,
  not,
  optional,
  or,
  procedure,
  Step,
  type Block,
  type Id,
} from 'hmmcheck'
import { mutex_lock, mutex_unlock, spin_lock, spin_unlock } from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import { destroy_claims, destroy_holds_parent, destroy_puts, ksm_lock, memory_scheme, mkeys_lock } from './fixes.ts'
import { changes_alone } from './properties.ts'
import {
  children_lock,
  imr_allocated,
  imr_mutex,
  imr_usecount,
  implicit_children,
  ksm,
  Mr,
  odp_destroy,
  odp_mkeys,
  owing,
  walked_mkeys,
} from './state.ts'

/** Goes before every use of the parent's memory. */
export const dereference_parent = (what: string): void => {
  Ghost(() => Cover(no_use_after_kfree.reached))
  Assert(no_use_after_kfree.property, imr_allocated, `${what}: the parent was freed`)
}

/** xa_lock(&imr->implicit_children): a leaf, but where the other xarray is changed inside. */
export const lock_children = (): void => {
  If(memory_scheme, () => spin_lock(children_lock))
}
export const unlock_children = (): void => {
  If(memory_scheme, () => spin_unlock(children_lock))
}

/** Nobody has walked dev->odp_mkeys without its lock, and not yet changed it. */
export const changes_mkeys_alone = (): void => {
  Ghost(() => Cover(changes_alone.reached))
  Assert(changes_alone.property, walked_mkeys.isEmpty, 'somebody is about to change the xarray')
}
/** A change of dev->odp_mkeys for a child, in one step where its lock is held. */
export const change_mkeys = (label: string, change: Block): void => {
  If(mkeys_lock, () =>
    Step(label, () => {
      changes_mkeys_alone()
      change()
    }),
  ).Else(() => {
    Step(`${label}: xas_load()`, () => walked_mkeys.add(current))
    Step(`${label}: xas_store()`, () => {
      walked_mkeys.remove(current)
      changes_mkeys_alone()
      change()
    })
  })
}

/** The device's table of the parent becomes what implicit_children is. */
export const update_ksm = (): void => {
  const child = Local('child', optional(Mr))
  If(ksm_lock, () => mutex_lock(imr_mutex))
  Step('populate_klm(): xa_load()', () => {
    dereference_parent('populate_klm()')
    child.set(implicit_children)
  })
  Step('mlx5r_umr_update_xlt(imr)', () => {
    dereference_parent('mlx5r_umr_update_xlt()')
    ksm.set(child)
    Ghost(() => owing.remove(current))
  })
  If(ksm_lock, () => mutex_unlock(imr_mutex))
}

const queue_work = (mr: Id<'Mr'>): void => {
  Assert(no_use_after_kfree.property, not(odp_destroy.has(mr)), 'INIT_WORK() of work that is queued')
  odp_destroy.add(mr)
}
/** Takes the child out of the xarrays. Says whether it was still there. */
const claim = (mr: Id<'Mr'>): Bool => {
  const claimed = Local('claimed', Bool)
  lock_children()
  Step('__xa_cmpxchg(&imr->implicit_children, idx, mr, NULL)', () => {
    dereference_parent('__xa_cmpxchg()')
    claimed.set(or(implicit_children.eq(mr), not(destroy_claims)))
    If(claimed, () => {
      implicit_children.set(none)
      Ghost(() => owing.add(current))
    })
  })
  If(memory_scheme, () => If(claimed, () => change_mkeys('__xa_erase(&odp_mkeys, child)', () => odp_mkeys.remove(mr))))
  unlock_children()
  return claimed
}

/** Takes the child out of the parent's xarray, if the parent stays, and queues the work that destroys it. */
export const destroy_unused_implicit_child_mr = procedure(
  'destroy_unused_implicit_child_mr',
  [Mr],
  (mr) => {
    const held = Local('held', Bool)
    Step('refcount_inc_not_zero(&imr->mmkey.usecount)', () => {
      dereference_parent('refcount_inc_not_zero()')
      held.set(or(imr_usecount.gt(0), not(destroy_holds_parent)))
      If(destroy_holds_parent, () => If(held, () => imr_usecount.increment()))
    })
    If(held, () => {
      const claimed = claim(mr)
      If(claimed, () =>
        Step('queue_work(system_unbound_wq, &mr->odp_destroy.work)', () => {
          queue_work(mr)
          Ghost(() => owing.remove(current))
        }),
      ).Else(() => {
        If(destroy_puts, () =>
          If(destroy_holds_parent, () => Step('mlx5r_deref_odp_mkey(&imr->mmkey)', () => imr_usecount.decrement())),
        )
      })
    })
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c destroy_unused_implicit_child_mr' },
)
