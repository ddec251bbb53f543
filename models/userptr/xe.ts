/** xe's submissions: buffers on the list of invalidated ones are pinned and bound again until the list is empty. */
import {
  and,
  array,
  Assert,
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
  some,
  Source,
  Step,
  thread,
  threadPer,
} from 'hmmcheck'
import { DevicePte, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import {
  failed_pin_restores,
  failed_pin_unlists,
  failed_pin_zaps,
  no_folio_lock,
  populate_checks_seq,
  populate_lock,
  submit_checks,
  submit_lock,
  unbinds,
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
import { buffer_lifetime } from './properties.ts'
import { destroyed, doomed, invalidated, rebind_list, repin_list, vm_lock } from './xe-lists.ts'

/** `userptr->notifier_seq`: the number of the walk whose pages the buffer has. LONG_MAX at first. */
const notifier_seq = shared('notifier_seq', array(Bo, intervals.IntervalSeq))

const Result = oneOf('0', '-EAGAIN', '-EFAULT', '-ENOMEM')

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
    const starves = Local('starves', Bool, false)
    If(unbinds, () => If(not(kept), () => Step('kvmalloc_array()', () => starves.set(Choose('starves', Bool)))))
    If(starves, () => result.set('-ENOMEM'))
    If(not(or(kept, starves)), () => {
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
      If(and(repin_list.has(bo), pinned), () => {
        If(unbinds, () =>
          Step('list_for_each_entry_safe(uvma, &vm->userptr.repin_list)', () =>
            Assert(
              buffer_lifetime.property,
              not(destroyed.has(bo)),
              'the buffer was unbound and freed: use after free',
            ),
          ),
        )
        const result = xe_hmm_userptr_populate_range(bo)
        If(result.eq('-EFAULT'), () => {
          Step('list_del_init(&uvma->userptr.repin_link)', () => {
            repin_list.remove(bo)
            If(failed_pin_unlists, () => rebind_list.remove(bo))
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
        If(or(result.eq('-EAGAIN'), result.eq('-ENOMEM')), () => pinned.set(false))
      }),
    )
    If(and(not(pinned), failed_pin_restores), () =>
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
      If(unbinds, () => mutex_lock(vm_lock))
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
      If(unbinds, () => mutex_unlock(vm_lock))
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

/** The buffer is gone from the lists of the VM, and freed when no job uses it any more. */
const xe_vma_destroy = procedure(
  'xe_vma_destroy',
  [Bo],
  (bo) => {
    mutex_lock(notifier_lock)
    Step('vma->gpuva.flags |= XE_VMA_DESTROYED', () => doomed.add(bo))
    mutex_unlock(notifier_lock)
    Step('list_del(&userptr->invalidate_link)', () => {
      invalidated.remove(bo)
      rebind_list.remove(bo)
    })
    Step('dma_resv_wait_timeout(), xe_pt_zap_ptes()', () => {
      Await(fences.at(bo).isEmpty)
      gpu_pte.at(bo).set(DevicePte.none)
    })
    intervals.mmu_interval_notifier_remove(bo)
    Step('xe_vma_free()', () => destroyed.add(bo))
  },
  { source: '6.12 drivers/gpu/drm/xe/xe_vm.c xe_vma_destroy, xe_vma_destroy_late' },
)

/** A buffer that no list has is unbound, once. */
export const unbind = thread('unbind', () => {
  Source('6.12 drivers/gpu/drm/xe/xe_vm.c xe_vm_bind_ioctl', () => {
    Idle()
    mutex_lock(vm_lock)
    const bo = Local('bo', Bo)
    Step('DRM_XE_VM_BIND_OP_UNMAP', () => {
      const one = Choose('one', Bo, (each) => not(some(List, (list) => listed.at(list).eq(each))))
      bo.set(one)
    })
    xe_vma_destroy(bo)
    mutex_unlock(vm_lock)
  })
})
