/** Exclusive access of a device to a page of a process: make_device_exclusive(), and who takes it away again. */
import { and, deadlock, ForEach, lockDeadlock, model, not, or, recoverable, type Model } from 'hmmcheck'
import { Device } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { cpu, dontneed, protect } from './cpu.ts'
import { device } from './device.ts'
import { callback_sets_seq, callback_zaps, checks_seq, fails, keeps_rmap, migrates } from './fixes.ts'
import { fork } from './fork.ts'
import { properties } from './properties.ts'
import { memory_failure, migrate } from './rmap.ts'
import { intervals } from './state.ts'

export const deviceExclusive = (): Model =>
  model('device-exclusive', {
    threads: [cpu, device, dontneed, protect, fork, migrate, memory_failure],

    initially: () => {
      ForEach(Device, (device) => intervals.place.at(device).set('tree'))
    },

    properties: [
      ...properties(),
      ...testedUnless(or(not(callback_zaps), and(migrates, not(keeps_rmap))), no_use_after_free()),
      ...newest_value(),
      ...testedUnless(or(fails, not(and(callback_sets_seq, checks_seq))), snapshot_is_valid()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
