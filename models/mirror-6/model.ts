/** A driver that mirrors a process in its device, over interval notifiers, and has memory of its own. */
import {
  and,
  Choose,
  deadlock,
  ForEach,
  Ghost,
  If,
  lockDeadlock,
  model,
  not,
  recoverable,
  yes,
  type Model,
} from 'hmmcheck'
import { Page, SwapPte, Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { cpu } from './cpu.ts'
import { device } from './device.ts'
import {
  callback_sets_seq,
  callback_zaps,
  migrates,
  own_migrate_sets_seq,
  own_migrate_zaps,
  starts_in_device,
} from './fixes.ts'
import { evict } from './evict.ts'
import { exit_nouveau } from './nouveau-exit.ts'
import { inserts_for_fault } from './nouveau-fixes.ts'
import { close_parent } from './parent.ts'
import { properties } from './properties.ts'
import { contents, intervals, mapcount, mem_map, mm, Sub, zone_device, zone_device_data } from './state.ts'
import { migrate } from './to-device.ts'
import { dontneed, reap } from './zap.ts'

export const mirror6 = (): Model =>
  model('mirror-6', {
    threads: [cpu, device, dontneed, reap, migrate, evict, close_parent, exit_nouveau],

    initially: () => {
      If(not(inserts_for_fault), () => ForEach(Sub, (sub) => intervals.place.at(sub).set('tree')))
      If(migrates, () => {
        const dpage = Choose('dpage', Page)
        zone_device.add(dpage)
        If(starts_in_device, () => {
          const va = Choose('its', Va)
          const mirror = Choose('dmirror', Sub)
          zone_device_data.at(dpage).set(mirror)
          Ghost(() => contents.fill(dpage, va))
          mem_map.at(dpage).refcount.set(1)
          mapcount.at(dpage).set(1)
          mm.pte.at(va).set(SwapPte.device_private({ page: dpage, write: yes }))
        })
      })
    },

    properties: [
      ...properties(),
      ...testedUnless(not(and(callback_zaps, own_migrate_zaps)), no_use_after_free()),
      ...testedUnless(not(migrates), newest_value()),
      ...testedUnless(not(and(callback_sets_seq, own_migrate_sets_seq)), snapshot_is_valid()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
