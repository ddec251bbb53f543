/** i915's submissions: the pages are pinned, so that only their being the process's depends on the callback. */
import {
  and,
  array,
  Await,
  Bool,
  Break,
  Choose,
  current,
  Idle,
  If,
  IfIs,
  IfSome,
  Local,
  Loop,
  not,
  or,
  procedure,
  shared,
  Source,
  Step,
  threadPer,
} from 'hmmcheck'
import { DevicePte } from 'hmmcheck/kernel'
import { populate_checks_seq, submit_checks } from './fixes.ts'
import {
  address,
  alloc_page,
  Bo,
  fences,
  get_page,
  gpu_pte,
  intervals,
  List,
  listed,
  page_table,
  pages,
  put_page,
  running,
  user_pages,
  vmas,
} from './state.ts'

const source = '6.12 drivers/gpu/drm/i915/gem/i915_gem_userptr.c'

/** `obj->userptr.notifier_seq` */
const pinned_seq = shared('pinned_seq', array(Bo, intervals.IntervalSeq))

/** Says whether it has a pin. */
const pin_user_pages_fast = procedure(
  'pin_user_pages_fast',
  [Bo],
  (bo) => {
    const pinned = Local('pinned', Bool, false)
    Loop(() => {
      const faults = Local('faults', Bool, false)
      Step('gup_pte_range()', () => {
        faults.set(vmas.has(address.at(bo)))
        If(vmas.has(address.at(bo)), () =>
          IfSome(page_table.at(address.at(bo)), (page) => {
            get_page(page)
            user_pages.at(current).set(DevicePte.present({ page }))
            pinned.set(true)
            faults.set(false)
          }),
        )
      })
      If(not(faults), () => Break())
      Step('handle_mm_fault()', () => {
        If(and(vmas.has(address.at(bo)), page_table.at(address.at(bo)).isNone), () => {
          const page = alloc_page()
          page_table.at(address.at(bo)).set(page)
        })
      })
    })
    return pinned
  },
  { source: '6.1 mm/gup.c pin_user_pages_fast' },
)

/** Says whether the buffer has pinned pages. */
const i915_gem_object_userptr_submit_init = procedure(
  'i915_gem_object_userptr_submit_init',
  [Bo],
  (bo) => {
    const seq = Local('seq', intervals.IntervalSeq)
    const ready = Local('ready', Bool)
    intervals.mmu_interval_read_begin(bo, seq)
    // As in xe: where the new sample is out of date, too, the two may have been equal.
    Step('notifier_seq == obj->userptr.notifier_seq', () => {
      const guess = Choose('guess', Bool)
      ready.set(and(pages.at(bo).is('present'), or(pinned_seq.at(bo).isCurrent, and(seq.isStale, guess))))
    })
    If(not(ready), () => {
      Step('i915_gem_object_unbind()', () => {
        Await(fences.at(bo).isEmpty)
        gpu_pte.at(bo).set(DevicePte.none)
      })
      Step('unpin_user_pages()', () =>
        IfIs(pages.at(bo), 'present', ({ page }) => {
          pages.at(bo).set(DevicePte.none)
          put_page(page)
        }),
      )
      const pinned = pin_user_pages_fast(bo)
      If(pinned, () => {
        Step('mmu_interval_read_retry()', () =>
          ready.set(or(not(populate_checks_seq), not(intervals.mmu_interval_read_retry(seq)))),
        )
        If(ready, () =>
          Step('obj->userptr.pvec = pvec', () => {
            pages.at(bo).set(user_pages.at(current))
            pinned_seq.at(bo).set(seq)
            user_pages.at(current).set(DevicePte.none)
          }),
        ).Else(() =>
          Step('unpin_user_pages()', () =>
            IfIs(user_pages.at(current), 'present', ({ page }) => {
              user_pages.at(current).set(DevicePte.none)
              put_page(page)
            }),
          ),
        )
      })
    })
    Step('return', () => seq.set(intervals.never))
    return ready
  },
  { source: `${source} i915_gem_object_userptr_submit_init` },
)

const i915_gem_do_execbuffer = procedure(
  'i915_gem_do_execbuffer',
  [List, Bo],
  (list, bo) => {
    const ready = i915_gem_object_userptr_submit_init(bo)
    If(ready, () => {
      const valid = Local('valid', Bool)
      Step('i915_vma_pin_ww()', () => gpu_pte.at(bo).set(pages.at(bo)))
      Step('i915_vma_move_to_active()', () => fences.at(bo).add(list))
      Step('i915_gem_object_userptr_submit_done()', () =>
        valid.set(or(not(submit_checks), not(intervals.mmu_interval_read_retry(pinned_seq.at(bo))))),
      )
      If(valid, () => Step('eb_requests_add()', () => running.add(list))).Else(() =>
        Step('i915_request_set_error_once()', () => fences.at(bo).remove(list)),
      )
    })
  },
  { source: '6.12 drivers/gpu/drm/i915/gem/i915_gem_execbuffer.c i915_gem_do_execbuffer' },
)

export const execbuffer = threadPer(List, 'execbuffer', (list) => {
  Loop(() => {
    Idle()
    Source('6.12 drivers/gpu/drm/i915/gem/i915_gem_execbuffer.c eb_lookup_vmas', () => {
      const bo = Step('eb_lookup_vmas()', () => {
        Await(not(running.has(list)))
        return listed.at(list)
      })
      i915_gem_do_execbuffer(list, bo)
    })
  })
})
