/** Exclusive access of a device to a page of a process: make_device_exclusive(), and who takes it away again. */
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
  type Model,
  yes,
} from 'hmmcheck'
import { Device, ExclusivePte, Page } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { cpu, dontneed, protect } from './cpu.ts'
import { device } from './device.ts'
import { callback_sets_seq, callback_zaps, checks_seq, fails, keeps_rmap, migrates, starts_exclusive } from './fixes.ts'
import { fork } from './fork.ts'
import { properties } from './properties.ts'
import { memory_failure, migrate } from './rmap.ts'
import { contents, intervals, mapcount, mem_map, pte } from './state.ts'

export const deviceExclusive = (): Model =>
  model('device-exclusive', {
    threads: [cpu, device, dontneed, protect, fork, migrate, memory_failure],

    initially: () => {
      ForEach(Device, (device) => intervals.place.at(device).set('tree'))
      If(starts_exclusive, () => {
        const page = Choose('page', Page)
        Ghost(() => contents.fill(page))
        mem_map.at(page).refcount.set(1)
        If(keeps_rmap, () => mapcount.at(page).set(1))
        pte.set(ExclusivePte.device_exclusive({ page, write: yes }))
      })
    },

    properties: [
      ...properties(),
      ...testedUnless(or(not(callback_zaps), starts_exclusive, and(migrates, not(keeps_rmap))), no_use_after_free()),
      ...newest_value(),
      ...testedUnless(or(fails, starts_exclusive, not(and(callback_sets_seq, checks_seq))), snapshot_is_valid()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
