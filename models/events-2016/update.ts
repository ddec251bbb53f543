/**
 * The work of HMM when a page table changes: hmm_update(), the mirror page tables, and the end of a mirror whose
 * driver fails.
 */
import {
  and,
  Bool,
  Choose,
  current,
  ForEach,
  Ghost,
  Goto,
  If,
  IfIs,
  Label,
  Local,
  no,
  none,
  not,
  or,
  procedure,
  Return,
  Step,
  type Id,
} from 'hmmcheck'
import { Device, DevicePte, Va } from 'hmmcheck/kernel'
import { release, update_for_invalidation, type Etype } from './driver.ts'
import { ask_to_back_off, device_fault_is_listed, list_range, unlist_range, wait_for_device_faults } from './events.ts'
import {
  dirty_bits,
  dirty_without_write,
  isdirty_protects,
  lifetimes,
  may_fail,
  migrate_event_spares_device,
  release_before_unlist,
  rwsem_kill,
  rwsem_update,
} from './fixes.ts'
import { hmm_mirror_unref, is_alive } from './lifetime.ts'
import { acquired, released, rwsem } from './locks.ts'
import { bracket, Hmm, mirror, mm, notifiers, owed, page_dirty, protecting } from './state.ts'

/** An entry of the mirror page table that leads nowhere. */
export function clear_hmm_pte(device: Id<'Device'>, va: Id<'Va'>): void {
  const entry = mirror.at(device).pt.at(va)
  entry.pte.set(DevicePte.none)
  entry.valid_dev.set(false)
  entry.dirty.set(false)
  entry.write.set(false)
}

const only_protects = (etype: Etype): boolean =>
  etype === 'HMM_WRITE_PROTECT' || etype === 'HMM_FORK' || etype === 'HMM_ISDIRTY'

/**
 * The dirty bit goes to the page, and the event's pte_mask is applied. For a step: it holds the lock of one
 * directory.
 */
function hmm_mirror_update_pte(device: Id<'Device'>, va: Id<'Va'>, etype: Etype): void {
  const { pte, valid_dev, write, dirty } = mirror.at(device).pt.at(va)
  If(dirty_bits, () => {
    If(and(dirty, not(valid_dev), or(dirty_without_write, write)), () => {
      IfIs(pte, 'present', ({ page }) => page_dirty.add(page))
    })
    dirty.set(false)
  })
  // The mask of HMM_ISDIRTY is all ones.
  if (etype === 'HMM_ISDIRTY') If(isdirty_protects, () => write.set(false))
  else if (only_protects(etype)) write.set(false)
  else clear_hmm_pte(device, va)
}

/** The driver is told, and the mirror page table changed: "even if it failed". Says whether the driver failed. */
const hmm_mirror_update = (etype: Etype) =>
  procedure(
    'hmm_mirror_update',
    [Hmm, Device, Va],
    (of, device, va) => {
      const failing = Local('failing', Bool, false)
      Step(`mirror->device->ops->update(mirror, ${etype})`, () => {
        If(not(and(mirror.at(device).listed, mirror.at(device).hmm.eq(of))), () => Return(no))
        is_alive(device, 'ops->update()')
        if (etype === 'HMM_MIGRATE')
          If(and(migrate_event_spares_device, mirror.at(device).pt.at(va).valid_dev), () => Return(no))
        const fails = Choose('fails', Bool, (one) => or(not(one), may_fail))
        failing.set(fails)
        If(not(fails), () => update_for_invalidation(device, va, etype))
        Ghost(() => owed.at(current).devices.remove(device))
      })
      Step('hmm_mirror_update_pt()', () => {
        is_alive(device, 'hmm_mirror_update_pt()')
        hmm_mirror_update_pte(device, va, etype)
      })
      return failing
    },
    { source: '[v11 07/14] mm/hmm.c hmm_mirror_update' },
  )

/** The end of a mirror: its driver failed. */
export const hmm_mirror_kill = procedure(
  'hmm_mirror_kill',
  [Device, Hmm],
  (device, of) => {
    Step('hmm_mirror_kill(): if (hlist_unhashed(&mirror->mlist)) return', () => {
      is_alive(device, 'hmm_mirror_kill()')
      If(or(mirror.at(device).dying, not(mirror.at(device).listed)), () => Return())
      mirror.at(device).dying.set(true)
      If(rwsem_kill, () => rwsem(of).wanted())
    })
    ForEach(Va, (va) =>
      Step('mirror->device->ops->update(mirror, HMM_MUNMAP); hmm_mirror_update_pt()', () => {
        update_for_invalidation(device, va, 'HMM_MUNMAP')
        hmm_mirror_update_pte(device, va, 'HMM_MUNMAP')
      }),
    )
    If(release_before_unlist, () => release(device))
    If(rwsem_kill, () => rwsem(of).down_write())
    Step('hlist_del_init(&mirror->mlist); up_write(&hmm->rwsem)', () => {
      is_alive(device, 'hlist_del_init(&mirror->mlist)')
      mirror.at(device).listed.set(false)
      If(rwsem_kill, () => rwsem(of).up_write())
    })
    If(not(release_before_unlist), () => release(device))
    // The reference of the list.
    If(lifetimes, () => hmm_mirror_unref(device))
  },
  { source: '[v11 05/14] mm/hmm.c hmm_mirror_kill' },
)

/**
 * Tells the mirrors of one struct hmm; one that fails is killed, and all are told once more. The caller then holds
 * hmm->rwsem.
 *
 * @param but the mirror that is not told
 */
export function tell_mirrors(of: Id<'Hmm'>, va: Id<'Va'>, etype: Etype, lock: Bool, but?: Id<'Device'>): void {
  const update = hmm_mirror_update(etype)
  const again = Label('again')
  If(lock, () => rwsem(of).down_read())
  ForEach(Device, (device) => {
    const tell = (): void => {
      const failing = update(of, device, va)
      If(and(may_fail, failing), () => {
        Step('hmm_mirror_ref(mirror); up_read(&hmm->rwsem)', () => {
          If(lifetimes, () => mirror.at(device).kref.increment())
          If(lock, () => rwsem(of).up_read())
        })
        hmm_mirror_kill(device, of)
        If(lifetimes, () => hmm_mirror_unref(device))
        Goto(again)
      })
    }
    if (but === undefined) tell()
    else If(device.ne(but), tell)
  })
}

/**
 * The notifier's callback.
 *
 * @param in_bracket whether it is invalidate_range_start, or invalidate_page, of which no end follows
 */
const hmm_update = (etype: Etype, in_bracket: boolean) =>
  procedure(
    'hmm_update',
    [Hmm, Va],
    (mn, va) => {
      const waits = Local('waits', Bool)
      Step(
        'srcu_read_lock(&srcu); if (hmm->mm->hmm != hmm) return; hmm_wait_device_fault(): fevent->backoff = true',
        () => {
          notifiers.enter(mn)
          acquired('srcu')
          If(mm.hmm.ne(mn), () => {
            released('srcu')
            notifiers.leave()
            Return()
          })
          If(rwsem_update, () => rwsem(mn).wanted())
          waits.set(device_fault_is_listed(va))
          ask_to_back_off(va)
        },
      )
      If(waits, () => wait_for_device_faults(va))
      tell_mirrors(mn, va, etype, rwsem_update)
      Step('up_read(&hmm->rwsem); srcu_read_unlock(&srcu)', () => {
        If(rwsem_update, () => rwsem(mn).up_read())
        released('srcu')
        notifiers.leave()
        if (in_bracket) (only_protects(etype) ? protecting : bracket).at(current).set(va)
        Ghost(() => {
          owed.at(current).va.set(none)
          owed.at(current).devices.clear()
        })
      })
    },
    { source: '[v11 05/14, 09/14] mm/hmm.c hmm_update' },
  )

/** mmu_notifier_invalidate_range_start(): the range is active, then every notifier is called. */
export function mmu_notifier_invalidate_range_start(va: Id<'Va'>, etype: Etype): void {
  const callback = hmm_update(etype, true)
  Step('mmu_notifier_invalidate_range_start(): list_add(&range->list, &mm->mmu_notifier_mm->ranges)', () =>
    list_range(va),
  )
  notifiers.for_each((mn) => callback(mn, va))
}

/** mmu_notifier_invalidate_range_end(): the range is not active any more, and who waits for it is woken. For a step. */
export function mmu_notifier_invalidate_range_end(): void {
  Ghost(() => {
    bracket.at(current).set(none)
    protecting.at(current).set(none)
  })
  unlist_range()
}

/** mmu_notifier_invalidate_page(), of the reverse map up to 4.13: after the change, and with no range listed. */
export function mmu_notifier_invalidate_page(va: Id<'Va'>): void {
  const callback = hmm_update('HMM_MIGRATE', false)
  notifiers.for_each((mn) => callback(mn, va))
}
