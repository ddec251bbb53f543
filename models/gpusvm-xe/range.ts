/** Ranges: how one comes into the tree of its notifier, and how one that was unmapped is removed. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  every,
  Ghost,
  Idle,
  If,
  Let,
  Local,
  Loop,
  not,
  or,
  procedure,
  Return,
  some,
  Source,
  Step,
  threadPer,
  type Id,
} from 'hmmcheck'
import {
  Device,
  down_read,
  mmap_read_lock,
  mmap_read_unlock,
  mmget_not_zero,
  mmput,
  mutex_lock,
  mutex_unlock,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import { unmap_pages } from './callback.ts'
import {
  exits,
  has_insertion,
  has_vram,
  insert_lock,
  lookup_mmap_lock,
  remove_lock,
  unbind_lock,
  unbind_spares_tlb,
  vm_lock_held,
} from './fixes.ts'
import { not_used_after_free } from './properties.ts'
import {
  closed,
  garbage,
  has_devmem_pages,
  has_dma_mapping,
  intervals,
  is_in,
  migrate_devmem,
  mmap_lock,
  notifier_lock,
  partial_unmap,
  Range,
  ranges,
  range_of,
  tables_gone,
  taken,
  taken_partly,
  tile_invalidated,
  tile_present,
  unbind_flushes,
  unbind_pending,
  unmapped,
  vm_lock,
  vma,
  work_queued,
  work_runs,
} from './state.ts'

export const lock_vm = (device: Id<'Device'>): void => {
  If(vm_lock_held, () => mutex_lock(vm_lock.at(device)))
}
export const unlock_vm = (device: Id<'Device'>): void => {
  If(vm_lock_held, () => mutex_unlock(vm_lock.at(device)))
}

/** drm_gpusvm_range_alloc() and _insert(): a new range, with no flag but one. For a step. */
const insert = (device: Id<'Device'>, range: Id<'Range'>, migrates: ReturnType<typeof and>): void => {
  ranges.at(device).add(range)
  unmapped.at(device).remove(range)
  partial_unmap.at(device).remove(range)
  has_devmem_pages.at(device).remove(range)
  has_dma_mapping.at(device).remove(range)
  tile_present.at(device).remove(range)
  tile_invalidated.at(device).remove(range)
  If(migrates, () => migrate_devmem.at(device).add(range)).Else(() => migrate_devmem.at(device).remove(range))
  Ghost(() => {
    taken.at(device).at(range).clear()
    taken_partly.at(device).remove(range)
  })
}

/** Finds the range of the address, or inserts it. Says whether there is one. */
export const drm_gpusvm_range_find_or_insert = procedure(
  'drm_gpusvm_range_find_or_insert',
  [Device, Va],
  (device, va) => {
    const found = Local('found', Bool, false)
    const is_new = Local('is_new', Bool, false)
    const anonymous = Local('anonymous', Bool, false)
    const inserted = Local('inserted', Bool, false)
    const range = Let('range', range_of.at(va))
    If(exits, () => {
      const alive = mmget_not_zero()
      If(not(alive), () => Return(found))
    })
    If(has_insertion, () =>
      If(intervals.place.at(device).eq('out'), () => {
        intervals.__mmu_interval_notifier_insert(device)
        inserted.set(true)
      }),
    )
    If(lookup_mmap_lock, () => mmap_read_lock(mmap_lock))
    Step('vma_lookup(); drm_gpusvm_range_find()', () => {
      const in_one_vma = (kind: 'anonymous' | 'file') =>
        every(Va, (one) => or(not(is_in(one, range)), vma.at(one).eq(kind)))
      anonymous.set(in_one_vma('anonymous'))
      found.set(and(vma.at(va).ne('none'), or(ranges.at(device).has(range), anonymous, in_one_vma('file'))))
      is_new.set(and(found, not(ranges.at(device).has(range))))
    })
    If(is_new, () => {
      If(insert_lock, () => down_read(notifier_lock.at(device)))
      Step('drm_gpusvm_range_insert()', () => insert(device, range, and(has_vram, anonymous)))
      If(insert_lock, () => up_read(notifier_lock.at(device)))
    })
    If(lookup_mmap_lock, () => mmap_read_unlock(mmap_lock))
    If(has_insertion, () => If(and(inserted, not(found)), () => intervals.mmu_interval_notifier_remove(device)))
    If(exits, () => Step('mmput()', () => mmput()))
    return found
  },
  { source: '7.0 drm_gpusvm.c drm_gpusvm_range_find_or_insert' },
)

/** Removes the range, and the notifier with its last one. */
export const drm_gpusvm_range_remove = procedure(
  'drm_gpusvm_range_remove',
  [Device, Range],
  (device, range) => {
    If(remove_lock, () => down_read(notifier_lock.at(device)))
    Step('__drm_gpusvm_unmap_pages()', () => unmap_pages(device, (one) => one.eq(range)))
    Step('__drm_gpusvm_range_remove()', () => {
      ranges.at(device).remove(range)
      migrate_devmem.at(device).remove(range)
      unmapped.at(device).remove(range)
      partial_unmap.at(device).remove(range)
      tile_invalidated.at(device).remove(range)
      tile_present.at(device).remove(range)
      Ghost(() => {
        taken.at(device).at(range).clear()
        taken_partly.at(device).remove(range)
      })
    })
    If(remove_lock, () => up_read(notifier_lock.at(device)))
    If(has_insertion, () =>
      If(and(ranges.at(device).isEmpty, intervals.place.at(device).ne('out')), () =>
        intervals.mmu_interval_notifier_remove(device),
      ),
    )
  },
  { source: '7.0 drm_gpusvm.c drm_gpusvm_range_remove' },
)

/** Makes a job that clears the entries of the range, if it has any, and does not wait for it. */
const xe_vm_range_unbind = procedure(
  'xe_vm_range_unbind',
  [Device, Range],
  (device, range) => {
    const present = Local('present', Bool)
    const flushes = Local('flushes', Bool)
    Step('unbind_range_prepare()', () => {
      present.set(tile_present.at(device).has(range))
      flushes.set(or(not(unbind_spares_tlb), not(tile_invalidated.at(device).has(range))))
    })
    If(present, () => {
      If(unbind_lock, () => down_read(notifier_lock.at(device)))
      Step('xe_migrate_update_pgtables(), op_commit()', () => {
        Ghost(() =>
          Assert(not_used_after_free.property, not(tables_gone.has(device)), 'the page tables of the VM are destroyed'),
        )
        unbind_pending.at(device).add(range)
        If(flushes, () => unbind_flushes.at(device).add(range))
        tile_present.at(device).remove(range)
      })
      If(unbind_lock, () => up_read(notifier_lock.at(device)))
    })
  },
  { source: '6.15 to 7.0 xe_vm.c xe_vm_range_unbind, xe_pt.c unbind_range_prepare, xe_pt_update_ops_run' },
)

/** Removes the ranges that were unmapped. With vm->lock held. */
export const xe_svm_garbage_collector = procedure(
  'xe_svm_garbage_collector',
  [Device],
  (device) => {
    const listed = Local('listed', Bool)
    const range = Local('range', Range)
    Loop(() => {
      Step('list_del(&range->garbage_collector_link)', () => {
        listed.set(some(Range, (one) => garbage.at(device).has(one)))
        If(listed, () => {
          const first = Choose('first', Range, (one) => garbage.at(device).has(one))
          range.set(first)
          garbage.at(device).remove(first)
        })
      })
      If(not(listed), () => Break())
      xe_vm_range_unbind(device, range)
      drm_gpusvm_range_remove(device, range)
    })
  },
  { source: '6.18 xe_svm.c xe_svm_garbage_collector' },
)

/** The work that removes ranges when no fault does. */
export const collector = threadPer(Device, 'collector', (device) => {
  Source('6.18 xe_svm.c xe_svm_garbage_collector_work_func', () => {
    Loop(() => {
      Idle()
      Step('process_one_work()', () => {
        Await(work_queued.has(device))
        work_queued.remove(device)
        work_runs.add(device)
      })
      lock_vm(device)
      If(not(closed.has(device)), () => xe_svm_garbage_collector(device))
      unlock_vm(device)
      Step('the work is done', () => work_runs.remove(device))
    })
  })
})
