/** The callbacks of the drivers. */
import { Await, Bool, Held, If, IfIs, Local, not, procedure, Source, Step, yes, type Id, type Sample } from 'hmmcheck'
import { DevicePte, mutex_lock, mutex_unlock, Page } from 'hmmcheck/kernel'
import {
  callback_lock,
  callback_sets_seq,
  callback_waits,
  callback_zaps,
  driver,
  i915_waits,
  put_pages_trylocks,
} from './fixes.ts'
import { userptr_mn_invalidate_range_start } from './i915-mutex.ts'
import { evict_userptr } from './kfd-counters.ts'
import {
  Bo,
  fences,
  folio_lock,
  folio_unlock,
  get_page,
  gpu_pte,
  intervals,
  notifier_lock,
  pages,
  put_page,
} from './state.ts'
import { doomed, invalidated } from './xe-lists.ts'

const set_seq = (bo: Id<'Bo'>, cur_seq: Sample<'invalidate_seq'>): void => {
  If(callback_sets_seq, () => intervals.mmu_interval_set_seq(bo, cur_seq))
}
const dma_resv_wait = (bo: Id<'Bo'>): void => {
  Step('dma_resv_wait_timeout()', () => Await(fences.at(bo).isEmpty))
}

const amdgpu_hmm_invalidate_gfx = procedure(
  'amdgpu_hmm_invalidate_gfx',
  [Bo, intervals.CurSeq.as('cur_seq')],
  (bo, cur_seq) => {
    If(callback_lock, () => mutex_lock(notifier_lock))
    set_seq(bo, cur_seq)
    If(callback_waits, () => dma_resv_wait(bo))
    If(callback_zaps, () => Step('amdgpu_vm_bo_update(clear)', () => gpu_pte.at(bo).set(DevicePte.none)))
    If(callback_lock, () => mutex_unlock(notifier_lock))
  },
  { source: '6.12 drivers/gpu/drm/amd/amdgpu/amdgpu_hmm.c amdgpu_hmm_invalidate_gfx' },
)

const amdgpu_hmm_invalidate_hsa = procedure(
  'amdgpu_hmm_invalidate_hsa',
  [Bo, intervals.CurSeq.as('cur_seq')],
  (bo, cur_seq) => {
    If(callback_lock, () => mutex_lock(notifier_lock))
    set_seq(bo, cur_seq)
    evict_userptr(bo)
    If(callback_lock, () => mutex_unlock(notifier_lock))
  },
  { source: '6.12 drivers/gpu/drm/amd/amdgpu/amdgpu_hmm.c amdgpu_hmm_invalidate_hsa' },
)

const vma_userptr_invalidate = procedure(
  'vma_userptr_invalidate',
  [Bo, intervals.CurSeq.as('cur_seq')],
  (bo, cur_seq) => {
    If(callback_lock, () => mutex_lock(notifier_lock))
    set_seq(bo, cur_seq)
    Step('list_move_tail(&userptr->invalidate_link)', () => If(not(doomed.has(bo)), () => invalidated.add(bo)))
    If(callback_waits, () => dma_resv_wait(bo))
    If(callback_lock, () => mutex_unlock(notifier_lock))
  },
  { source: '6.12 drivers/gpu/drm/xe/xe_vm.c vma_userptr_invalidate' },
)

const i915_gem_userptr_invalidate = procedure(
  'i915_gem_userptr_invalidate',
  [Bo, intervals.CurSeq.as('cur_seq')],
  (bo, cur_seq) => {
    set_seq(bo, cur_seq)
    If(i915_waits, () => dma_resv_wait(bo))
    If(not(put_pages_trylocks), () =>
      Source('5.3-rc drivers/gpu/drm/i915/gem/i915_gem_userptr.c i915_gem_userptr_put_pages', () => {
        const has_pages = Local('has_pages', Bool, false)
        const page = Local('page', Page)
        Step('__i915_gem_object_unset_pages()', () =>
          IfIs(pages.at(bo), 'present', (one) => {
            page.set(one.page)
            has_pages.set(true)
            get_page(one.page)
          }),
        )
        Held(page, 'the pin of those pages')
        If(has_pages, () => {
          folio_lock(page)
          folio_unlock(page)
          put_page(page)
        })
      }),
    )
  },
  { source: '6.1 drivers/gpu/drm/i915/gem/i915_gem_userptr.c i915_gem_userptr_invalidate' },
)

/** `ops->invalidate` of a buffer's notifier, in a bracket that may block: all but i915 refuse one that must not. */
export const invalidate = (bo: Id<'Bo'>, cur_seq: Sample<'invalidate_seq'>): typeof yes => {
  If(driver.eq('amdgpu'), () => amdgpu_hmm_invalidate_gfx(bo, cur_seq))
  If(driver.eq('kfd'), () => amdgpu_hmm_invalidate_hsa(bo, cur_seq))
  If(driver.eq('xe'), () => vma_userptr_invalidate(bo, cur_seq))
  If(driver.eq('i915'), () => i915_gem_userptr_invalidate(bo, cur_seq))
  If(driver.eq('i915-5.0'), () => userptr_mn_invalidate_range_start(bo))
  return yes
}
