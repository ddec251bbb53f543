/** A fault of the GPU: the range is found, migrated if it may be, its pages are got, and its entries are written. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Continue,
  ForEach,
  Ghost,
  Idle,
  If,
  Let,
  Local,
  Loop,
  not,
  or,
  procedure,
  Source,
  Step,
  threadPer,
} from 'hmmcheck'
import { Device, down_read, up_read, Va } from 'hmmcheck/kernel'
import { bind_checks_flags, bind_lock, error_returned, fault_checks_closed, fault_collects, has_vram } from './fixes.ts'
import { drm_gpusvm_get_pages } from './pages.ts'
import { not_used_after_free } from './properties.ts'
import { drm_gpusvm_range_find_or_insert, lock_vm, unlock_vm, xe_svm_garbage_collector } from './range.ts'
import {
  closed,
  dma_addr,
  has_devmem_pages,
  has_dma_mapping,
  is_in,
  job_pending,
  job_pte,
  migrate_devmem,
  notifier_lock,
  Range,
  range_of,
  ranges,
  reaches,
  tables_gone,
  tile_invalidated,
  tile_present,
  unmapped,
} from './state.ts'
import { drm_gpusvm_range_evict, xe_svm_alloc_vram } from './to-devmem.ts'

/** A job writes the entries of the range, if its pages are still there. Says whether they were. */
const xe_vm_range_rebind = procedure(
  'xe_vm_range_rebind',
  [Device, Range],
  (device, range) => {
    const valid = Local('valid', Bool)
    If(bind_lock, () => down_read(notifier_lock.at(device)))
    Step('drm_gpusvm_range_pages_valid()', () =>
      valid.set(
        or(not(bind_checks_flags), has_devmem_pages.at(device).has(range), has_dma_mapping.at(device).has(range)),
      ),
    )
    If(valid, () =>
      Step('xe_migrate_update_pgtables(), op_commit()', () => {
        Ghost(() => {
          Assert(not_used_after_free.property, ranges.at(device).has(range), 'the range was removed')
          Assert(not_used_after_free.property, not(tables_gone.has(device)), 'the page tables of the VM are destroyed')
        })
        job_pending.add(device)
        ForEach(Va, (va) =>
          If(is_in(va, range), () => {
            job_pte.at(device).at(va).mapped.set(true)
            job_pte.at(device).at(va).pte.set(dma_addr.at(device).at(va).pte)
          }),
        )
        tile_present.at(device).add(range)
        tile_invalidated.at(device).remove(range)
      }),
    )
    If(bind_lock, () => up_read(notifier_lock.at(device)))
    If(valid, () => Step('dma_fence_wait()', () => Await(not(job_pending.has(device)))))
    return valid
  },
  { source: '6.15 xe_pt.c xe_pt_svm_pre_commit, xe_pt_update_ops_run' },
)

const xe_svm_handle_pagefault = procedure(
  'xe_svm_handle_pagefault',
  [Device, Va],
  (device, va) => {
    // migrate_try_count: the first round alone may migrate, whether or not it has to.
    const may_migrate = Local('may_migrate', Bool, true)
    const over = Local('over', Bool)
    const migrates = Local('migrates', Bool)
    const range = Let('range', range_of.at(va))
    lock_vm(device)
    Loop(() => {
      Step('xe_vm_is_closed_or_banned()', () => over.set(and(fault_checks_closed, closed.has(device))))
      If(over, () => Break())
      If(fault_collects, () => xe_svm_garbage_collector(device))
      const found = drm_gpusvm_range_find_or_insert(device, va)
      If(not(found), () => Break())
      Step('xe_svm_range_is_valid()', () => {
        over.set(and(tile_present.at(device).has(range), not(tile_invalidated.at(device).has(range))))
        migrates.set(
          and(may_migrate, migrate_devmem.at(device).has(range), not(has_devmem_pages.at(device).has(range))),
        )
        If(has_vram, () => may_migrate.set(false))
      })
      If(over, () => Break())
      If(and(has_vram, migrates), () => {
        const failed = xe_svm_alloc_vram(device, range)
        If(failed.ne('0'), () => Continue())
      })
      const err = drm_gpusvm_get_pages(device, range)
      If(and(has_vram, err.eq('-EOPNOTSUPP')), () => drm_gpusvm_range_evict(range))
      If(err.eq('-EFAULT'), () => {
        Step('err == -EFAULT', () => over.set(and(error_returned, not(unmapped.at(device).has(range)))))
        If(over, () => Break())
      })
      If(err.ne('0'), () => Continue())
      const bound = xe_vm_range_rebind(device, range)
      If(bound, () => Break())
    })
    unlock_vm(device)
  },
  { source: '6.18 xe_svm.c __xe_svm_handle_pagefault' },
)

/** The GPU of an open VM faults on an address that it cannot reach, again and again. */
export const fault = threadPer(Device, 'fault', (device) => {
  Source('6.18 xe_pagefault.c xe_pagefault_service', () => {
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('xe_pagefault_queue_work()', () => {
        const at = Choose('at', Va, (one) => and(not(closed.has(device)), not(reaches(device, one))))
        va.set(at)
      })
      xe_svm_handle_pagefault(device, va)
    })
  })
})
