/** The device: it changes memory, and reads it, through its own entry; where it has none its driver asks for one. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Continue,
  Cover,
  current,
  Either,
  Ghost,
  Idle,
  If,
  IfIs,
  IfSome,
  isCaseAnd,
  Local,
  Loop,
  none,
  not,
  or,
  procedure,
  some,
  Source,
  Step,
  threadPer,
  yes,
  type Bool as Condition,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import {
  Device,
  driver_populate_range,
  is_device_exclusive_entry,
  is_present_pte,
  mutex_lock,
  mutex_unlock,
  Page,
  with_reference,
} from 'hmmcheck/kernel'
import { newest_value, no_use_after_free, snapshot_is_valid } from 'hmmcheck/properties'
import { handle_mm_fault, make_exclusive } from './fault.ts'
import {
  checks_seq,
  commit_lock,
  driver_tries_again,
  faults_before_seq,
  has_readers,
  is_nouveau,
  make_locks,
  mmap_lock_held,
  retry_unlocks,
} from './fixes.ts'
import { is_served, not_poisoned, returns_unlocked } from './properties.ts'
import {
  contents,
  DeviceEntry,
  folio_unlock,
  holds_folio_lock,
  intervals,
  is_free,
  out_of_use,
  pfn,
  pte,
  put_page,
  read_lock,
  read_unlock,
  svmm,
} from './state.ts'

type Sample = PlaceOf<typeof intervals.IntervalSeq>

const read_begin = (device: Id<'Device'>, seq: Sample): void => {
  If(checks_seq, () => intervals.mmu_interval_read_begin(device, seq))
}
/** The driver's lock is taken, and kept if nothing has happened since `read_begin`. */
const lock_if_valid = (device: Id<'Device'>, seq: Sample): PlaceOf<typeof Bool> => {
  const valid = Local('valid', Bool)
  If(commit_lock, () => mutex_lock(svmm.at(device).mutex))
  Step('mmu_interval_read_retry()', () => {
    Ghost(() => Cover(snapshot_is_valid.reached, intervals.mmu_interval_read_retry(seq)))
    valid.set(or(not(checks_seq), not(intervals.mmu_interval_read_retry(seq))))
    seq.set(intervals.never)
  })
  return valid
}
const unlock = (device: Id<'Device'>): void => {
  If(commit_lock, () => mutex_unlock(svmm.at(device).mutex))
}

/** A fault for writing, where the entry does not allow it: in a kernel it would be hmm_range_fault(). */
const fault_in = (): void => {
  const needed = Local('needed', Bool, false)
  read_lock()
  Step('hmm_pte_need_fault()', () => needed.set(not(isCaseAnd(pte, 'present', ({ write }) => write))))
  If(needed, () => {
    handle_mm_fault(yes)
  })
  read_unlock()
}

/**
 * nouveau_atomic_range_fault(), dmirror_exclusive(). nouveau drops mmap_lock before it takes its own; lib/test_hmm.c
 * keeps it until the page is unlocked.
 */
const atomic_fault = procedure(
  'atomic_fault',
  [Device],
  (device) => {
    const seq = Local('notifier_seq', intervals.IntervalSeq)
    Loop(() => {
      If(faults_before_seq, fault_in)
      read_begin(device, seq)
      If(mmap_lock_held, read_lock)
      const { ret, page } = make_exclusive(device)
      If(and(mmap_lock_held, is_nouveau), read_unlock)
      const give_back = (): void => {
        Step('folio_unlock(); folio_put()', () => {
          with_reference(page, (found) => {
            If(make_locks, () => folio_unlock(found))
            put_page(found)
          })
          page.set(none)
        })
      }
      If(ret.eq('0'), () => {
        const valid = lock_if_valid(device, seq)
        If(valid, () => {
          Step('NVIF_VMM_V0_PFNMAP, xa_store()', () =>
            with_reference(page, (found) => {
              Assert(
                snapshot_is_valid.property,
                is_device_exclusive_entry(pte, found),
                'the entry is not the exclusive one any more',
              )
              svmm.at(device).pte.set(DeviceEntry.present({ page: found, atomic: yes }))
            }),
          )
          unlock(device)
          give_back()
        }).Else(() => {
          unlock(device)
          If(retry_unlocks, give_back).Else(() => page.set(none))
        })
        If(and(mmap_lock_held, not(is_nouveau)), read_unlock)
        If(valid, () => Break())
      }).Else(() => {
        If(and(mmap_lock_held, not(is_nouveau)), read_unlock)
        If(and(ret.eq('NULL'), is_nouveau, driver_tries_again), () => Continue())
        Step('nouveau_svm_fault_cancel_fault(), -EBUSY', () => {
          Assert(
            is_served.property,
            not(and(is_nouveau, ret.eq('NULL'))),
            'the channel is killed, and the process could have had the page',
          )
          seq.set(intervals.never)
        })
        Break()
      })
    })
    Step('the fault is over', () =>
      Assert(
        returns_unlocked.property,
        not(some(Page, (one) => holds_folio_lock(one, current))),
        'a page is still locked',
      ),
    )
  },
  {
    source:
      '6.1 drivers/gpu/drm/nouveau/nouveau_svm.c nouveau_atomic_range_fault; 6.1 lib/test_hmm.c dmirror_exclusive',
  },
)

/** An ordinary fault for reading: hmm_range_fault() finds what is there, or has it faulted in. */
const range_fault = procedure(
  'range_fault',
  [Device],
  (device) => {
    const seq = Local('notifier_seq', intervals.IntervalSeq)
    const failed = Local('failed', Bool, false)
    driver_populate_range(intervals, device, {
      lock: svmm.at(device).mutex,
      locks: commit_lock,
      sample: seq,
      walk: () => {
        read_lock()
        Loop(() => {
          Step('hmm_vma_handle_pte()', () => {
            pfn.at(device).set(none)
            IfIs(pte, 'present', ({ page }) => pfn.at(device).set(page))
          })
          If(pfn.at(device).isSome, () => Break())
          const served = handle_mm_fault(not(yes))
          failed.set(not(served))
          If(failed, () => Break())
        })
        read_unlock()
        return { fails: failed, failed: () => Step('-EFAULT', () => seq.set(intervals.never)) }
      },
      asked: () => {
        Ghost(() => Cover(snapshot_is_valid.reached, intervals.mmu_interval_read_retry(seq)))
      },
      commit: () =>
        Step('NVIF_VMM_V0_PFNMAP', () =>
          IfSome(pfn.at(device), (page) => {
            Assert(snapshot_is_valid.property, is_present_pte(pte, page), 'the entry that was read has changed')
            svmm.at(device).pte.set(DeviceEntry.present({ page, atomic: not(yes) }))
            pfn.at(device).set(none)
          }),
        ),
    })
  },
  { source: '6.1 drivers/gpu/drm/nouveau/nouveau_svm.c nouveau_range_fault' },
)

/** The access, through an entry that allows it. An atomic operation reads and writes. */
const access = (device: Id<'Device'>): void => {
  Step('the device reads, or reads and writes', () => {
    Await(svmm.at(device).pte.is('present'))
    IfIs(svmm.at(device).pte, 'present', ({ page, atomic }) => {
      Assert(no_use_after_free.property, not(is_free(page)), 'the device uses a page that was freed')
      Assert(not_poisoned.property, not(out_of_use.has(page)), 'the device uses a page that has failed')
      Ghost(() => Cover(newest_value.reached))
      Assert(newest_value.property, contents.is_newest(page), 'the device reads an old value')
      If(atomic, () => Ghost(() => contents.write(page)))
    })
  })
}

const may_change = (device: Id<'Device'>): Condition =>
  isCaseAnd(svmm.at(device).pte, 'present', ({ atomic }) => atomic)

const atomic_operation = (self: Id<'Device'>): void => {
  Source(
    '6.1 drivers/gpu/drm/nouveau/nouveau_svm.c nouveau_svm_fault; 6.1 lib/test_hmm.c dmirror_fops_unlocked_ioctl',
    () => {
      Step('the device faults: an atomic operation', () => Await(not(may_change(self))))
      atomic_fault(self)
    },
  )
}
const read = (self: Id<'Device'>): void => {
  Source('6.1 drivers/gpu/drm/nouveau/nouveau_svm.c nouveau_svm_fault', () => {
    Step('the device faults: a read', () => Await(svmm.at(self).pte.is('none')))
    range_fault(self)
  })
}

export const device = threadPer(Device, 'device', (self) => {
  const both = [() => atomic_operation(self), () => Source('hardware: the device', () => access(self))] as const
  Loop(() => {
    Idle()
    Source('hardware: the device', () =>
      If(has_readers, () => Either(...both, () => read(self))).Else(() => Either(...both)),
    )
  })
})
