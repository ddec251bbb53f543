/** The references to a range's buffer: who takes one, who gives one back, and the release when the last is gone. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Cover,
  ForEach,
  Ghost,
  If,
  IfSome,
  Local,
  Loop,
  none,
  not,
  optional,
  procedure,
  Return,
  setOf,
  Step,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import {
  kref_get_unless_zero,
  kref_put,
  might_sleep,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  Va,
} from 'hmmcheck/kernel'
import {
  bo_is_there,
  bo_migrating,
  bo_page_refs,
  child_maps,
  located,
  pages_used,
  parent_maps,
  points_to_bo,
  prange_is_there,
  svm_bo,
  ttm_res,
} from './buffer-state.ts'
import {
  evict_work_counts,
  free_lock,
  has_child,
  page_counts,
  put_once,
  release_async,
  release_cancels,
  unlink_holds_buffer,
} from './buffer-fixes.ts'
import { buffer_references } from './properties.ts'
import { Prange, prange_lock, range_is } from './state.ts'

/** `prange->lock`: a lock of a range, which must be there. */
export const lock_range = (prange: Id<'Prange'>): void => {
  Step('prange->lock', () => prange_is_there(prange, 'mutex_lock(&prange->lock)'))
  mutex_lock(prange_lock.at(prange))
}
export const unlock_range = (prange: Id<'Prange'>): void => {
  mutex_unlock(prange_lock.at(prange))
}

/** The first range of the buffer's list, which leaves it. */
export const take_first = (first: ReturnType<typeof firstRange>): void => {
  spin_lock(svm_bo.list_lock)
  Step('list_first_entry(&svm_bo->range_list)', () => {
    bo_is_there('svm_bo->range_list')
    If(svm_bo.range_list.isEmpty, () => first.set(none)).Else(() => {
      const one = Choose('one', Prange, (prange) => svm_bo.range_list.has(prange))
      svm_bo.range_list.remove(one)
      first.set(one)
    })
  })
  spin_unlock(svm_bo.list_lock)
}
export const firstRange = () => Local('first', optional(Prange), none)

/** The last reference is gone: the ranges of the list forget the buffer, and its memory goes back. */
const svm_range_bo_release = procedure(
  'svm_range_bo_release',
  [],
  () => {
    const first = firstRange()
    Loop(() => {
      take_first(first)
      If(first.isNone, () => Break())
      IfSome(first, (prange) => {
        lock_range(prange)
        Step('prange->svm_bo = NULL', () => points_to_bo.remove(prange))
        unlock_range(prange)
      })
    })
    const signals = Step('dma_fence_signal(&svm_bo->eviction_fence->base)', () => {
      const was = Local('was', Bool)
      was.set(svm_bo.signalled)
      svm_bo.signalled.set(true)
      return not(was)
    })
    If(and(signals, not(evict_work_counts), release_cancels), () =>
      Step('cancel_work_sync(&svm_bo->eviction_work)', () => {
        might_sleep()
        Await(not(svm_bo.eviction_runs))
        svm_bo.eviction_queued.set(false)
      }),
    )
    Step('mmput(), amdgpu_bo_unref(), kfree(svm_bo)', () => {
      might_sleep()
      Ghost(() => Cover(buffer_references.reached))
      Assert(buffer_references.property, not(svm_bo.freed), 'the buffer was freed already')
      Assert(buffer_references.property, pages_used.isEmpty, 'the memory of the buffer goes back while a page is in it')
      svm_bo.freed.set(true)
    })
  },
  { source: '6.12 kfd_svm.c svm_range_bo_release' },
)

/** Work of its own: the thread that runs it. */
export const svm_range_bo_wq_release = procedure('svm_range_bo_wq_release', [], () => svm_range_bo_release(), {
  source: '6.12 kfd_svm.c svm_range_bo_wq_release',
})

/** Gives a reference back; the last one releases the buffer here. */
export const svm_range_bo_unref = procedure(
  'svm_range_bo_unref',
  [],
  () => {
    const last = Step('kref_put(&svm_bo->kref)', () => {
      bo_is_there('kref_put(&svm_bo->kref)')
      return kref_put(svm_bo.kref)
    })
    If(last, () => svm_range_bo_release())
  },
  { source: '6.12 kfd_svm.c svm_range_bo_unref' },
)

/** A page of the buffer is free again. Called where the last reference to it was put: under the lock of its entry, too. */
const svm_migrate_page_free = procedure(
  'svm_migrate_page_free',
  [Va],
  (va) => {
    Step('page->zone_device_data', () => pages_used.remove(va))
    If(page_counts, () =>
      If(release_async, () =>
        Step('svm_range_bo_unref_async()', () => {
          bo_is_there('kref_put(&svm_bo->kref)')
          const last = kref_put(svm_bo.kref)
          If(last, () => svm_bo.release_queued.set(true))
        }),
      ).Else(() => svm_range_bo_unref()),
    )
  },
  { source: '6.12 kfd_migrate.c svm_migrate_page_free' },
)

/** Nobody has the page. */
const is_unused = (va: Id<'Va'>) =>
  and(not(parent_maps.has(va)), not(child_maps.has(va)), not(bo_migrating.has(va)), bo_page_refs.at(va).isEmpty)

/** References to the page go, with what `drops` says, if `has` says that there are any: the last one frees it. */
export const put_page = (va: Id<'Va'>, label: string, has: Condition, drops: () => void): void => {
  const last = Step(label, () => {
    const had = Local('had', Bool)
    had.set(has)
    If(had, drops)
    return and(had, is_unused(va))
  })
  If(last, () => svm_migrate_page_free(va))
}

/** The range gives its reference to the buffer back. It keeps the pointer, which the release takes away. */
export const svm_range_vram_node_free = procedure(
  'svm_range_vram_node_free',
  [Prange],
  (prange) => {
    If(not(put_once), () => {
      const points = Step('prange->svm_bo', () => {
        const there = Local('there', Bool)
        there.set(points_to_bo.has(prange))
        return there
      })
      If(points, () => svm_range_bo_unref())
      Step('prange->ttm_res = NULL', () => ttm_res.remove(prange))
      Return()
    })
    If(free_lock, () => lock_range(prange))
    const had = Step('prange->ttm_res', () => {
      const has = Local('has', Bool)
      has.set(ttm_res.has(prange))
      return has
    })
    If(had, () => {
      Step('prange->ttm_res = NULL', () => ttm_res.remove(prange))
      If(free_lock, () => unlock_range(prange))
      svm_range_bo_unref()
    }).Else(() => If(free_lock, () => unlock_range(prange)))
  },
  { source: '6.12 kfd_svm.c svm_range_vram_node_free' },
)

/** The range leaves the list of its buffer, by the pointer that it has. */
const unlink_by_pointer = (prange: Id<'Prange'>): void => {
  const points = Step('prange->svm_bo', () => {
    const there = Local('there', Bool)
    there.set(points_to_bo.has(prange))
    return there
  })
  If(points, () => {
    Step('&prange->svm_bo->list_lock', () => bo_is_there('spin_lock(&prange->svm_bo->list_lock)'))
    spin_lock(svm_bo.list_lock)
    Step('list_del(&prange->svm_bo_list)', () => svm_bo.range_list.remove(prange))
    spin_unlock(svm_bo.list_lock)
  })
}

/** The same with a reference; where there is none to be had, the release is under way, and lets the range go. */
const unlink_with_reference = (prange: Id<'Prange'>): void => {
  const got = Local('got', Bool, false)
  const points = Local('points', Bool, false)
  Loop(() => {
    lock_range(prange)
    Step('kref_get_unless_zero(&prange->svm_bo->kref)', () => {
      points.set(points_to_bo.has(prange))
      If(points_to_bo.has(prange), () => {
        bo_is_there('svm_bo_ref_unless_zero(prange->svm_bo)')
        got.set(kref_get_unless_zero(svm_bo.kref))
      })
    })
    unlock_range(prange)
    If(not(and(points, not(got))), () => Break())
    Step('cond_resched()', () => Await(not(points_to_bo.has(prange))))
  })
  If(got, () => {
    spin_lock(svm_bo.list_lock)
    Step('list_del_init(&prange->svm_bo_list)', () => svm_bo.range_list.remove(prange))
    spin_unlock(svm_bo.list_lock)
    svm_range_bo_unref()
  })
}

/** The range leaves the lists, and is freed. */
export const svm_range_unlink_and_free = procedure(
  'svm_range_unlink_and_free',
  [Prange],
  (prange) => {
    If(unlink_holds_buffer, () => unlink_with_reference(prange)).Else(() => unlink_by_pointer(prange))
    svm_range_vram_node_free(prange)
    Step('kfree(prange)', () => range_is.at(prange).set('freed'))
  },
  { source: '6.12 kfd_svm.c svm_range_unlink, svm_range_free' },
)

/** TTM asks for the memory: the eviction is queued. Under the lock of the fence, which is not signalled. For a step. */
export const svm_range_schedule_evict_svm_bo = (): void => {
  svm_bo.wanted.set(true)
  If(evict_work_counts, () => {
    const got = kref_get_unless_zero(svm_bo.kref)
    If(got, () => svm_bo.eviction_queued.set(true))
  }).Else(() => svm_bo.eviction_queued.set(true))
}

/** Everything is in the buffer when the scenario begins. */
export const buffer_of_all = (): void => {
  points_to_bo.set(setOf(Prange).all)
  ttm_res.set(setOf(Prange).all)
  located.set(setOf(Prange).all)
  svm_bo.range_list.set(setOf(Prange).all)
  parent_maps.set(setOf(Va).all)
  pages_used.set(setOf(Va).all)
  If(has_child, () => child_maps.set(setOf(Va).all))
  ForEach(Prange, () => svm_bo.kref.increment())
  If(page_counts, () => ForEach(Va, () => svm_bo.kref.increment()))
}
