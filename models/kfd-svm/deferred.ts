/** The work that munmap() defers: it frees ranges, and gives those that were split notifiers of their own. */
import {
  and,
  Await,
  Bool,
  Break,
  Choose,
  every,
  ForEach,
  Idle,
  If,
  IfSome,
  Local,
  Loop,
  none,
  not,
  optional,
  or,
  procedure,
  some,
  Source,
  Step,
  thread,
  type Id,
} from 'hmmcheck'
import { Device, mmap_write_lock, mmap_write_unlock, mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { clear_gpu_pte, is_there } from './callback.ts'
import {
  checkpoint,
  children_lock,
  drain_under_lock,
  handled_counts,
  has_faults,
  list_del_under_lock,
  update_unmaps,
  work_list_lock,
  work_mmap_lock,
} from './fixes.ts'
import {
  deferred_queued,
  deferred_range_list,
  drain_count,
  drain_pagefaults,
  ih_handled_old,
  ih_old,
  ih_ring,
  intervals,
  mapped,
  mmap_lock,
  notified,
  objects,
  parent_of,
  Prange,
  prange_lock,
  prange_of,
  range_is,
  svms_lock,
  work_op,
} from './state.ts'
import { take_checkpoint } from './unmap.ts'

/** The range is found under its addresses, and its notifier is inserted for them. */
const add_with_notifier = (prange: Id<'Prange'>): void => {
  Step('interval_tree_insert(&prange->it_node)', () => {
    is_there(prange)
    range_is.at(prange).set('listed')
    ForEach(Va, (va) =>
      If(prange_of.at(va).eq(prange), () => {
        objects.at(va).set(prange)
        notified.at(prange).add(va)
      }).Else(() => notified.at(prange).remove(va)),
    )
  })
  intervals.__mmu_interval_notifier_insert(prange)
}
/** The range is found no more. For a step. */
const unlink = (prange: Id<'Prange'>): void => {
  is_there(prange)
  ForEach(Va, (va) => If(objects.at(va).eq(prange), () => objects.at(va).set(none)))
}

/** GPUs fault on the range again: between two notifiers nobody tells them of a change. */
const unmap_all = (prange: Id<'Prange'>): void => {
  If(update_unmaps, () => {
    mutex_lock(prange_lock.at(prange))
    Step('svm_range_unmap_from_gpus()', () => {
      is_there(prange)
      ForEach(Device, (device) => ForEach(Va, (va) => If(prange_of.at(va).eq(prange), () => clear_gpu_pte(device, va))))
      mapped.at(prange).clear()
    })
    mutex_unlock(prange_lock.at(prange))
  })
}

const svm_range_update_notifier_and_interval_tree = procedure(
  'svm_range_update_notifier_and_interval_tree',
  [Prange],
  (prange) => {
    const same = Step('prange->notifier.interval_tree', () => {
      is_there(prange)
      return every(Va, (va) => prange_of.at(va).eq(prange).eq(notified.at(prange).has(va)))
    })
    If(not(same), () => {
      unmap_all(prange)
      Step('interval_tree_remove(&prange->it_node)', () => unlink(prange))
      intervals.mmu_interval_notifier_remove(prange)
      add_with_notifier(prange)
    })
  },
  { source: '6.12 kfd_svm.c svm_range_update_notifier_and_interval_tree' },
)

/** For a step. */
const svm_range_free = (prange: Id<'Prange'>): void => {
  is_there(prange)
  range_is.at(prange).set('freed')
}

/** A range of the list: it goes, or has become smaller. */
const svm_range_handle_list_op = procedure(
  'svm_range_handle_list_op',
  [Prange],
  (prange) => {
    If(work_op.at(prange).eq('SVM_OP_UNMAP_RANGE'), () => {
      Step('svm_range_unlink()', () => unlink(prange))
      intervals.mmu_interval_notifier_remove(prange)
      Step('svm_range_free()', () => svm_range_free(prange))
    }).Else(() => {
      svm_range_update_notifier_and_interval_tree(prange)
    })
  },
  { source: '6.12 kfd_svm.c svm_range_handle_list_op' },
)

/** A range of a child_list, which has no notifier yet: it goes, or is made one of the process's ranges. */
const svm_range_handle_child_op = procedure(
  'svm_range_handle_child_op',
  [Prange],
  (child) => {
    If(work_op.at(child).eq('SVM_OP_UNMAP_RANGE'), () => Step('svm_range_free()', () => svm_range_free(child))).Else(
      () => add_with_notifier(child),
    )
  },
  { source: '6.12 kfd_svm.c svm_range_handle_list_op' },
)

/** Waits until the faults that are on their way have been handled. */
const amdgpu_ih_wait_on_checkpoint_process_ts = procedure(
  'amdgpu_ih_wait_on_checkpoint_process_ts',
  [],
  () => {
    Step('checkpoint_wptr = amdgpu_ih_get_wptr()', () => take_checkpoint())
    Step('wait_event(ih->wait_process)', () =>
      Await(or(and(ih_old.isEmpty, not(ih_handled_old)), and(not(handled_counts), ih_ring.isEmpty))),
    )
  },
  { source: '6.1 amdgpu_ih.c amdgpu_ih_wait_on_checkpoint_process_ts' },
)

/** The same, again if an munmap() came between. Meanwhile every fault is dropped. */
const svm_range_drain_retry_fault = procedure(
  'svm_range_drain_retry_fault',
  [],
  () => {
    const seen = Local('seen', drain_count.Sample)
    const same = Local('same', Bool, false)
    Loop(() => {
      Step('atomic_read(&svms->drain_pagefaults)', () => seen.set(drain_count.now))
      amdgpu_ih_wait_on_checkpoint_process_ts()
      Step('atomic_cmpxchg(&svms->drain_pagefaults, drain, 0)', () => {
        same.set(seen.isCurrent)
        If(same, () => drain_pagefaults.set(false))
        seen.set(drain_count.never)
      })
      If(same, () => Break())
    })
  },
  { source: '6.1 kfd_svm.c svm_range_drain_retry_fault' },
)

/** mmap_lock for writing; in 6.1 faults are drained first: those of an munmap() that comes between, too. */
const lock_and_drain = (prange: Id<'Prange'>): void => {
  If(and(has_faults, not(checkpoint), not(drain_under_lock)), () =>
    If(work_op.at(prange).eq('SVM_OP_UNMAP_RANGE'), () => amdgpu_ih_wait_on_checkpoint_process_ts()),
  )
  Loop(() => {
    If(work_mmap_lock, () => mmap_write_lock(mmap_lock))
    If(or(not(has_faults), checkpoint, not(drain_under_lock)), () => Break())
    If(not(drain_pagefaults), () => Break())
    If(work_mmap_lock, () => mmap_write_unlock(mmap_lock))
    svm_range_drain_retry_fault()
  })
}

const handle_children = (prange: Id<'Prange'>): void => {
  const next = Local('next', optional(Prange), none)
  Loop(() => {
    Step('list_first_entry(&prange->child_list)', () =>
      If(not(some(Prange, (one) => parent_of.at(one).eq(prange))), () => next.set(none)).Else(() => {
        const child = Choose('child', Prange, (one) => parent_of.at(one).eq(prange))
        next.set(child)
      }),
    )
    If(next.isNone, () => Break())
    IfSome(next, (child) => {
      If(work_op.at(child).eq('SVM_OP_ADD_RANGE'), () => unmap_all(child))
      If(children_lock, () => mutex_lock(prange_lock.at(prange)))
      Step('list_del_init(&pchild->child_list)', () => parent_of.at(child).set(none))
      If(children_lock, () => mutex_unlock(prange_lock.at(prange)))
      svm_range_handle_child_op(child)
    })
  })
}

/** One item of the list. */
const deferred_item = procedure(
  'deferred_item',
  [Prange],
  (prange) => {
    const take = () => Step('list_del_init(&prange->deferred_list)', () => deferred_range_list.discard(prange))
    If(not(list_del_under_lock), () => take())
    lock_and_drain(prange)
    If(list_del_under_lock, () => take())
    If(work_list_lock, () => mutex_lock(svms_lock))
    handle_children(prange)
    svm_range_handle_list_op(prange)
    If(work_list_lock, () => mutex_unlock(svms_lock))
    If(work_mmap_lock, () => mmap_write_unlock(mmap_lock))
  },
  { source: '6.12 kfd_svm.c svm_range_deferred_list_work' },
)

const svm_range_deferred_list_work = procedure(
  'svm_range_deferred_list_work',
  [],
  () => {
    const first = Local('first', optional(Prange))
    Loop(() => {
      Step('list_first_entry(&svms->deferred_range_list)', () =>
        If(deferred_range_list.isEmpty, () => first.set(none)).Else(() => first.set(deferred_range_list.head)),
      )
      If(first.isNone, () => Break())
      IfSome(first, (prange) => deferred_item(prange))
    })
  },
  { source: '6.12 kfd_svm.c svm_range_deferred_list_work' },
)
export const deferred = thread('deferred', () => {
  Source('6.12 kernel/workqueue.c process_one_work', () => {
    Loop(() => {
      Idle()
      Step('process_one_work()', () => {
        Await(deferred_queued)
        deferred_queued.set(false)
      })
      svm_range_deferred_list_work()
    })
  })
})
