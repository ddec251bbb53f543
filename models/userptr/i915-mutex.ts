/**
 * i915 of 4.11 to 5.4: whoever submits holds struct_mutex, also while it allocates; and allocating may reclaim pages,
 * whose brackets call the driver in the same thread.
 */
import {
  and,
  Await,
  Bool,
  Choose,
  current,
  Either,
  Idle,
  If,
  IfIs,
  IfSome,
  Local,
  Loop,
  not,
  procedure,
  setOf,
  shared,
  Source,
  Step,
  thread,
  threadPer,
  type Id,
} from 'hmmcheck'
import { DevicePte, Mutex, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { callback_trylocks } from './fixes.ts'
import {
  address,
  alloc_page,
  Bo,
  fences,
  get_page,
  gpu_pte,
  List,
  listed,
  page_table,
  pages,
  put_page,
  running,
  vmas,
} from './state.ts'

const source = '4.11 drivers/gpu/drm/i915/i915_gem_userptr.c'

/** dev->struct_mutex */
const struct_mutex = shared('struct_mutex', Mutex)
/** mo->work is queued, or runs. */
const cancelled = shared('cancelled', setOf(Bo))

/** i915_gem_object_unbind(), __i915_gem_object_put_pages(): when its jobs are done. */
const unbind = (bo: Id<'Bo'>): void => {
  Step('i915_gem_object_unbind(); __i915_gem_object_put_pages()', () => {
    Await(fences.at(bo).isEmpty)
    gpu_pte.at(bo).set(DevicePte.none)
    IfIs(pages.at(bo), 'present', ({ page }) => {
      pages.at(bo).set(DevicePte.none)
      put_page(page)
    })
  })
}

/**
 * Up to 484d9a844d0d a worker takes the mutex, and the callback waits for it. Since then the callback takes it, unless
 * its own thread has it.
 */
export const userptr_mn_invalidate_range_start = procedure(
  'userptr_mn_invalidate_range_start',
  [Bo],
  (bo) => {
    If(callback_trylocks, () => {
      const recursive = Local('recursive', Bool)
      Step('mutex_trylock_recursive()', () => recursive.set(struct_mutex.owner.eq(current)))
      If(not(recursive), () => mutex_lock(struct_mutex))
      unbind(bo)
      If(not(recursive), () => mutex_unlock(struct_mutex))
    }).Else(() => {
      Step('queue_work(mn->wq, &mo->work)', () => cancelled.add(bo))
      Step('flush_workqueue(mn->wq)', () => Await(not(cancelled.has(bo))))
    })
  },
  { source: `${source} i915_gem_userptr_mn_invalidate_range_start` },
)

export const cancel_userptr = thread('cancel_userptr', () => {
  Loop(() => {
    Idle()
    Source(`${source} cancel_userptr`, () => {
      const bo = Step('cancel_userptr()', () => Choose('bo', Bo, (one) => cancelled.has(one)))
      mutex_lock(struct_mutex)
      unbind(bo)
      mutex_unlock(struct_mutex)
      Step('the work is done', () => cancelled.remove(bo))
    })
  })
})

/** __get_user_pages_fast(): without a fault, which needs mmap_sem. */
const i915_gem_userptr_get_pages = procedure(
  'i915_gem_userptr_get_pages',
  [Bo],
  (bo) => {
    Step('__get_user_pages_fast()', () =>
      If(and(pages.at(bo).is('none'), vmas.has(address.at(bo))), () =>
        IfSome(page_table.at(address.at(bo)), (page) => {
          get_page(page)
          pages.at(bo).set(DevicePte.present({ page }))
        }),
      ),
    )
  },
  { source: `${source} i915_gem_userptr_get_pages` },
)

/** `reclaims` is what an allocation does where no memory is free: mm/page_alloc.c, __alloc_pages_direct_reclaim(). */
export const execbufferUnderMutex = (reclaims: () => void) =>
  threadPer(List, 'execbuffer_mutex', (list) => {
    Loop(() => {
      Idle()
      Source('4.11 drivers/gpu/drm/i915/i915_gem_execbuffer.c i915_gem_do_execbuffer', () => {
        const bo = Step('the process touches its memory', () => {
          Await(not(running.has(list)))
          const its = listed.at(list)
          If(and(vmas.has(address.at(its)), page_table.at(address.at(its)).isNone), () => {
            const page = alloc_page()
            page_table.at(address.at(its)).set(page)
          })
          return its
        })
        mutex_lock(struct_mutex)
        Either(() => Step('kmalloc(GFP_KERNEL)', () => undefined), reclaims)
        i915_gem_userptr_get_pages(bo)
        Step('i915_vma_move_to_active(); __i915_add_request()', () =>
          If(pages.at(bo).is('present'), () => {
            gpu_pte.at(bo).set(pages.at(bo))
            fences.at(bo).add(list)
            running.add(list)
          }),
        )
        mutex_unlock(struct_mutex)
      })
    })
  })
