/** How a range is mapped: part by part, each part the pages of one VMA, with the sequence number asked for each. */
import {
  and,
  Assert,
  Bool,
  Break,
  Choose,
  Cover,
  ForEach,
  Ghost,
  If,
  Local,
  Loop,
  Misuse,
  not,
  or,
  procedure,
  Return,
  setOf,
  some,
  Step,
  type Id,
  type PlaceOf,
  type SetOf,
} from 'hmmcheck'
import { Device, mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { snapshot_is_valid } from 'hmmcheck/properties'
import { svm_range_unmap_from_gpus } from './callback.ts'
import {
  commit_checks_children,
  commit_checks_seq,
  commit_lock,
  first_insert,
  has_deferred,
  has_odd,
  loses_read,
  mapped_under_lock,
  mapped_with_entries,
  missing_vma_retries,
  no_read_unmaps,
  unmap_in_pages,
} from './fixes.ts'
import { faults_are_served } from './properties.ts'
import {
  gpu_pte,
  intervals,
  last_of,
  mapped,
  no_read,
  parent_of,
  Prange,
  prange_lock,
  prange_of,
  pte,
  unfaultable,
  vma,
} from './state.ts'

const source = '6.12 kfd_svm.c svm_range_validate_and_map'
const lock = (prange: Id<'Prange'>): void => {
  If(commit_lock, () => mutex_lock(prange_lock.at(prange)))
}
const unlock = (prange: Id<'Prange'>): void => {
  If(commit_lock, () => mutex_unlock(prange_lock.at(prange)))
}
/** The range counts as mapped by these GPUs. For a step. */
const set_mapped = (prange: Id<'Prange'>, gpus: SetOf<typeof Device>): void => {
  ForEach(Device, (device) => If(gpus.has(device), () => mapped.at(prange).add(device)))
}

const has_children = (prange: Id<'Prange'>) => some(Prange, (one) => parent_of.at(one).eq(prange))

/** The address has no VMA any more: where munmap() is on its way there, and has not come to the range. For a step. */
const vma_is_gone = (va: Id<'Va'>, fault: PlaceOf<typeof Bool>): void => {
  If(has_deferred, () => {
    If(not(missing_vma_retries), () =>
      Assert(faults_are_served.property, vma.has(va), 'another part of the range has lost its VMA: -EFAULT'),
    )
    fault.set(not(vma.has(va)))
  })
}

const has_unreadable = () => or(has_odd, loses_read)
/** A part may have to be left out, and then the range is not mapped. */
const may_fail = () => or(has_unreadable(), has_deferred)

/** One part with VM_READ. Says whether it is mapped now; if not, it has changed meanwhile. */
const svm_range_map_to_gpus = procedure(
  'svm_range_map_to_gpus',
  [Prange, Va, setOf(Device), Bool.as('last')],
  (prange, va, gpus, last) => {
    const valid = Local('valid', Bool)
    const notifier_seq = Local('notifier_seq', intervals.IntervalSeq)
    const read = Local('read', pte.Sample)
    const counts = or(mapped_with_entries, last)
    If(or(first_insert, has_deferred), () =>
      Step('amdgpu_hmm_range_get_pages()', () =>
        Misuse('mmu_interval_read_begin() where notifier->mm is NULL', intervals.place.at(prange).ne('out')),
      ),
    )
    intervals.mmu_interval_read_begin(prange, notifier_seq)
    Step('hmm_range_fault()', () => read.set(pte.at(va).now))
    lock(prange)
    Step('amdgpu_hmm_range_get_pages_done()', () => {
      valid.set(or(not(commit_checks_seq), not(intervals.mmu_interval_read_retry(notifier_seq))))
      If(and(has_deferred, commit_checks_children), () => valid.set(and(valid, not(has_children(prange)))))
      Ghost(() => Cover(snapshot_is_valid.reached, intervals.mmu_interval_read_retry(notifier_seq)))
      notifier_seq.set(intervals.never)
      If(not(valid), () => read.set(pte.never))
    })
    If(valid, () =>
      Step('svm_range_map_to_gpu()', () => {
        Assert(snapshot_is_valid.property, read.isCurrent, 'the entry that was read has changed')
        ForEach(Device, (device) =>
          If(gpus.has(device), () => {
            gpu_pte.at(device).at(va).mapped.set(true)
            gpu_pte.at(device).at(va).pte.set(read)
          }),
        )
        If(and(mapped_under_lock, counts), () => set_mapped(prange, gpus))
        read.set(pte.never)
      }),
    )
    unlock(prange)
    If(and(not(mapped_under_lock), mapped_with_entries), () =>
      If(valid, () => Step('the range counts as mapped', () => set_mapped(prange, gpus))),
    )
    return valid
  },
  { source },
)

/** Maps the range for these GPUs. Says whether it has failed: what it has mapped before that stays. */
export const svm_range_validate_and_map = procedure(
  'svm_range_validate_and_map',
  [Prange, setOf(Device)],
  (prange, gpus) => {
    const failed = Local('failed', Bool, false)
    const fault = Local('fault', Bool, false)
    const unreadable = Local('unreadable', Bool, false)
    const rest = Local('rest', setOf(Va), setOf(Va).empty)
    If(gpus.isEmpty, () => Return(failed))
    Step('start = prange->start', () => ForEach(Va, (one) => If(prange_of.at(one).eq(prange), () => rest.add(one))))
    Loop(() => {
      If(or(failed, rest.isEmpty), () => Break())
      const va = Local('va', Va)
      Step('vma_lookup()', () => {
        const next = Choose('next', Va, (one) => and(rest.has(one), or(one.ne(last_of.at(prange)), rest.size.eq(1))))
        va.set(next)
        rest.remove(next)
        If(has_odd, () => fault.set(unfaultable.eq(next)))
        vma_is_gone(next, fault)
        If(has_unreadable(), () => {
          If(no_read_unmaps, () => unreadable.set(no_read.has(next))).Else(() => fault.set(no_read.has(next)))
        })
      })
      const map = (): void => {
        const done = svm_range_map_to_gpus(prange, va, gpus, rest.isEmpty)
        failed.set(not(done))
      }
      const unmap = (): void => {
        If(unmap_in_pages, () => {
          lock(prange)
          svm_range_unmap_from_gpus(prange, va)
          unlock(prange)
        })
      }
      const map_or_unmap = (): void => {
        If(and(has_unreadable(), no_read_unmaps), () => If(unreadable, unmap).Else(map)).Else(map)
      }
      If(may_fail(), () => If(fault, () => failed.set(true)).Else(map_or_unmap)).Else(map)
    })
    If(and(not(mapped_under_lock), not(mapped_with_entries)), () =>
      If(and(rest.isEmpty, not(fault)), () => Step('addr == end', () => set_mapped(prange, gpus))),
    )
    return failed
  },
  { source },
)
