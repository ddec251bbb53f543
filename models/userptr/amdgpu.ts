/** amdgpu's submissions: the pages of the buffer are found first, checked last, and mapped in between. */
import {
  array,
  Await,
  Bool,
  current,
  Idle,
  If,
  isCaseAnd,
  Local,
  Loop,
  not,
  or,
  procedure,
  shared,
  Source,
  Step,
  threadPer,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import { DevicePte, mutex_lock, mutex_unlock, points_to } from 'hmmcheck/kernel'
import {
  compares_reserved,
  entries_after_check,
  range_per_submission,
  resv_lock,
  submit_checks,
  submit_lock,
  unbind_waits,
} from './fixes.ts'
import {
  Bo,
  bound,
  fences,
  gpu_pte,
  intervals,
  List,
  listed,
  notifier_lock,
  pages,
  resv,
  running,
  user_pages,
} from './state.ts'
import { hmm_range_fault } from './walk.ts'

const source = '6.12 drivers/gpu/drm/amd/amdgpu/amdgpu_cs.c'

/** `gtt->range` up to 6.0: the number of whoever walked last. */
const last_range = shared('last_range', array(Bo, intervals.IntervalSeq))

const amdgpu_vm_bo_update = (bo: Id<'Bo'>): void => {
  Step('amdgpu_vm_bo_update()', () => {
    If(bound.has(bo), () => gpu_pte.at(bo).set(pages.at(bo)))
  })
}

/** From the reservation of the buffer to the page tables of the GPU. */
const amdgpu_cs_parser_bos = procedure(
  'amdgpu_cs_parser_bos',
  [Bo, Bool.as('user_invalidated')],
  (bo, user_invalidated) => {
    If(user_invalidated, () => {
      Step('ttm_bo_validate(AMDGPU_GEM_DOMAIN_CPU)', () => {
        Await(or(not(unbind_waits), fences.at(bo).isEmpty))
        bound.remove(bo)
      })
      Step('amdgpu_ttm_tt_set_user_pages()', () => pages.at(bo).set(user_pages.at(current)))
    })
    Step('amdgpu_cs_bo_validate()', () => bound.add(bo))
    If(not(entries_after_check), () => amdgpu_vm_bo_update(bo))
  },
  { source: `${source} amdgpu_cs_parser_bos` },
)

const amdgpu_cs_submit = procedure(
  'amdgpu_cs_submit',
  [List, Bo, Bool.as('is_valid')],
  (list, bo, is_valid) => {
    If(is_valid, () => {
      If(entries_after_check, () => amdgpu_vm_bo_update(bo))
      Step('dma_resv_add_fence()', () => fences.at(bo).add(list))
      Step('drm_sched_entity_push_job()', () => running.add(list))
    })
  },
  { source: `${source} amdgpu_cs_submit` },
)

/** Whether the buffer has other pages. A page that was freed and given out again is one of these. */
const compare = (bo: Id<'Bo'>, user_invalidated: PlaceOf<typeof Bool>): void => {
  Step('bo->tbo.ttm->pages[i] != e->user_pages[i]', () =>
    user_invalidated.set(
      not(isCaseAnd(user_pages.at(current), 'present', ({ page }) => points_to(pages.at(bo), page))),
    ),
  )
}

const amdgpu_cs_ioctl = procedure(
  'amdgpu_cs_ioctl',
  [List, Bo],
  (list, bo) => {
    const range = Local('range', intervals.IntervalSeq)
    const user_invalidated = Local('user_invalidated', Bool)
    const is_valid = Local('is_valid', Bool)
    intervals.mmu_interval_read_begin(bo, range)
    const found = hmm_range_fault(bo)
    If(found, () => {
      If(not(range_per_submission), () => Step('gtt->range = range', () => last_range.at(bo).set(range)))
      If(not(compares_reserved), () => compare(bo, user_invalidated))
      If(resv_lock, () => mutex_lock(resv.at(bo)))
      If(compares_reserved, () => compare(bo, user_invalidated))
      amdgpu_cs_parser_bos(bo, user_invalidated)
      If(submit_lock, () => mutex_lock(notifier_lock))
      If(range_per_submission, () =>
        Step('amdgpu_ttm_tt_get_user_pages_done()', () =>
          is_valid.set(or(not(submit_checks), not(intervals.mmu_interval_read_retry(range)))),
        ),
      ).Else(() =>
        Step('amdgpu_ttm_tt_get_user_pages_done()', () =>
          is_valid.set(or(not(submit_checks), not(intervals.mmu_interval_read_retry(last_range.at(bo))))),
        ),
      )
      amdgpu_cs_submit(list, bo, is_valid)
      If(submit_lock, () => mutex_unlock(notifier_lock))
      If(resv_lock, () => mutex_unlock(resv.at(bo)))
    })
    Step('amdgpu_cs_parser_fini()', () => {
      range.set(intervals.never)
      user_pages.at(current).set(DevicePte.none)
    })
  },
  { source: `${source} amdgpu_cs_ioctl` },
)

export const cs = threadPer(List, 'cs', (list) => {
  Loop(() => {
    Idle()
    Source(`${source} amdgpu_cs_ioctl`, () => {
      const bo = Step('amdgpu_cs_parser_init()', () => {
        Await(not(running.has(list)))
        return listed.at(list)
      })
      amdgpu_cs_ioctl(list, bo)
    })
  })
})
