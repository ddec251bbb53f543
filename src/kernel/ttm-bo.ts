/**
 * Buffer objects of TTM (drivers/gpu/drm/ttm/ttm_bo.c): memory of a device that is taken back for others when it is
 * short, once the fences of the buffer are signalled.
 */
import {
  Await,
  atomic,
  Bool,
  current,
  Either,
  If,
  Let,
  Local,
  Misuse,
  no,
  oneOf,
  procedure,
  range,
  ref,
  Step,
  struct,
  yes,
  type Bool as Condition,
  type PlaceOf,
} from '../language/index.ts'
import { DmaFence, dma_fence_enable_sw_signaling, dma_fence_wait } from './dma-fence.ts'
import { Mutex, mutex_lock, mutex_trylock, mutex_unlock } from './mutex.ts'
import type { RangeBound } from './sorts.ts'

/** What some kernel has or lacks: true where it is left out, but for `gives_up`. */
export interface TtmOptions {
  /** Whether a wait for fences may give up: after 15 s, or for a signal. It is so in the kernel; no if left out. */
  readonly gives_up?: Condition
  /** Whether an eviction waits for the fences of the buffer. */
  readonly evict_waits?: Condition
  /** Whether the last reference leaves a buffer that is in use to work. */
  readonly release_defers?: Condition
}

/**
 * Buffer objects with at most so many references.
 *
 * A buffer has one fence here: several that are waited for together are one that is signalled with the last of them.
 * `resource` is its memory on the device; `given`: it has been given back, and belongs to the next who wants some.
 */
export function ttmBos(
  references: RangeBound,
  { gives_up = no, evict_waits = yes, release_defers = yes }: TtmOptions = {},
) {
  /**
   * struct ttm_buffer_object. `resource`: where its memory is, or that it has been given back (`given`). `deleted`: the
   * last reference is gone. `delayed_delete`: work is to free it.
   */
  const TtmBo = struct('ttm_buffer_object', {
    kref: range(0, references),
    resv: Mutex,
    fence: DmaFence,
    resource: oneOf('device', 'system', 'given'),
    deleted: Bool,
    delayed_delete: Bool,
  }).as('bo')
  type Bo = PlaceOf<typeof TtmBo>

  /** ttm_resource_free(): the memory belongs to the next who wants some. For a step. */
  const free_resource = (bo: Bo): void => {
    Misuse('ttm_resource_free() of what was given back', bo.resource.ne('given'))
    bo.resource.set('given')
  }

  /** kref_init(): the buffer lives on with the reference of the work. For a step. */
  const resurrect = (bo: Bo): void => {
    bo.deleted.set(true)
    bo.kref.set(1)
    bo.delayed_delete.set(true)
  }

  /** Takes one more reference. On 0 it is misuse: the buffer is about to go. */
  const ttm_bo_get = atomic(
    'ttm_bo_get',
    [ref(TtmBo)],
    (bo) => {
      Misuse('ttm_bo_get() of a buffer without references', bo.kref.gt(0))
      bo.kref.increment()
    },
    { source: '6.12 include/drm/ttm/ttm_bo.h ttm_bo_get' },
  )

  /**
   * Waits for the fences, and tells their drivers that it does. Says whether it has given up: -EBUSY. The buffer is
   * reserved, so that no fence comes to it.
   */
  const ttm_bo_wait_ctx = procedure(
    'ttm_bo_wait_ctx',
    [ref(TtmBo)],
    (bo) => {
      const busy = Local('busy', Bool, false)
      dma_fence_enable_sw_signaling(bo.fence)
      If(gives_up, () =>
        Either(
          () => dma_fence_wait(bo.fence),
          () => Step('dma_resv_wait_timeout(): -EBUSY', () => busy.set(true)),
        ),
      ).Else(() => dma_fence_wait(bo.fence))
      return busy
    },
    { source: '6.12 ttm_bo.c ttm_bo_wait_ctx' },
  )

  return {
    TtmBo,
    ttm_bo_get,
    ttm_bo_wait_ctx,

    /** Reserves it: who has it reserved may move it, and adds fences. Which of several waiters gets it is open. */
    ttm_bo_reserve: (bo: Bo): void => {
      mutex_lock(bo.resv)
    },
    /** Reserves it if nobody has, and says whether it did. */
    ttm_bo_tryreserve: (bo: Bo): Condition => mutex_trylock(bo.resv),
    /** Gives the reservation back, by who holds it. */
    ttm_bo_unreserve: (bo: Bo): void => {
      mutex_unlock(bo.resv)
    },

    /**
     * Takes the memory away from a buffer that is reserved: its content is dropped (`given`), or it is moved to memory of
     * the system. Says whether it has done so; it has not if its wait for the fences has given up.
     */
    ttm_bo_evict: procedure(
      'ttm_bo_evict',
      [ref(TtmBo), Bool.as('discardable')],
      (bo, discardable) => {
        const busy = Local('gave_up', Bool, false)
        Step('dma_resv_assert_held()', () =>
          Misuse('ttm_bo_evict() of a buffer that is not reserved', bo.resv.owner.eq(current)),
        )
        If(evict_waits, () => {
          const is_busy = ttm_bo_wait_ctx(bo)
          busy.set(is_busy)
        })
        If(busy, () => {}).Else(() =>
          If(discardable, () => Step('ttm_bo_pipeline_gutting()', () => free_resource(bo))).Else(() =>
            Step('ttm_bo_handle_move_mem()', () => {
              Misuse('a buffer is moved that has no memory on the device', bo.resource.eq('device'))
              bo.resource.set('system')
            }),
          ),
        )
        return busy.eq(false)
      },
      { source: '6.12 ttm_bo.c ttm_bo_evict' },
    ),

    /**
     * Drops a reference. With the last one the memory goes back at once, if the buffer is idle and nobody has it
     * reserved; else it stays until work has waited for both.
     */
    ttm_bo_put: procedure(
      'ttm_bo_put',
      [ref(TtmBo)],
      (bo) => {
        const last = Step('kref_put(&bo->kref)', () => {
          Misuse('ttm_bo_put() of a buffer without references', bo.kref.gt(0))
          bo.kref.decrement()
          return Let('last', bo.kref.eq(0))
        })
        If(last, () =>
          Step('ttm_bo_release()', () =>
            If(bo.deleted, () => {}).Else(() => {
              const idle = Let('idle', bo.fence.signalled)
              If(release_defers, () =>
                If(idle.eq(false), () => resurrect(bo)).Else(() =>
                  If(bo.resv.owner.isSome, () => resurrect(bo)).Else(() => free_resource(bo)),
                ),
              ).Else(() => free_resource(bo))
            }),
          ),
        )
      },
      { source: '6.12 ttm_bo.c ttm_bo_release' },
    ),

    /** The work of a buffer that was not idle: it waits without a bound, and drops the reference that was left. */
    ttm_bo_delayed_delete: procedure(
      'ttm_bo_delayed_delete',
      [ref(TtmBo)],
      (bo) => {
        Step('process_one_work()', () => {
          Await(bo.delayed_delete)
          bo.delayed_delete.set(false)
        })
        dma_fence_enable_sw_signaling(bo.fence)
        dma_fence_wait(bo.fence)
        mutex_lock(bo.resv)
        Step('ttm_bo_cleanup_memtype_use()', () => If(bo.resource.ne('given'), () => free_resource(bo)))
        mutex_unlock(bo.resv)
        Step('ttm_bo_put()', () => bo.kref.decrement())
      },
      { source: '6.12 ttm_bo.c ttm_bo_delayed_delete' },
    ),
  }
}
