/**
 * References of mirrors and of struct hmm, and what becomes of the last: hmm_mirror_unref(), hmm_unref() and
 * hmm_destroy() of [v11 05/14].
 */
import {
  and,
  Assert,
  If,
  IfSome,
  implies,
  Local,
  none,
  not,
  optional,
  procedure,
  Step,
  Bool,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, mutex_lock } from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import { destroy_unlocked, device_spinlock, lifetimes } from './fixes.ts'
import { mmap_sem } from './locks.ts'
import { hmm, Hmm, hmm_device, mirror, mm, notifiers } from './state.ts'

const source = '[v11 05/14] mm/hmm.c'

/** Goes before every use of a mirror. */
export const is_alive = (device: Id<'Device'>, what: string): Recorded =>
  Assert(
    no_use_after_kfree.property,
    implies(lifetimes, mirror.at(device).kref.gt(0)),
    `${what}: the hmm_mirror was freed`,
  )

/** Goes before every use of a struct hmm_device. */
const is_there = (device: Id<'Device'>, what: string): Recorded =>
  Assert(no_use_after_kfree.property, hmm_device.at(device).removed.eq(false), `${what}: the hmm_device was freed`)

/** The last reference of a struct hmm: the notifier goes. */
const hmm_destroy = procedure(
  'hmm_destroy',
  [Hmm],
  (of) => {
    If(destroy_unlocked, () =>
      Step('spin_lock(&mm->page_table_lock): if (hmm->mm->hmm == hmm) hmm->mm->hmm = NULL', () => {
        If(mm.hmm.eq(of), () => mm.hmm.set(none))
      }),
    ).Else(() => {
      mmap_sem.down_write()
      Step('if (hmm->mm->hmm == hmm) hmm->mm->hmm = NULL; up_write(&mm->mmap_sem)', () => {
        If(mm.hmm.eq(of), () => mm.hmm.set(none))
        mmap_sem.up_write()
      })
    })
    Step('mmu_notifier_unregister_no_release(); mmu_notifier_call_srcu(kfree)', () => {
      notifiers.hlist_del_init_rcu(of)
      notifiers.mmdrop(of)
    })
  },
  { source: `${source} hmm_destroy` },
)

export const hmm_unref = procedure(
  'hmm_unref',
  [Hmm],
  (of) => {
    const last = Local('last', Bool)
    Step('kref_put(&hmm->kref)', () => {
      hmm.at(of).kref.decrement()
      last.set(hmm.at(of).kref.eq(0))
      If(and(last, not(destroy_unlocked)), mmap_sem.wanted)
    })
    If(last, () => hmm_destroy(of))
  },
  { source: `${source} hmm_unref` },
)

/** The mirror leaves its device's list, and the driver frees it. */
const leave_device = (device: Id<'Device'>): void => {
  const { lock, has_mirror } = hmm_device.at(device)
  If(device_spinlock, () =>
    Step('spin_lock(&device->lock): list_del_init(&mirror->dlist); device->ops->free(mirror)', () => {
      is_there(device, 'spin_lock(&device->lock)')
      has_mirror.set(false)
    }),
  ).Else(() => {
    mutex_lock(lock)
    Step('list_del_init(&mirror->dlist); device->ops->free(mirror); mutex_unlock(): the owner is cleared', () => {
      has_mirror.set(false)
      lock.owner.set(none)
    })
    Step('mutex_unlock(): looks for those who wait', () => is_there(device, 'mutex_unlock(&device->lock)'))
  })
}

const hmm_mirror_destroy = procedure(
  'hmm_mirror_destroy',
  [Device],
  (device) => {
    const hmm = Local('hmm', optional(Hmm), none)
    Step('hmm_unref(mirror->hmm)', () => {
      hmm.set(mirror.at(device).hmm)
      mirror.at(device).hmm.set(none)
    })
    IfSome(hmm, (of) => hmm_unref(of))
    leave_device(device)
  },
  { source: `${source} hmm_mirror_destroy` },
)

export const hmm_mirror_unref = procedure(
  'hmm_mirror_unref',
  [Device],
  (device) => {
    const last = Local('last', Bool)
    Step('kref_put(&mirror->kref)', () => {
      is_alive(device, 'kref_put(&mirror->kref)')
      mirror.at(device).kref.decrement()
      last.set(mirror.at(device).kref.eq(0))
    })
    If(last, () => hmm_mirror_destroy(device))
  },
  { source: `${source} hmm_mirror_unref` },
)
