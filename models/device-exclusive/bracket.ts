/** Brackets around changes of the entry, and the callbacks of the drivers that they run. */
import {
  and,
  Assert,
  Bool,
  Cover,
  every,
  ForEach,
  Ghost,
  If,
  no,
  not,
  or,
  procedure,
  Return,
  Step,
  yes,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { Device, driver_invalidate, mn_itree_invalidate, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { callback_lock, callback_sets_seq, callback_zaps, is_nouveau, skips_own } from './fixes.ts'
import { zapped_before_change } from './properties.ts'
import { DeviceEntry, intervals, is_atomic, leads_to, svmm } from './state.ts'

const zap = (device: Id<'Device'>): void => {
  If(callback_zaps, () =>
    Step('NVIF_VMM_V0_PFNCLR, xa_erase()', () => {
      Ghost(() => Cover(no_use_after_free.reached, not(svmm.at(device).pte.is('none'))))
      svmm.at(device).pte.set(DeviceEntry.none)
    }),
  )
}
const locked = (device: Id<'Device'>, body: () => void): void => {
  If(callback_lock, () => mutex_lock(svmm.at(device).mutex))
  body()
  If(callback_lock, () => mutex_unlock(svmm.at(device).mutex))
}

/**
 * The interval notifier's callback. nouveau sets the number in it, and drops the entry in the classic callback of the
 * same bracket, which comes later; lib/test_hmm.c does both. `own` is an EXCLUSIVE bracket of the driver's own device.
 */
const range_invalidate = procedure(
  'range_invalidate',
  [Device, Bool.as('own'), intervals.CurSeq.as('cur_seq')],
  (device, own, cur_seq) => {
    If(and(own, skips_own), () => Return(yes))
    return driver_invalidate(intervals, device, cur_seq, {
      lock: svmm.at(device).mutex,
      locks: callback_lock,
      sets_seq: callback_sets_seq,
      zap: () => If(not(is_nouveau), () => zap(device)),
    })
  },
  {
    source:
      '6.1 drivers/gpu/drm/nouveau/nouveau_svm.c nouveau_svm_range_invalidate; lib/test_hmm.c ' +
      'dmirror_interval_invalidate',
  },
)

/** The classic callback, of each bracket, also of its own device's. */
const nouveau_svmm_invalidate_range_start = procedure(
  'nouveau_svmm_invalidate_range_start',
  [Device],
  (device) => {
    locked(device, () => zap(device))
  },
  { source: '6.1 drivers/gpu/drm/nouveau/nouveau_svm.c nouveau_svmm_invalidate_range_start' },
)

/** A bracket begins. None of these may be refused. */
export const invalidate_range_start = (is_owner: (device: Id<'Device'>) => Condition = () => no): void => {
  mn_itree_invalidate(Device, intervals, {
    overlaps: () => yes,
    blockable: yes,
    invalidate: (device, cur_seq) => range_invalidate(device, is_owner(device), cur_seq),
  })
  If(is_nouveau, () => ForEach(Device, (device) => nouveau_svmm_invalidate_range_start(device)))
}

/** And ends. */
export const invalidate_range_end = (): void => intervals.mn_itree_inv_end()

/** Goes with each change that takes the page away from devices. `atomic`: only from those that may change it. */
export const taken_away = (page: Id<'Page'>, keeps: (device: Id<'Device'>) => Condition = () => no): void => {
  Ghost(() => Cover(zapped_before_change.reached))
  Assert(
    zapped_before_change.property,
    every(Device, (device) => or(not(leads_to(device, page)), keeps(device))),
    'a device still has the entry',
  )
}
/** For a change that lets a CPU have the page: a device may read on. */
export const only_reads =
  (page: Id<'Page'>) =>
  (device: Id<'Device'>): Condition =>
    not(is_atomic(device, page))
