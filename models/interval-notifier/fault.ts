/** A device fault: it samples the number, reads the entry, and makes one of its own if the number is still the same. */
import {
  Assert,
  Bool,
  Break,
  Choose,
  Cover,
  current,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  not,
  or,
  procedure,
  Step,
  threadPer,
} from 'hmmcheck'
import { Device, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { snapshot_is_valid } from 'hmmcheck/properties'
import { commit_checks_seq, commit_lock } from './fixes.ts'
import { device_pte, driver_lock, interval, intervals, open_subs, pte, Sub, users } from './state.ts'

const range_fault = procedure(
  'range_fault',
  [Sub],
  (sub) => {
    const notifier_seq = Local('notifier_seq', intervals.IntervalSeq)
    const read = Local('read', pte.Sample)
    Loop(() => {
      const valid = Local('valid', Bool)
      intervals.mmu_interval_read_begin(sub, notifier_seq)
      Step('hmm_range_fault()', () => read.set(pte.at(interval.at(sub)).now))
      If(commit_lock, () => mutex_lock(driver_lock))
      Step('mmu_interval_read_retry()', () => {
        valid.set(or(not(commit_checks_seq), not(intervals.mmu_interval_read_retry(notifier_seq))))
        Ghost(() => Cover(snapshot_is_valid.reached, intervals.mmu_interval_read_retry(notifier_seq)))
        notifier_seq.set(intervals.never)
      })
      If(valid, () =>
        Step('the device entry is made', () => {
          Assert(snapshot_is_valid.property, read.isCurrent, 'the entry that was read has changed')
          device_pte.at(sub).mapped.set(true)
          device_pte.at(sub).pte.set(read)
          read.set(pte.never)
        }),
      )
      If(commit_lock, () => mutex_unlock(driver_lock))
      If(valid, () => Break())
    })
  },
  { source: 'Documentation/mm/hmm.rst of 6.1, driver_populate_range' },
)

const device_fault = procedure(
  'device_fault',
  [],
  () => {
    const sub = Step('a fault finds the subscription', () => {
      const found = Choose('found', Sub, (one) => open_subs.has(one))
      users.at(found).add(current)
      return found
    })
    range_fault(sub)
    Step('the fault is over', () => users.at(sub).remove(current))
  },
  { source: "a driver's fault handler" },
)

/** One worker of each device. */
export const fault = threadPer(Device, 'fault', () => {
  Loop(() => {
    Idle()
    device_fault()
  })
})
