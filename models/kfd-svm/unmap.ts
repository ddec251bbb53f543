/** munmap(): its callback clears entries, splits the range, and leaves the rest to deferred work. */
import {
  and,
  Choose,
  every,
  ForEach,
  Idle,
  If,
  Local,
  Loop,
  not,
  or,
  procedure,
  sizeOf,
  Source,
  Step,
  thread,
  type Id,
} from 'hmmcheck'
import { mmap_read_unlock, mmap_write_downgrade, mmap_write_lock, mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { in_bracket } from './bracket.ts'
import { svm_range_unmap_from_gpus, with_child } from './callback.ts'
import {
  callback_lock,
  callback_sets_seq,
  checkpoint,
  drain_under_lock,
  handled_counts,
  has_deferred,
  has_faults,
} from './fixes.ts'
import {
  access,
  checkpoint_ts,
  deferred_queued,
  deferred_range_list,
  drain_count,
  drain_pagefaults,
  given_up,
  hashed,
  ih_handled,
  ih_handled_old,
  ih_old,
  ih_ring,
  intervals,
  mapped,
  mmap_lock,
  notified,
  parent_of,
  Prange,
  prange_lock,
  prange_of,
  pte,
  range_is,
  vma,
  waits_at,
  work_op,
} from './state.ts'

/** The range has no other address than this one. */
const is_last = (prange: Id<'Prange'>, va: Id<'Va'>) => every(Va, (one) => or(one.eq(va), prange_of.at(one).ne(prange)))

/** Faults that are on their way belong to the past. The ring is looked at, not what is being handled. For a step. */
export const take_checkpoint = (): void => {
  ih_old.set(ih_ring)
  If(handled_counts, () => ih_handled_old.set(ih_handled.isSome)).Else(() =>
    ih_handled_old.set(and(ih_handled.isSome, not(ih_ring.isEmpty))),
  )
}
const remember_faults = (): void => {
  If(has_faults, () =>
    If(checkpoint, () =>
      Step('svms->checkpoint_ts', () =>
        If(or(not(ih_ring.isEmpty), and(handled_counts, ih_handled.isSome)), () => {
          take_checkpoint()
          checkpoint_ts.set(true)
        }),
      ),
    ).Else(() =>
      If(drain_under_lock, () =>
        Step('atomic_inc(&svms->drain_pagefaults)', () => {
          drain_pagefaults.set(true)
          drain_count.bump()
        }),
      ),
    ),
  )
}

/** A new range for one address of another, on its child_list. For a step. */
const add_child = (
  prange: Id<'Prange'>,
  child: Id<'Prange'>,
  va: Id<'Va'>,
  op: 'SVM_OP_UNMAP_RANGE' | 'SVM_OP_ADD_RANGE',
): void => {
  prange_of.at(va).set(child)
  range_is.at(child).set('child')
  parent_of.at(child).set(prange)
  mapped.at(child).set(mapped.at(prange))
  access.at(child).set(access.at(prange))
  work_op.at(child).set(op)
}

/** The address leaves the range: it becomes one of its own, for deferred work. For a step. */
const split_off = (prange: Id<'Prange'>, va: Id<'Va'>, op: 'SVM_OP_UNMAP_RANGE' | 'SVM_OP_ADD_RANGE'): void => {
  const child = Choose('child', Prange, (one) => range_is.at(one).eq('new'))
  add_child(prange, child, va, op)
}

/** Puts the range on the list, or changes what is to be done with it. What is to be unmapped stays so. For a step. */
const add_list_work = (prange: Id<'Prange'>, op: 'SVM_OP_UNMAP_RANGE' | 'SVM_OP_UPDATE_RANGE_NOTIFIER'): void => {
  If(not(deferred_range_list.has(prange)), () => {
    deferred_range_list.push(prange)
    work_op.at(prange).set(op)
  }).Else(() => If(work_op.at(prange).ne('SVM_OP_UNMAP_RANGE'), () => work_op.at(prange).set(op)))
  deferred_queued.set(true)
}

/** The range, or one on its child_list, loses the address, under the range's lock. */
const unmap_and_split = (prange: Id<'Prange'>, va: Id<'Va'>): void => {
  remember_faults()
  with_child(prange, va, (child) => {
    svm_range_unmap_from_gpus(child, va)
    Step('svm_range_unmap_split()', () => work_op.at(child).set('SVM_OP_UNMAP_RANGE'))
  })
  If(prange_of.at(va).eq(prange), () => {
    svm_range_unmap_from_gpus(prange, va)
    If(is_last(prange, va), () =>
      Step('svm_range_add_list_work()', () => add_list_work(prange, 'SVM_OP_UNMAP_RANGE')),
    ).Else(() => {
      Step('svm_range_split(): the head', () => split_off(prange, va, 'SVM_OP_UNMAP_RANGE'))
      Step('svm_range_add_list_work()', () => add_list_work(prange, 'SVM_OP_UPDATE_RANGE_NOTIFIER'))
    })
  }).Else(() => Step('svm_range_add_list_work()', () => add_list_work(prange, 'SVM_OP_UPDATE_RANGE_NOTIFIER')))
}

/** The callback for MMU_NOTIFY_UNMAP. */
export const svm_range_unmap_from_cpu = procedure(
  'svm_range_unmap_from_cpu',
  [Prange, Va, intervals.CurSeq.as('cur_seq')],
  (prange, va, cur_seq) => {
    If(callback_lock, () => mutex_lock(prange_lock.at(prange)))
    If(callback_sets_seq, () => intervals.mmu_interval_set_seq(prange, cur_seq))
    const found = Step('kfd_lookup_process_by_mm()', () => hashed)
    If(found, () =>
      If(has_deferred, () => unmap_and_split(prange, va)).Else(() => svm_range_unmap_from_gpus(prange, va)),
    )
    If(callback_lock, () => mutex_unlock(prange_lock.at(prange)))
  },
  { source: '6.12 kfd_svm.c svm_range_unmap_from_cpu' },
)

/** The VMA leaves the tree under mmap_lock for writing; its entries go with mmap_lock for reading alone. */
const do_vmi_align_munmap = procedure(
  'do_vmi_align_munmap',
  [Va],
  (va) => {
    mmap_write_lock(mmap_lock)
    Step('vms_gather_munmap_vmas()', () => vma.remove(va))
    mmap_write_downgrade(mmap_lock)
    in_bracket(va, 'zap_pte_range()', () => pte.at(va).bump(), svm_range_unmap_from_cpu)
    mmap_read_unlock(mmap_lock)
  },
  { source: '6.12 mm/vma.c do_vmi_align_munmap' },
)
/** The process unmaps memory, when no job of its own uses it any more. */
export const munmap = thread('munmap', () => {
  Source('6.12 mm/mmap.c __vm_munmap', () => {
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('the jobs that use the memory have ended', () => {
        const at = Choose('at', Va, (one) => and(not(given_up.has(one)), waits_at.ne(one)))
        va.set(at)
        given_up.add(at)
      })
      do_vmi_align_munmap(va)
    })
  })
})

/** The callback for a page between the two addresses, which no GPU has mapped: the range behind it becomes another. */
const svm_range_unmap_between = procedure(
  'svm_range_unmap_between',
  [Prange, intervals.CurSeq.as('cur_seq')],
  (prange, cur_seq) => {
    If(callback_lock, () => mutex_lock(prange_lock.at(prange)))
    If(callback_sets_seq, () => intervals.mmu_interval_set_seq(prange, cur_seq))
    const is_between = Step('start > prange->start && last < prange->last', () =>
      every(Va, (va) => prange_of.at(va).eq(prange)),
    )
    If(is_between, () => {
      remember_faults()
      Step('svm_range_split(): the tail', () => {
        const tail = Choose('tail', Va)
        split_off(prange, tail, 'SVM_OP_ADD_RANGE')
      })
      Step('svm_range_add_list_work()', () => add_list_work(prange, 'SVM_OP_UPDATE_RANGE_NOTIFIER'))
    })
    If(callback_lock, () => mutex_unlock(prange_lock.at(prange)))
  },
  { source: '6.12 kfd_svm.c svm_range_unmap_from_cpu' },
)
const munmap_between = procedure(
  'munmap_between',
  [],
  () => {
    mmap_write_lock(mmap_lock)
    mmap_write_downgrade(mmap_lock)
    const cur_seq = Local('cur_seq', intervals.CurSeq)
    const found = intervals.mn_itree_inv_start_range((one) => notified.at(one).size.eq(sizeOf(Va)), cur_seq)
    ForEach(Prange, (one) => If(found.has(one), () => svm_range_unmap_between(one, cur_seq)))
    intervals.mn_itree_inv_end()
    mmap_read_unlock(mmap_lock)
  },
  { source: '6.12 mm/vma.c do_vmi_align_munmap' },
)
/** munmap() of the page between the two addresses of the range, once, unless one of them is gone. */
export const munmap_hole = thread('munmap_hole', () => {
  Source('6.12 mm/mmap.c __vm_munmap', () => munmap_between())
})
