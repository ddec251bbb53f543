/**
 * The HMM mirror of June 2017: patch 03/15 as posted, the snapshot of 04/15, a driver that follows hmm.h, and the
 * process around them.
 */
import { and, Choose, deadlock, every, ForEach, If, lockDeadlock, model, not, some, type Model } from 'hmmcheck'
import { Device, mm_state } from 'hmmcheck/kernel'
import {
  agree,
  agree_always,
  balanced,
  changes_are_announced,
  mm_is_freed,
  never_below_zero,
  newest_value,
  no_stale_entry,
  no_use_after_free,
  no_use_after_kfree,
  paired,
  referenced,
  returns_unlocked,
  snapshot_is_valid,
  start_means_empty,
  unique,
  type Announced,
  type Owing,
  type References,
  type Tables,
} from 'hmmcheck/properties'
import { registrar } from './bind.ts'
import { cpu } from './cpu.ts'
import { device } from './device.ts'
import { exit } from './exit.ts'
import { bound_at_start, count_open_brackets, teardown } from './fixes.ts'
import {
  bracket,
  driver,
  gathered,
  hmm,
  Hmm,
  hmm_objects,
  is_owed,
  is_registered,
  mem_map,
  mm,
  notifiers,
  order,
} from './state.ts'

const tables: Tables & Owing & Announced = {
  cpu: (va) => mm.pte.at(va),
  device: (one, va) => driver.at(one).pte.at(va),
  is_registered,
  is_owed,
  is_open: (one) => bracket.at(one).va.isSome,
  is_answered: (one, va) => and(bracket.at(one).answered, bracket.at(one).va.eq(va)),
  is_told: (device) => some(Hmm, (one) => and(notifiers.is_listed(one), hmm.at(one).mirrors.has(device))),
}
const references: References = {
  refcount: (page) => mem_map.at(page).refcount,
  mapped: (va) => mm.pte.at(va),
  held: (one) => gathered.at(one),
}
const { is_allocated } = hmm_objects

/** The process is gone, and every device unbound. */
const is_gone = and(
  mm_state.eq('exited'),
  every(Device, (one) => driver.at(one).bound.eq('unbound')),
)

export const mirror2017 = (): Model =>
  model('mirror-2017', {
    threads: [cpu, device, registrar, exit],

    initially: () => {
      // Or hmm_mirror_register() was called for every device before.
      If(bound_at_start, () => {
        const of = Choose('hmm', Hmm)
        hmm_objects.allocated.add(of)
        mm.hmm.set(of)
        notifiers.list.add(of)
        notifiers.mm_count.add(of)
        ForEach(Device, (one) => {
          hmm.at(of).mirrors.add(one)
          driver.at(one).hmm.set(of)
          driver.at(one).bound.set('bound')
        })
      })
    },

    properties: [
      ...agree(tables),
      ...agree_always(tables),
      ...no_use_after_free(),
      ...no_stale_entry(tables),
      ...start_means_empty(tables),
      ...changes_are_announced(tables),
      ...snapshot_is_valid(),
      ...newest_value(),
      ...referenced(references),
      never_below_zero(),
      ...mm_is_freed(teardown, is_gone, not(notifiers.mm_count.isEmpty)),
      ...balanced(
        Hmm,
        (one) => hmm.at(one).notifiers,
        (one) => and(count_open_brackets, notifiers.is_listed(one)),
        tables,
      ),
      paired(),
      ...no_use_after_kfree(),
      ...unique(Hmm, is_allocated),
      ...returns_unlocked(),
      ...order,
      deadlock(),
      lockDeadlock(),
    ],
  })
