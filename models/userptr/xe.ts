/** xe's submissions: buffers on the list of invalidated ones are pinned and bound again until the list is empty. */
import {
  and,
  array,
  Await,
  Bool,
  Break,
  Choose,
  current,
  ForEach,
  Held,
  Idle,
  If,
  IfIs,
  Local,
  Loop,
  not,
  oneOf,
  or,
  procedure,
  shared,
  Source,
  Step,
  threadPer,
} from 'hmmcheck'
import { DevicePte, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import {
  failed_pin_zaps,
  no_folio_lock,
  populate_checks_seq,
  populate_lock,
  submit_checks,
  submit_lock,
} from './fixes.ts'
import {
  Bo,
  fences,
  folio_lock,
  folio_unlock,
  gpu_pte,
  intervals,
  List,
  listed,
  notifier_lock,
  pages,
  running,
  user_pages,
} from './state.ts'
import { hmm_range_fault } from './walk.ts'
import { invalidated, rebind_list, repin_list } from './xe-lists.ts'

/** `userptr->notifier_seq`: the number of the walk whose pages the buffer has. LONG_MAX at first. */
const notifier_seq = shared('notifier_seq', array(Bo, intervals.IntervalSeq))

const Result = oneOf('0', '-EAGAIN', '-EFAULT')

const xe_hmm_userptr_populate_range = procedure(
  'xe_hmm_userptr_populate_range',
  [Bo],
  (bo) => {
    const seq = Local('seq', intervals.IntervalSeq)
    const result = Local('result', Result, '0')
    const kept = Local('kept', Bool)
    intervals.mmu_interval_read_begin(bo, seq)
    // Two samples are equal if the older one was up to date when the new one was taken. If that is out of date, too, either
    // may be the case.
    Step('notifier_seq == userptr->notifier_seq', () => {
      const guess = Choose('guess', Bool)
      kept.set(or(notifier_seq.at(bo).isCurrent, and(seq.isStale, guess)))
    })
    If(not(kept), () => {
      intervals.mmu_interval_read_begin(bo, seq)
      const found = hmm_range_fault(bo)
      If(found, () => {
        If(populate_lock, () => mutex_lock(notifier_lock))
        const valid = Local('valid', Bool)
        Step('mmu_interval_read_retry()', () =>
          valid.set(or(not(populate_checks_seq), not(intervals.mmu_interval_read_retry(seq)))),
        )
        If(valid, () => {
          If(not(no_folio_lock), () =>
            IfIs(user_pages.at(current), 'present', ({ page }) => {
              Held(page, 'the process, whose callback waits for the notifier lock')
              folio_lock(page)
              folio_unlock(page)
            }),
          )
          Step('xe_build_sg()', () => {
            pages.at(bo).set(user_pages.at(current))
            notifier_seq.at(bo).set(seq)
          })
        }).Else(() => result.set('-EAGAIN'))
        If(populate_lock, () => mutex_unlock(notifier_lock))
      }).Else(() => result.set('-EFAULT'))
    })
    Step('kvfree(pfns)', () => {
      seq.set(intervals.never)
      user_pages.at(current).set(DevicePte.none)
    })
    return result
  },
  { source: '6.12 drivers/gpu/drm/xe/xe_hmm.c xe_hmm_userptr_populate_range' },
)

/** Says whether all buffers are on their way back, or have no mapping any more. */
const xe_vm_userptr_pin = procedure(
  'xe_vm_userptr_pin',
  [],
  () => {
    const pinned = Local('pinned', Bool, true)
    Step('list_add_tail(&uvma->userptr.repin_link)', () =>
      ForEach(Bo, (bo) =>
        If(invalidated.has(bo), () => {
          invalidated.remove(bo)
          repin_list.add(bo)
        }),
      ),
    )
    ForEach(Bo, (bo) =>
      If(repin_list.has(bo), () => {
        const result = xe_hmm_userptr_populate_range(bo)
        If(result.eq('-EFAULT'), () => {
          Step('list_del_init(&uvma->userptr.repin_link)', () => {
            repin_list.remove(bo)
            rebind_list.remove(bo)
          })
          If(failed_pin_zaps, () => {
            Step('dma_resv_wait_timeout()', () => Await(fences.at(bo).isEmpty))
            Step('xe_vm_invalidate_vma()', () => gpu_pte.at(bo).set(DevicePte.none))
          })
        })
        If(result.eq('0'), () =>
          Step('list_move_tail(&uvma->vma.combined_links.rebind)', () => {
            repin_list.remove(bo)
            rebind_list.add(bo)
          }),
        )
        If(result.eq('-EAGAIN'), () => pinned.set(false))
      }),
    )
    If(not(pinned), () =>
      Step('list_move_tail(&userptr->invalidate_link)', () =>
        ForEach(Bo, (bo) =>
          If(repin_list.has(bo), () => {
            repin_list.remove(bo)
            invalidated.add(bo)
          }),
        ),
      ),
    )
    return pinned
  },
  { source: '6.12 drivers/gpu/drm/xe/xe_vm.c xe_vm_userptr_pin' },
)

const xe_vm_rebind = procedure(
  'xe_vm_rebind',
  [],
  () =>
    ForEach(Bo, (bo) =>
      If(rebind_list.has(bo), () =>
        Step('xe_pt_update_ops_run()', () => {
          gpu_pte.at(bo).set(pages.at(bo))
          rebind_list.remove(bo)
        }),
      ),
    ),
  { source: '6.12 drivers/gpu/drm/xe/xe_vm.c xe_vm_rebind' },
)

const needs_repin = or(not(repin_list.isEmpty), not(invalidated.isEmpty))

const xe_exec_ioctl = procedure(
  'xe_exec_ioctl',
  [List, Bo],
  (list, bo) => {
    Loop(() => {
      const ready = Local('ready', Bool, true)
      const pins = Local('pins', Bool)
      Step('xe_vm_userptr_check_repin()', () => pins.set(needs_repin))
      If(pins, () => ready.set(xe_vm_userptr_pin()))
      If(ready, () => {
        xe_vm_rebind()
        If(submit_lock, () => mutex_lock(notifier_lock))
        Step('__xe_vm_userptr_needs_repin()', () => ready.set(or(not(submit_checks), not(needs_repin))))
        If(ready, () => {
          Step('drm_gpuvm_resv_add_fence()', () => fences.at(bo).add(list))
          Step('xe_sched_job_push()', () => running.add(list))
        })
        If(submit_lock, () => mutex_unlock(notifier_lock))
      })
      If(ready, () => Break())
    })
  },
  { source: '6.12 drivers/gpu/drm/xe/xe_exec.c xe_exec_ioctl' },
)

export const exec = threadPer(List, 'exec', (list) => {
  Loop(() => {
    Idle()
    Source('6.12 drivers/gpu/drm/xe/xe_exec.c xe_exec_ioctl', () => {
      const bo = Step('xe_exec_queue_lookup()', () => {
        Await(not(running.has(list)))
        return listed.at(list)
      })
      xe_exec_ioctl(list, bo)
    })
  })
})
