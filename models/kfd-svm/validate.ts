/** Who maps ranges: the ioctl that sets attributes, the worker that restores evicted ranges, and faults of GPUs. */
import {
  and,
  Await,
  Bool,
  Choose,
  ForEach,
  Idle,
  If,
  Local,
  Loop,
  not,
  or,
  procedure,
  setOf,
  Source,
  Step,
  thread,
  threadPer,
} from 'hmmcheck'
import {
  Device,
  mmget_not_zero,
  mmput,
  mmap_read_lock,
  mmap_read_unlock,
  mmap_write_downgrade,
  mmap_write_lock,
  mmap_write_unlock,
  mutex_lock,
  mutex_unlock,
  Va,
} from 'hmmcheck/kernel'
import { clear_gpu_pte } from './callback.ts'
import {
  exits,
  first_insert,
  insert_checked,
  list_lock,
  lost_access_lock,
  lost_access_unmaps,
  restore_checks_evicted,
  restore_checks_invalid,
  restore_write_lock,
  xnack,
} from './fixes.ts'
import { svm_range_validate_and_map } from './map.ts'
import {
  access,
  evicted,
  evicted_count,
  invalid,
  intervals,
  invalid_count,
  mapped,
  maps,
  mmap_lock,
  Prange,
  prange_lock,
  prange_of,
  queues_evicted,
  queues_run,
  restore_queued,
  svms_lock,
} from './state.ts'

const lock_list = (): void => {
  If(list_lock, () => mutex_lock(svms_lock))
}
const unlock_list = (): void => {
  If(list_lock, () => mutex_unlock(svms_lock))
}

/** What the GPU has mapped of the range goes. It counts as unmapped before its entries are cleared. */
const svm_range_needs_unmap = procedure(
  'svm_range_needs_unmap',
  [Prange, Device],
  (prange, device) => {
    If(lost_access_lock, () => mutex_lock(prange_lock.at(prange)))
    Step('clear_bit(gpuidx, prange->bitmap_mapped)', () => mapped.at(prange).remove(device))
    Step('svm_range_unmap_from_gpu()', () =>
      ForEach(Va, (va) => If(prange_of.at(va).eq(prange), () => clear_gpu_pte(device, va))),
    )
    If(lost_access_lock, () => mutex_unlock(prange_lock.at(prange)))
  },
  { source: 'series of June 2026, kfd_svm.c svm_range_needs_unmap' },
)

/** A GPU gets access to the range, and it is mapped; or it loses access. mmap_lock is held for reading then. */
const apply_and_map = (): void => {
  const prange = Local('prange', Prange)
  const device = Local('device', Device)
  const gets = Local('gets', Bool)
  const gpus = Local('gpus', setOf(Device))
  Step('svm_range_apply_attrs()', () => {
    const one = Choose('one', Prange)
    const gpu = Choose('gpu', Device)
    const may = Choose('may', Bool)
    prange.set(one)
    device.set(gpu)
    gets.set(may)
    If(may, () => access.at(one).add(gpu)).Else(() => access.at(one).remove(gpu))
  })
  mmap_write_downgrade(mmap_lock)
  If(lost_access_unmaps, () => If(not(gets), () => svm_range_needs_unmap(prange, device)))
  If(gets, () => {
    Step('bitmap_copy()', () => {
      gpus.clear()
      If(or(not(xnack), not(mapped.at(prange).isEmpty)), () => gpus.set(access.at(prange)))
    })
    svm_range_validate_and_map(prange, gpus)
  })
}

/** The first interval notifier of the mm: mm_take_all_locks() fails where a signal is pending. */
const svm_range_add_notifier_locked = procedure(
  'svm_range_add_notifier_locked',
  [Prange],
  (prange) => {
    const fails = Step('mm_take_all_locks()', () => {
      const pending = Choose('pending', Bool)
      If(not(pending), () => intervals.has_itree.set(true))
      return pending
    })
    If(not(fails), () => intervals.__mmu_interval_notifier_insert(prange))
    return fails
  },
  { source: '6.12 kfd_svm.c svm_range_add_notifier_locked' },
)

const svm_range_set_attr = procedure(
  'svm_range_set_attr',
  [],
  () => {
    mmap_write_lock(mmap_lock)
    lock_list()
    If(first_insert, () => {
      const refused = Local('refused', Bool, false)
      ForEach(Prange, (prange) =>
        If(intervals.place.at(prange).eq('out'), () => {
          const fails = svm_range_add_notifier_locked(prange)
          refused.set(fails)
        }),
      )
      If(insert_checked, () => If(refused, () => mmap_write_downgrade(mmap_lock)).Else(apply_and_map)).Else(
        apply_and_map,
      )
    }).Else(apply_and_map)
    unlock_list()
    mmap_read_unlock(mmap_lock)
  },
  { source: '6.12 kfd_svm.c svm_range_set_attr' },
)
/** The process sets attributes, without end. */
export const set_attr = thread('set_attr', () => {
  Loop(() => {
    Idle()
    svm_range_set_attr()
  })
})

/** Maps one evicted range again. Says whether all must be done again. */
const restore_range = procedure(
  'restore_range',
  [Prange],
  (prange) => {
    const again = Local('again', Bool, false)
    const gpus = Local('gpus', setOf(Device))
    const seen = Local('seen', invalid_count.Sample)
    const is_invalid = Step('atomic_read(&prange->invalid)', () => {
      If(invalid.at(prange), () => seen.set(invalid_count.at(prange).now)).Else(() => seen.set(invalid_count.never))
      gpus.set(access.at(prange))
      return invalid.at(prange)
    })
    If(is_invalid, () => {
      const failed = svm_range_validate_and_map(prange, gpus)
      again.set(failed)
      If(not(failed), () =>
        Step('atomic_cmpxchg(&prange->invalid, invalid, 0)', () => {
          again.set(and(restore_checks_invalid, seen.isStale))
          If(not(again), () => invalid.at(prange).set(false))
          seen.set(invalid_count.never)
        }),
      )
    })
    return again
  },
  { source: '6.12 kfd_svm.c svm_range_restore_work' },
)

/** One run of the worker: it maps all evicted ranges, and lets the queues run if nothing was evicted meanwhile. */
const svm_range_restore_work = procedure(
  'svm_range_restore_work',
  [],
  () => {
    const again = Local('again', Bool, false)
    const seen = Local('seen', evicted_count.Sample)
    If(restore_write_lock, () => mmap_write_lock(mmap_lock)).Else(() => mmap_read_lock(mmap_lock))
    lock_list()
    Step('atomic_read(&svms->evicted_ranges)', () => seen.set(evicted_count.now))
    ForEach(Prange, (prange) =>
      If(not(again), () => {
        const failed = restore_range(prange)
        If(failed, () => again.set(true))
      }),
    )
    If(not(again), () => {
      Step('atomic_cmpxchg(&svms->evicted_ranges, evicted_ranges, 0)', () => {
        again.set(and(restore_checks_evicted, seen.isStale))
        If(not(again), () => evicted.set(false))
        seen.set(evicted_count.never)
      })
      If(not(again), () => Step('kgd2kfd_resume_mm(): qpd->evicted--', () => queues_evicted.decrement()))
    })
    unlock_list()
    If(restore_write_lock, () => mmap_write_unlock(mmap_lock)).Else(() => mmap_read_unlock(mmap_lock))
    If(again, () => Step('queue_delayed_work(restore_work)', () => restore_queued.set(true)))
  },
  { source: '6.12 kfd_svm.c svm_range_restore_work' },
)
export const restore = thread('restore', () => {
  Source('6.12 kernel/workqueue.c process_one_work', () => {
    Loop(() => {
      Idle()
      Step('process_one_work()', () => {
        Await(restore_queued)
        restore_queued.set(false)
      })
      If(exits, () => {
        const alive = mmget_not_zero()
        If(alive, () => {
          svm_range_restore_work()
          Step('mmput()', () => mmput())
        })
      }).Else(() => svm_range_restore_work())
    })
  })
})

const svm_range_restore_pages = procedure(
  'svm_range_restore_pages',
  [Device],
  (device) => {
    const prange = Local('prange', Prange)
    const gpus = Local('gpus', setOf(Device))
    mmap_read_lock(mmap_lock)
    lock_list()
    Step('svm_range_from_addr()', () => {
      const of = Choose('of', Prange)
      prange.set(of)
      gpus.clear()
      If(access.at(of).has(device), () => gpus.add(device))
    })
    svm_range_validate_and_map(prange, gpus)
    unlock_list()
    mmap_read_unlock(mmap_lock)
  },
  { source: '6.12 kfd_svm.c svm_range_restore_pages' },
)
/** Faults that a GPU retries, without end. */
export const retry_fault = threadPer(Device, 'retry_fault', (device) => {
  Source('6.12 amdgpu_vm.c amdgpu_vm_handle_fault', () => {
    Loop(() => {
      Idle()
      Step('a wave finds no entry', () => Choose('at', Va, (va) => and(queues_run(), not(maps(device, va)))))
      svm_range_restore_pages(device)
    })
  })
})
