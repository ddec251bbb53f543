/** The callback of a range: it stops the queues of the process, or clears the entries of GPUs that retry faults. */
import {
  Assert,
  Bool,
  cond,
  Cover,
  every,
  ForEach,
  Ghost,
  If,
  IfSome,
  Local,
  none,
  not,
  optional,
  or,
  procedure,
  setOf,
  some,
  Step,
  type Id,
} from 'hmmcheck'
import { Device, mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import {
  callback_lock,
  callback_sets_seq,
  callback_visits_children,
  child_lock,
  evicted_together,
  exits,
  has_deferred,
  unmap_by_mapped,
  xnack,
} from './fixes.ts'
import { range_lifetime } from './properties.ts'
import {
  access,
  evict_lock,
  evicted,
  evicted_count,
  gpu_pte,
  hashed,
  intervals,
  invalid,
  invalid_count,
  mapped,
  maps,
  parent_of,
  Prange,
  prange_lock,
  prange_of,
  pte,
  queues_evicted,
  range_is,
  restore_queued,
} from './state.ts'

/** Clears one entry of one GPU. For a step. */
export const clear_gpu_pte = (device: Id<'Device'>, va: Id<'Va'>): void => {
  gpu_pte.at(device).at(va).mapped.set(false)
  gpu_pte.at(device).at(va).pte.set(pte.never)
}

/** The address is the whole of the range. */
const is_whole = (prange: Id<'Prange'>, va: Id<'Va'>) =>
  every(Va, (one) => or(one.eq(va), prange_of.at(one).ne(prange)))

/** The struct of the range is there still. For a step. */
export const is_there = (prange: Id<'Prange'>) =>
  If(has_deferred, () =>
    Assert(range_lifetime.property, range_is.at(prange).ne('freed'), 'the range was freed: use after free'),
  )

/** Clears the entries of one address. A range of which all is unmapped does not count as mapped. */
export const svm_range_unmap_from_gpus = procedure(
  'svm_range_unmap_from_gpus',
  [Prange, Va],
  (prange, va) => {
    const from = Local('from', setOf(Device))
    Step('svm_range_unmap_from_gpu(): entries, flush of the TLB', () => {
      Ghost(() =>
        Cover(
          no_use_after_free.reached,
          some(Device, (device) => maps(device, va)),
        ),
      )
      is_there(prange)
      from.clear()
      If(not(mapped.at(prange).isEmpty), () =>
        If(unmap_by_mapped, () => from.set(mapped.at(prange))).Else(() => from.set(access.at(prange))),
      )
      ForEach(Device, (device) => If(from.has(device), () => clear_gpu_pte(device, va)))
      mapped.at(prange).set(cond(is_whole(prange, va), setOf(Device).empty, mapped.at(prange)))
    })
  },
  { source: '6.12 kfd_svm.c svm_range_unmap_from_gpus' },
)

/** The queues of the process are stopped, for one reason more, if it is found by its mm. */
export const kgd2kfd_quiesce_mm = procedure(
  'kgd2kfd_quiesce_mm',
  [],
  () => {
    const quiesce = () =>
      Step('qpd->evicted++', () => {
        Ghost(() =>
          Cover(
            no_use_after_free.reached,
            some(Device, (device) => some(Va, (va) => maps(device, va))),
          ),
        )
        queues_evicted.increment()
      })
    If(exits, () => {
      const found = Step('kfd_lookup_process_by_mm()', () => hashed)
      If(found, () => quiesce())
    }).Else(() => quiesce())
  },
  { source: '6.12 kfd_device.c kgd2kfd_quiesce_mm' },
)

/** Stops the queues if the range is mapped, and if they are not stopped for another range. Entries stay. */
const svm_range_evict = procedure(
  'svm_range_evict',
  [Prange],
  (prange) => {
    const is_mapped = Local('is_mapped', Bool)
    Step('prange->mapped_to_gpu', () => is_mapped.set(not(mapped.at(prange).isEmpty)))
    If(is_mapped, () => {
      Step('atomic_inc(&prange->invalid)', () => {
        invalid.at(prange).set(true)
        invalid_count.at(prange).bump()
      })
      If(evicted_together, () => mutex_lock(evict_lock))
      const first = Step('atomic_inc_return(&svms->evicted_ranges)', () => {
        const was_zero = Local('was_zero', Bool)
        was_zero.set(not(evicted))
        evicted.set(true)
        evicted_count.bump()
        return was_zero
      })
      If(first, () => {
        kgd2kfd_quiesce_mm()
        Step('queue_delayed_work(restore_work)', () => restore_queued.set(true))
      })
      If(evicted_together, () => mutex_unlock(evict_lock))
    })
  },
  { source: '6.12 kfd_svm.c svm_range_evict' },
)

/** The range on the child_list that the address is in, if the callback finds one; with its lock. */
export const with_child = (prange: Id<'Prange'>, va: Id<'Va'>, block: (child: Id<'Prange'>) => void): void => {
  If(callback_visits_children, () => {
    const child = Local('child', optional(Prange))
    Step('list_for_each_entry(pchild, &prange->child_list)', () =>
      If(parent_of.at(prange_of.at(va)).eq(prange), () => child.set(prange_of.at(va))).Else(() => child.set(none)),
    )
    IfSome(child, (pchild) => {
      If(child_lock, () => mutex_lock(prange_lock.at(pchild)))
      block(pchild)
      If(child_lock, () => mutex_unlock(prange_lock.at(pchild)))
    })
  })
}

/** Clears the entries of one address, which may be in a range on the child_list. */
const unmap_from_range_or_child = (prange: Id<'Prange'>, va: Id<'Va'>): void => {
  with_child(prange, va, (child) => svm_range_unmap_from_gpus(child, va))
  If(prange_of.at(va).eq(prange), () => svm_range_unmap_from_gpus(prange, va))
}

/** The callback, for all events but the end of the process and munmap(). */
export const svm_range_cpu_invalidate_pagetables = procedure(
  'svm_range_cpu_invalidate_pagetables',
  [Prange, Va, intervals.CurSeq.as('cur_seq')],
  (prange, va, cur_seq) => {
    If(callback_lock, () => mutex_lock(prange_lock.at(prange)))
    If(callback_sets_seq, () => intervals.mmu_interval_set_seq(prange, cur_seq))
    If(xnack, () =>
      If(has_deferred, () => unmap_from_range_or_child(prange, va)).Else(() => svm_range_unmap_from_gpus(prange, va)),
    ).Else(() => svm_range_evict(prange))
    If(callback_lock, () => mutex_unlock(prange_lock.at(prange)))
  },
  { source: '6.12 kfd_svm.c svm_range_cpu_invalidate_pagetables' },
)
