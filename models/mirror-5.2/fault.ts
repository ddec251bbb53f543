/**
 * A device fault: the driver registers a range, waits until it is valid, has the entry faulted in, and makes its
 * own.
 */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Continue,
  Cover,
  Either,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  not,
  or,
  procedure,
  Source,
  Step,
  threadPer,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, mmget_not_zero, mmput_and_exit, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { snapshot_is_valid } from 'hmmcheck/properties'
import {
  commit_checks_valid,
  commit_lock,
  compat,
  exits,
  range_holds_mm,
  register_counts,
  special,
  special_entries_fault,
  timeout_unregisters,
  unregister_last,
  validity_is_sticky,
} from './fixes.ts'
import { faults_are_served } from './properties.ts'
import { device_pte, driver_lock, invalidate_seq, live_ranges, notifiers, pte, pte_kind, ranges } from './state.ts'

const hmm = '5.2 mm/hmm.c'

const hmm_range_valid = (device: Id<'Device'>): Bool =>
  and(ranges.at(device).valid, or(not(validity_is_sticky), ranges.at(device).seq.isCurrent))

/** The list entry goes; the reference of mm_users goes after it, and may be the last. */
const hmm_range_unregister = (device: Id<'Device'>): void => {
  Source('5.3 mm/hmm.c hmm_range_unregister', () => {
    Step('list_del_init(&range->list)', () => {
      ranges.at(device).listed.set(false)
      ranges.at(device).seq.set(invalidate_seq.never)
    })
    If(and(exits, range_holds_mm), () => {
      mmput_and_exit()
    })
  })
}

const make_entry = (device: Id<'Device'>): Recorded =>
  Step('the device entry is made', () => {
    Assert(snapshot_is_valid.property, ranges.at(device).read.isCurrent, 'the entry that was read has changed')
    device_pte.at(device).mapped.set(true)
    device_pte.at(device).pte.set(ranges.at(device).read)
    ranges.at(device).read.set(pte.never)
  })

/** hmm_range_fault(): says whether it returns 0. A range that is not valid any more is -EBUSY, or -EAGAIN in 5.2. */
const walk = (device: Id<'Device'>): Bool => {
  const done = Local('done', Bool, false)
  Source(`${hmm} hmm_range_fault, hmm_vma_handle_pte`, () =>
    Loop(() => {
      const over = Local('over', Bool, true)
      Step('hmm_range_fault(): if (range->valid) pte = *ptep', () => {
        If(ranges.at(device).valid, () =>
          If(or(not(special), pte_kind.eq('present')), () => {
            ranges.at(device).read.set(pte.now)
            done.set(true)
          }).Else(() => {
            Ghost(() => Cover(faults_are_served.reached))
            Assert(
              faults_are_served.property,
              special_entries_fault,
              'HMM_PFN_NONE and 0, though a fault was asked for',
            )
            over.set(false)
          }),
        )
      })
      If(over, () => Break())
      If(special, () =>
        Step('handle_mm_fault(); or migration_entry_wait()', () => {
          Await(pte_kind.ne('migration'))
          If(pte_kind.eq('swap'), () => {
            pte_kind.set('present')
            pte.bump()
          })
        }),
      )
    }),
  )
  return done
}

const range_fault = procedure(
  'range_fault',
  [Device],
  (device) => {
    Loop(() => {
      const valid = Local('valid', Bool, false)
      const timed_out = Local('timed_out', Bool, false)
      Source(`${hmm} hmm_range_wait_until_valid`, () =>
        Either(
          () =>
            Step('hmm_range_wait_until_valid() = true', () => {
              Await(ranges.at(device).valid)
              ranges.at(device).seq.set(invalidate_seq.now)
            }),
          () =>
            Step('hmm_range_wait_until_valid() = false: the time is over', () => {
              Await(not(ranges.at(device).valid))
              timed_out.set(true)
            }),
        ),
      )
      If(timed_out, () => {
        If(or(not(compat), timeout_unregisters), () => hmm_range_unregister(device))
        Break()
      })
      const read = walk(device)
      If(not(read), () => Continue())
      If(commit_lock, () => mutex_lock(driver_lock))
      Step('hmm_range_valid()', () => {
        valid.set(or(not(commit_checks_valid), hmm_range_valid(device)))
        Ghost(() => Cover(snapshot_is_valid.reached, ranges.at(device).read.isStale))
        If(not(valid), () => ranges.at(device).read.set(pte.never))
      })
      If(valid, () => {
        If(not(unregister_last), () => hmm_range_unregister(device))
        make_entry(device)
      })
      If(commit_lock, () => mutex_unlock(driver_lock))
      If(valid, () => {
        If(unregister_last, () => hmm_range_unregister(device))
        Break()
      })
    })
  },
  { source: 'Documentation/vm/hmm.rst of 5.2, driver_populate_range; 5.3 nouveau_svm.c nouveau_svm_fault' },
)

/** One worker of each device. */
export const fault = threadPer(Device, 'fault', (device) => {
  Loop(() => {
    Idle()
    Source('5.2 mm/hmm.c hmm_range_register, and its caller', () => {
      const registered = Local('registered', Bool, true)
      If(and(exits, range_holds_mm), () => registered.set(mmget_not_zero()))
      If(registered, () => {
        Step('hmm_range_register()', () => {
          live_ranges.add(device)
          ranges.at(device).listed.set(true)
          ranges.at(device).valid.set(or(notifiers.eq(0), not(register_counts)))
        })
        range_fault(device)
        Step('the fault returns', () => {
          live_ranges.remove(device)
          ranges.at(device).valid.set(false)
        })
      })
    })
  })
})
