/** Who has references to a buffer and its pages: faults, munmap(), the work that frees ranges, eviction, and a child. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Cover,
  current,
  ForEach,
  Ghost,
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
  range,
  Return,
  Source,
  Step,
  thread,
  no,
  type Id,
} from 'hmmcheck'
import {
  kref_get_unless_zero,
  mmap_read_lock,
  mmap_read_unlock,
  mmap_write_downgrade,
  mmap_write_lock,
  mmap_write_unlock,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { evict_work_counts, has_child } from './buffer-fixes.ts'
import {
  bo_is_there,
  bo_migrating,
  bo_page_refs,
  child_maps,
  child_ptl,
  located,
  parent_maps,
  parent_ptl,
  points_to_bo,
  prange_is_there,
  range_migrate_mutex,
  ranges_to_free,
  svm_bo,
} from './buffer-state.ts'
import {
  firstRange,
  lock_range,
  put_page,
  svm_range_bo_unref,
  svm_range_bo_wq_release,
  svm_range_schedule_evict_svm_bo,
  svm_range_unlink_and_free,
  svm_range_vram_node_free,
  take_first,
  unlock_range,
} from './buffer.ts'
import { migrate_lock, signal_when_empty } from './fixes.ts'
import { mmap_lock, Prange, prange_of, svms_lock, vma } from './state.ts'

const lock_migration = (prange: Id<'Prange'>): void => {
  If(migrate_lock, () => {
    Step('prange->migrate_mutex', () => prange_is_there(prange, 'mutex_lock(&prange->migrate_mutex)'))
    mutex_lock(range_migrate_mutex.at(prange))
  })
}
const unlock_migration = (prange: Id<'Prange'>): void => {
  If(migrate_lock, () => mutex_unlock(range_migrate_mutex.at(prange)))
}

/** Faults other than the caller's own have at most so many references to the page. */
const others_have = (va: Id<'Va'>, most: number) =>
  or(bo_page_refs.at(va).size.le(most), and(bo_page_refs.at(va).has(current), bo_page_refs.at(va).size.le(most + 1)))

/** Migrates the page of an address. Says whether the page is gone from the buffer. */
const svm_migrate_page_to_ram = procedure(
  'svm_migrate_page_to_ram',
  [Va],
  (va) => {
    const collected = Step('migrate_vma_setup()', () => {
      const can = Local('can', Bool)
      can.set(and(parent_maps.has(va), not(bo_migrating.has(va)), others_have(va, 1)))
      If(can, () => bo_migrating.add(va))
      return can
    })
    If(not(collected), () => Return(no))
    Step('svm_migrate_copy_to_ram()', () => {
      Ghost(() => Cover(no_use_after_free.reached))
      Assert(no_use_after_free.property, not(svm_bo.freed), 'the memory of the buffer has gone back')
    })
    const moves = Step('migrate_vma_pages()', () => {
      const can = Local('can', Bool)
      can.set(others_have(va, 0))
      return can
    })
    put_page(va, 'migrate_vma_finalize()', bo_migrating.has(va), () => {
      bo_migrating.remove(va)
      If(moves, () => {
        parent_maps.remove(va)
        child_maps.remove(va)
      })
    })
    return moves
  },
  { source: '6.12 kfd_migrate.c svm_migrate_vma_to_ram' },
)

/** Migrates the page of the range, under its migrate_mutex. Says whether it has failed with an error. */
const svm_migrate_range_to_ram = procedure(
  'svm_migrate_range_to_ram',
  [Prange],
  (prange) => {
    const failed = Local('failed', Bool, false)
    If(located.has(prange), () =>
      ForEach(Va, (va) =>
        If(prange_of.at(va).eq(prange), () => {
          Step('vma_lookup()', () => failed.set(not(vma.has(va))))
          If(not(failed), () => {
            const moved = svm_migrate_page_to_ram(va)
            If(moved, () => {
              Step('prange->actual_loc = 0', () => located.remove(prange))
              svm_range_vram_node_free(prange)
            })
          })
        }),
      ),
    )
    return failed
  },
  { source: '6.12 kfd_migrate.c svm_migrate_vram_to_ram' },
)

/** A fault of the process on a page of the buffer, which it has a reference to. */
const svm_migrate_to_ram_of_buffer = procedure(
  'svm_migrate_to_ram_of_buffer',
  [Va],
  (va) => {
    Step('svm_bo->eviction_fence->mm', () => bo_is_there('vmf->page->zone_device_data'))
    mutex_lock(svms_lock)
    const prange = Local('prange', Prange)
    Step('svm_range_from_addr()', () => prange.set(prange_of.at(va)))
    lock_migration(prange)
    svm_migrate_range_to_ram(prange)
    unlock_migration(prange)
    mutex_unlock(svms_lock)
  },
  { source: '6.12 kfd_migrate.c svm_migrate_to_ram' },
)
export const fault_on_buffer = thread('fault_on_buffer', () => {
  Source('6.12 mm/memory.c do_swap_page', () => {
    Loop(() => {
      Idle()
      mmap_read_lock(mmap_lock)
      const at = Local('at', optional(Va), none)
      Step('get_page(vmf->page)', () => {
        const va = Choose('va', Va)
        If(and(parent_maps.has(va), not(bo_migrating.has(va))), () => {
          bo_page_refs.at(va).add(current)
          at.set(va)
        })
      })
      IfSome(at, (va) => {
        svm_migrate_to_ram_of_buffer(va)
        put_page(va, 'put_page(vmf->page)', bo_page_refs.at(va).has(current), () => bo_page_refs.at(va).remove(current))
      })
      mmap_read_unlock(mmap_lock)
    })
  })
})

/** The range loses its VMA, then its entry; what becomes of it is left to work. */
const munmap_of_range = procedure(
  'munmap_of_range',
  [Va],
  (va) => {
    mmap_write_lock(mmap_lock)
    Step('vms_gather_munmap_vmas()', () => vma.remove(va))
    mmap_write_downgrade(mmap_lock)
    const prange = Local('prange', Prange)
    Step('container_of(mni, struct svm_range, notifier)', () => prange.set(prange_of.at(va)))
    lock_range(prange)
    Step('svm_range_add_list_work()', () => ranges_to_free.add(prange))
    unlock_range(prange)
    spin_lock(parent_ptl)
    put_page(va, 'zap_pte_range(): put_page()', parent_maps.has(va), () => parent_maps.remove(va))
    spin_unlock(parent_ptl)
    mmap_read_unlock(mmap_lock)
  },
  { source: '6.12 mm/vma.c do_vmi_align_munmap' },
)
export const munmap_range = thread('munmap_range', () => {
  Source('6.12 mm/mmap.c __vm_munmap', () => {
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('munmap()', () => {
        const at = Choose('at', Va, (one) => vma.has(one))
        va.set(at)
      })
      munmap_of_range(va)
    })
  })
})

/** Deferred work: the range is freed under mmap_lock for writing. */
export const free_ranges = thread('free_ranges', () => {
  Source('6.12 kfd_svm.c svm_range_deferred_list_work', () => {
    Loop(() => {
      Idle()
      const prange = Local('prange', Prange)
      Step('list_first_entry(&svms->deferred_range_list)', () => {
        const first = Choose('first', Prange, (one) => ranges_to_free.has(one))
        prange.set(first)
      })
      mmap_write_lock(mmap_lock)
      Step('list_del_init(&prange->deferred_list)', () => ranges_to_free.remove(prange))
      mutex_lock(svms_lock)
      svm_range_unlink_and_free(prange)
      mutex_unlock(svms_lock)
      mmap_write_unlock(mmap_lock)
    })
  })
})

/** TTM wants the memory of the buffer: it asks the eviction fence, under the fence's lock, once. */
export const ttm_wants = thread('ttm_wants', () => {
  Source('6.12 drivers/gpu/drm/amd/amdgpu/amdgpu_amdkfd_fence.c amdkfd_fence_enable_signaling', () => {
    Idle()
    Step('svm_range_schedule_evict_svm_bo()', () => {
      Await(not(svm_bo.signalled))
      svm_range_schedule_evict_svm_bo()
    })
  })
})

/** Brings the pages of one range back, under its migrate_mutex: three times at most, or until it has none. */
const evict_range = procedure(
  'evict_range',
  [Prange],
  (prange) => {
    const failed = Local('failed', Bool, false)
    const empty = Local('empty', Bool, false)
    const tries = Local('tries', range(0, 3), 3)
    Loop(() => {
      lock_migration(prange)
      Loop(() => {
        failed.set(svm_migrate_range_to_ram(prange))
        Step('prange->actual_loc', () => {
          empty.set(not(located.has(prange)))
          tries.decrement()
        })
        If(or(signal_when_empty, failed, empty, tries.eq(0)), () => Break())
      })
      If(empty, () => {
        lock_range(prange)
        Step('prange->svm_bo = NULL', () => points_to_bo.remove(prange))
        unlock_range(prange)
      })
      unlock_migration(prange)
      If(or(not(signal_when_empty), failed, empty), () => Break())
      tries.set(3)
    })
    return failed
  },
  { source: '6.12 kfd_svm.c svm_range_evict_svm_bo_worker' },
)

const svm_range_evict_buffer_worker = procedure(
  'svm_range_evict_buffer_worker',
  [],
  () => {
    const failed = Local('failed', Bool, false)
    const first = firstRange()
    If(not(evict_work_counts), () => {
      const got = Step('svm_bo_ref_unless_zero(svm_bo)', () => {
        bo_is_there('svm_bo_ref_unless_zero(svm_bo)')
        return kref_get_unless_zero(svm_bo.kref)
      })
      If(not(got), () => Return())
    })
    mmap_read_lock(mmap_lock)
    Loop(() => {
      take_first(first)
      If(first.isNone, () => Break())
      IfSome(first, (prange) => failed.set(evict_range(prange)))
      If(failed, () => Break())
    })
    mmap_read_unlock(mmap_lock)
    Step('dma_fence_signal(&svm_bo->eviction_fence->base)', () => {
      bo_is_there('svm_bo->eviction_fence')
      svm_bo.signalled.set(true)
    })
    svm_range_bo_unref()
  },
  { source: '6.12 kfd_svm.c svm_range_evict_svm_bo_worker' },
)
export const evict_buffer = thread('evict_buffer', () => {
  Source('6.12 kernel/workqueue.c process_one_work', () => {
    Loop(() => {
      Idle()
      Step('process_one_work()', () => {
        Await(svm_bo.eviction_queued)
        svm_bo.eviction_queued.set(false)
        svm_bo.eviction_runs.set(true)
      })
      svm_range_evict_buffer_worker()
      Step('process_one_work(): done', () => svm_bo.eviction_runs.set(false))
    })
  })
})

export const release_buffer = thread('release_buffer', () => {
  Source('6.12 kernel/workqueue.c process_one_work', () => {
    Idle()
    Step('process_one_work()', () => {
      Await(svm_bo.release_queued)
      svm_bo.release_queued.set(false)
    })
    svm_range_bo_wq_release()
  })
})

/** The child unmaps its share of the page, or exits. */
export const child_munmap = thread('child_munmap', () => {
  Source('6.12 mm/memory.c zap_pte_range', () => {
    ForEach(Va, (va) => {
      If(and(has_child, child_maps.has(va)), () => {
        spin_lock(child_ptl)
        put_page(va, 'zap_pte_range(): put_page()', child_maps.has(va), () => child_maps.remove(va))
        spin_unlock(child_ptl)
      })
    })
  })
})
