/**
 * Pages in the memory of a GPU: faults of CPUs bring them back, and so does TTM when it wants the memory for somebody
 * else. It gives the memory away once the eviction fence is signalled.
 */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  cond,
  Cover,
  current,
  ForEach,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  no,
  none,
  not,
  optional,
  or,
  procedure,
  range,
  Return,
  setOf,
  Source,
  Step,
  thread,
  threadPer,
  type Id,
} from 'hmmcheck'
import { Cpu, dma_fence_signal, mmget_not_zero, mmput, mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import {
  count_after_pages,
  fault_without_range,
  faulting_task_checked,
  faulting_task_fails,
  has_strays,
  migrate_lock,
  signal_when_empty,
} from './fixes.ts'
import { faults_are_served } from './properties.ts'
import {
  actual_loc,
  bo,
  faulting_task,
  hashed,
  in_vram,
  migrate_mutex,
  migrating,
  moved,
  page_refs,
  svms_lock,
  ttm,
  vram_pages,
} from './state.ts'

const lock_migration = (): void => {
  If(migrate_lock, () => mutex_lock(migrate_mutex))
}
const unlock_migration = (): void => {
  If(migrate_lock, () => mutex_unlock(migrate_mutex))
}

/**
 * Migrates what can be migrated. A page that one fault more has a reference to is collected and copied, and its
 * entry is put back by migrate_vma_pages(). Says how many pages count as migrated.
 */
const svm_migrate_vma_to_ram = procedure(
  'svm_migrate_vma_to_ram',
  [optional(Va).as('fault_page')],
  (fault_page) => {
    const copied = Local('copied', setOf(Va), setOf(Va).empty)
    const done = Local('done', setOf(Va), setOf(Va).empty)
    /** Faults other than the caller's own have at most so many references to the page. */
    const others_have = (va: Id<'Va'>, most: number) =>
      or(page_refs.at(va).size.le(most), and(fault_page.eq(va), page_refs.at(va).size.le(most + 1)))
    Step('migrate_vma_setup()', () =>
      ForEach(Va, (va) =>
        If(and(in_vram.has(va), not(migrating.has(va)), others_have(va, 1)), () => {
          copied.add(va)
          migrating.add(va)
        }),
      ),
    )
    If(not(copied.isEmpty), () => {
      Step('svm_migrate_copy_to_ram()', () => {
        Ghost(() => Cover(no_use_after_free.reached))
        Assert(
          no_use_after_free.property,
          bo.resource.ne('given'),
          'the memory of the GPU is of another process by now',
        )
      })
      Step('migrate_vma_pages(), migrate_vma_finalize()', () =>
        ForEach(Va, (va) =>
          If(copied.has(va), () => {
            migrating.remove(va)
            If(others_have(va, 0), () => {
              done.add(va)
              in_vram.remove(va)
            })
          }),
        ),
      )
    })
    return cond(count_after_pages, done.size, copied.size)
  },
  { source: '6.12 kfd_migrate.c svm_migrate_vma_to_ram' },
)

/** The same for the range, under migrate_mutex: it has none left in the GPU's memory when all are counted. */
const svm_migrate_vram_to_ram = procedure(
  'svm_migrate_vram_to_ram',
  [optional(Va).as('fault_page')],
  (fault_page) => {
    If(actual_loc, () => {
      const mpages = svm_migrate_vma_to_ram(fault_page)
      Step('prange->vram_pages -= mpages', () => {
        vram_pages.set(vram_pages.minus(mpages))
        actual_loc.set(vram_pages.gt(0))
      })
    })
  },
  { source: '6.12 kfd_migrate.c svm_migrate_vram_to_ram' },
)

const sigbus = (message: string): void => {
  Step('VM_FAULT_SIGBUS', () => Assert(faults_are_served.property, no, message))
}

/** A page that is in no range: the fault migrates it alone, or fails. */
const without_range = (va: Id<'Va'>, message: string): void => {
  If(fault_without_range, () => {
    svm_migrate_vma_to_ram(va)
  }).Else(() => sigbus(message))
}

/** A CPU's fault on a page of a GPU, with a reference to it. Says whether the walk that it belongs to must end. */
const svm_migrate_to_ram = procedure(
  'svm_migrate_to_ram',
  [Va],
  (va) => {
    If(faulting_task_checked, () => {
      const skips = Step('svms->faulting_task == current', () => faulting_task.eq(current))
      If(skips, () => Return(faulting_task_fails))
    })
    mutex_lock(svms_lock)
    const found = Step('svm_range_from_addr()', () => not(moved.has(va)))
    If(found, () => {
      lock_migration()
      svm_migrate_vram_to_ram(va)
      unlock_migration()
    }).Else(() => {
      If(has_strays, () => without_range(va, 'no range is there: the page was moved'))
    })
    mutex_unlock(svms_lock)
    return no
  },
  { source: '6.12 kfd_migrate.c svm_migrate_to_ram' },
)

/** do_swap_page() of an entry that leads to the memory of a GPU. Says whether a walk that it belongs to must end. */
const do_swap_page = procedure(
  'do_swap_page',
  [Va],
  (va) => {
    const there = Step('get_page(vmf->page)', () => {
      Await(not(migrating.has(va)))
      const is_there = Local('is_there', Bool)
      is_there.set(in_vram.has(va))
      If(is_there, () => page_refs.at(va).add(current))
      return is_there
    })
    If(not(there), () => Return(no))
    const ends = svm_migrate_to_ram(va)
    Step('put_page(vmf->page)', () => page_refs.at(va).remove(current))
    return ends
  },
  { source: '6.12 mm/memory.c do_swap_page' },
)

/** Loads and stores of the process where its pages are in the memory of a GPU, each until it is served. */
export const cpu_fault = threadPer(Cpu, 'cpu_fault', () => {
  Source('6.12 mm/memory.c handle_mm_fault', () => {
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('a load or store', () => {
        const at = Choose('at', Va, (one) => in_vram.has(one))
        va.set(at)
      })
      Loop(() => {
        If(not(in_vram.has(va)), () => Break())
        do_swap_page(va)
      })
    })
  })
})

/**
 * A fault of another GPU, which cannot use this one's memory: what can be brought back is, and hmm_range_fault()
 * faults in the rest.
 */
const restore_pages_of_another = procedure(
  'restore_pages_of_another',
  [],
  () => {
    mutex_lock(svms_lock)
    lock_migration()
    svm_migrate_vram_to_ram(none)
    Step('WRITE_ONCE(svms->faulting_task, current)', () => faulting_task.set(current))
    ForEach(Va, (va) =>
      Loop(() => {
        If(not(in_vram.has(va)), () => Break())
        const ends = do_swap_page(va)
        If(ends, () => Break())
      }),
    )
    Step('WRITE_ONCE(svms->faulting_task, NULL)', () => faulting_task.set(none))
    unlock_migration()
    mutex_unlock(svms_lock)
  },
  { source: '6.12 kfd_svm.c svm_range_restore_pages' },
)
export const other_gpu = thread('other_gpu', () => {
  Source('6.12 amdgpu_vm.c amdgpu_vm_handle_fault', () => {
    Loop(() => {
      Idle()
      Step('a wave of another GPU finds no entry', () => {})
      restore_pages_of_another()
    })
  })
})

/** The work that TTM's wish starts. */
const svm_range_evict_svm_bo_worker = procedure(
  'svm_range_evict_svm_bo_worker',
  [],
  () => {
    const tries = Local('tries', range(0, 3), 3)
    If(signal_when_empty, () =>
      Loop(() => {
        lock_migration()
        svm_migrate_vram_to_ram(none)
        const empty = Step('prange->actual_loc', () => not(actual_loc))
        unlock_migration()
        If(empty, () => Break())
      }),
    ).Else(() => {
      lock_migration()
      Loop(() => {
        svm_migrate_vram_to_ram(none)
        tries.decrement()
        const over = Step('prange->actual_loc && --retries', () => not(actual_loc))
        If(over, () => Break())
        If(tries.eq(0), () => Break())
      })
      unlock_migration()
    })
    dma_fence_signal(bo.fence)
  },
  { source: '6.12 kfd_svm.c svm_range_evict_svm_bo_worker' },
)
export const evict_bo = thread('evict_bo', () => {
  Source('6.12 kernel/workqueue.c process_one_work', () => {
    Idle()
    Step('process_one_work()', () => Await(bo.fence.wanted))
    svm_range_evict_svm_bo_worker()
  })
})

/** TTM wants the memory of the buffer object for somebody else. Its content may be dropped: the pages are migrated. */
export const ttm_evict = thread('ttm', () => {
  Source('6.12 drivers/gpu/drm/ttm/ttm_bo.c ttm_bo_evict_cb', () => {
    Idle()
    Step('ttm_bo_alloc_resource(): there is no room', () => {})
    ttm.ttm_bo_reserve(bo)
    ttm.ttm_bo_evict(bo, true)
    ttm.ttm_bo_unreserve(bo)
  })
})

/** mremap(): the entry is at another address, where no range is. Under mmap_lock for writing: no fault is there. */
const move_page_tables = procedure(
  'move_page_tables',
  [],
  () =>
    Step('move_ptes()', () => {
      const va = Choose('va', Va, (one) => and(in_vram.has(one), not(migrating.has(one)), page_refs.at(one).isEmpty))
      moved.add(va)
    }),
  { source: '6.12 mm/mremap.c move_page_tables' },
)
export const mremap = thread('mremap', () => {
  Idle()
  move_page_tables()
})

/** A fault of a child, which shares pages of the GPU with the process that has forked it. */
const fault_in_child = procedure(
  'fault_in_child',
  [Va],
  (va) => {
    const alive = mmget_not_zero()
    If(alive, () => {
      const found = Step('kfd_lookup_process_by_mm()', () => hashed)
      If(found, () => {
        svm_migrate_to_ram(va)
      }).Else(() => without_range(va, 'the process is not found by its mm'))
      Step('mmput()', () => mmput())
    }).Else(() => without_range(va, 'the process that has forked the child is gone'))
  },
  { source: '6.12 kfd_migrate.c svm_migrate_to_ram' },
)
export const child_fault = thread('child_fault', () => {
  Source('6.12 mm/memory.c do_swap_page', () => {
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('get_page(vmf->page)', () => {
        const at = Choose('at', Va, (one) => and(in_vram.has(one), not(migrating.has(one))))
        va.set(at)
        page_refs.at(at).add(current)
      })
      fault_in_child(va)
      Step('put_page(vmf->page)', () => page_refs.at(va).remove(current))
    })
  })
})
