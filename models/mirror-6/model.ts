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
  or,
  recoverable,
  yes,
  type Model,
} from 'hmmcheck'
import { Page, SwapPte, Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { child, cpu } from './cpu.ts'
import { device } from './device.ts'
import { do_exit, mmput, user } from './do-exit.ts'
import {
  callback_sets_seq,
  callback_zaps,
  exits,
  migrates,
  own_migrate_sets_seq,
  own_migrate_zaps,
  release_pass,
  starts_in_device,
  unmap_bracket,
} from './fixes.ts'
import { evict } from './evict.ts'
import { bind_checks_mm } from './fork-fixes.ts'
import { fork } from './fork.ts'
import { exit_nouveau } from './nouveau-exit.ts'
import { binds_current, inserts_for_fault, translates_alone } from './nouveau-fixes.ts'
import { close_parent } from './parent.ts'
import { contents, mm } from './processes.ts'
import { properties } from './properties.ts'
import { intervals, mapcount, mem_map, Sub, zone_device, zone_device_data } from './state.ts'
import { migrate } from './to-device.ts'
import { dontneed, reap } from './zap.ts'

/** The scenario in which only the exit has brackets: a fault holds mm_users, so that none of them runs beside one. */
const only_exit = and(exits, not(translates_alone))
/** No callback is called there at all. */
const unannounced = and(only_exit, not(release_pass), not(unmap_bracket))

/** Nothing is copied there: neither the driver nor a child moves memory. */
const nothing_moves = or(not(migrates), and(binds_current, bind_checks_mm))

export const mirror6 = (): Model =>
  model('mirror-6', {
    threads: [
      ...[cpu, device, dontneed, reap, migrate, mmput, do_exit, user],
      ...[evict, close_parent, exit_nouveau, child, fork],
    ],

    initially: () => {
      If(not(inserts_for_fault), () => ForEach(Sub, (sub) => intervals.place.at(sub).set('tree')))
      If(migrates, () => {
        const dpage = Choose('dpage', Page)
        zone_device.add(dpage)
        If(starts_in_device, () => {
          const va = Choose('its', Va)
          const mirror = Choose('dmirror', Sub)
          zone_device_data.at(dpage).set(mirror)
          Ghost(() => contents.fill('parent', dpage, va))
          mem_map.at(dpage).refcount.set(1)
          mapcount.at(dpage).set(1)
          mm.pte.at(va).set(SwapPte.device_private({ page: dpage, write: yes }))
        })
      })
    },

    properties: [
      ...properties(),
      ...testedUnless(or(not(and(callback_zaps, own_migrate_zaps)), unannounced), no_use_after_free()),
      ...testedUnless(nothing_moves, newest_value()),
      ...testedUnless(or(only_exit, not(and(callback_sets_seq, own_migrate_sets_seq))), snapshot_is_valid()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
