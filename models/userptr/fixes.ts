/**
 * The parts that the drivers have or lack: one boolean constant each. As merged they have every lock and check, and
 * none of the corrections.
 */
import { constant, fix, oneOf } from 'hmmcheck'

const kfd = '6.12 drivers/gpu/drm/amd/amdgpu/amdgpu_amdkfd_gpuvm.c'
const xe = '6.12 drivers/gpu/drm/xe/xe_vm.c'
const i915 = '6.1 drivers/gpu/drm/i915/gem/i915_gem_userptr.c'

// Corrections that came later, or have yet to come.
export const failed_pages_cleared = fix('failed-pages-cleared', {
  kind: 'correction',
  source: 'amdgpu_ttm_tt_set_user_pages(ttm, NULL) of about 6.18, G6-36',
  summary: 'KFD: a restore that finds no mapping forgets the old pages, as its comment says',
})
export const range_per_submission = fix('range-per-submission', {
  kind: 'correction',
  source: '4458da0bb09d (6.1), B-49',
  summary: 'amdgpu: each submission keeps the number of its own walk, not the buffer the number of the last one',
})
export const compares_reserved = fix('compares-reserved', {
  kind: 'correction',
  source: 'found by the checker, beside G6-31: 6.12 compares before it reserves',
  summary: 'amdgpu: a submission compares its pages with those of the buffer under the reservation lock',
})
export const callback_zaps = fix('callback-zaps', {
  kind: 'correction',
  source: 'G6-30: no kernel has it',
  summary: 'amdgpu: the callback clears the entries of the GPU, too',
})
export const entries_after_check = fix('entries-after-check', {
  kind: 'correction',
  source: 'G6-31: no kernel has it',
  summary: 'amdgpu: a submission writes the entries of the GPU when it has found its pages valid, not before',
})
export const no_folio_lock = fix('no-folio-lock', {
  kind: 'correction',
  source: '2577b202458c (6.15), B-45',
  summary: 'xe: no page is locked under the notifier lock',
})

export const put_pages_trylocks = fix('put-pages-trylocks', {
  kind: 'correction',
  source: '505a8ec7e11a (5.4), B-46',
  summary: 'i915: the callback does not wait for the lock of a page',
})

export const callback_trylocks = fix('callback-trylocks', {
  kind: 'correction',
  source: '484d9a844d0d, B-47',
  summary: 'i915: a callback does its work without a worker, and without struct_mutex where its own thread has it',
})

export const insert_checks_mm = fix('insert-checks-mm', {
  kind: 'correction',
  source: '3d2a9d642512 (5.10), E-36',
  summary: 'hfi1: a page goes into the cache only if the process is the one whose notifier it is',
})

// Locks.
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: '6.12 amdgpu_hmm_invalidate_gfx, amdgpu_amdkfd_evict_userptr, xe vma_userptr_invalidate',
  summary: "the driver's notifier lock in its callback",
})
export const submit_lock = fix('submit-lock', {
  kind: 'lock',
  source: '6.12 amdgpu_cs_submit, xe_exec_ioctl',
  summary: 'the notifier lock while a submission asks for the last time and adds its fence',
})
export const resv_lock = fix('resv-lock', {
  kind: 'lock',
  source: '6.12 amdgpu_cs_parser_bos, drm_exec_prepare_obj',
  summary: 'amdgpu: the reservation lock of the buffer, from the choice of its pages to the fence',
})
export const update_lock = fix('update-lock', {
  kind: 'lock',
  source: `${kfd} update_invalid_user_pages`,
  summary: 'KFD: the notifier lock while the restore compares and clears what counts invalidations of a buffer',
})
export const resume_lock = fix('resume-lock', {
  kind: 'lock',
  source: `${kfd} amdgpu_amdkfd_restore_userptr_worker`,
  summary: 'KFD: the notifier lock from the last check of a restore until the queues run',
})
export const populate_lock = fix('populate-lock', {
  kind: 'lock',
  source: '6.12 drivers/gpu/drm/xe/xe_hmm.c xe_hmm_userptr_populate_range',
  summary: 'xe: the notifier lock while the pages of a walk are checked and kept',
})

// Checks.
export const callback_sets_seq = fix('callback-sets-seq', {
  kind: 'check',
  source: 'mmu_notifier.h of 6.1, mmu_interval_set_seq',
  summary: 'a callback calls mmu_interval_set_seq()',
})
export const callback_waits = fix('callback-waits', {
  kind: 'check',
  source: 'dma_resv_wait_timeout() in 6.12 amdgpu_hmm_invalidate_gfx, xe vma_userptr_invalidate; kgd2kfd_quiesce_mm()',
  summary: 'amdgpu, KFD, xe: the callback waits for the jobs that use the buffer, or stops the queues',
})
export const i915_waits = fix('i915-waits', {
  kind: 'check',
  source: `${i915} i915_gem_userptr_invalidate; 6.12 does not, G6-80`,
  summary: 'i915: the callback waits for the jobs that use the buffer',
})
export const submit_checks = fix('submit-checks', {
  kind: 'check',
  source: '6.12 amdgpu_cs_submit, xe __xe_vm_userptr_needs_repin, i915_gem_object_userptr_submit_done',
  summary: 'a submission asks for the last time whether its pages are valid',
})
export const unbind_waits = fix('unbind-waits', {
  kind: 'check',
  source: '6.12 drivers/gpu/drm/amd/amdgpu/amdgpu_ttm.c amdgpu_bo_move',
  summary: 'amdgpu: a submission with other pages waits for the jobs that use the present ones',
})
export const restore_checks_bo = fix('restore-checks-bo', {
  kind: 'check',
  source: `${kfd} update_invalid_user_pages`,
  summary: 'KFD: a restore asks whether the buffer was invalidated again while it looked for the pages',
})
export const restore_checks_process = fix('restore-checks-process', {
  kind: 'check',
  source: `${kfd} amdgpu_amdkfd_restore_userptr_worker`,
  summary: 'KFD: a restore asks whether any buffer of the process was invalidated since it began',
})
export const restore_checks_seq = fix('restore-checks-seq', {
  kind: 'check',
  source: `${kfd} confirm_valid_user_pages_locked`,
  summary: 'KFD: a restore asks mmu_interval_read_retry() for each buffer before the queues run',
})
export const populate_checks_seq = fix('populate-checks-seq', {
  kind: 'check',
  source: '6.12 xe_hmm_userptr_populate_range; i915_gem_object_userptr_submit_init',
  summary: 'xe, i915: mmu_interval_read_retry() before the pages of a walk are kept',
})
export const failed_pin_zaps = fix('failed-pin-zaps', {
  kind: 'check',
  source: `${xe} xe_vm_userptr_pin`,
  summary: 'xe: a buffer that has no mapping any more loses its entries on the GPU',
})

export const failed_pin_unlists = fix('failed-pin-unlists', {
  kind: 'check',
  source: 'a9f4fa3a7efa (6.14), E-39',
  summary: 'xe: a buffer that has no mapping any more leaves the list of those to be bound again',
})
export const failed_pin_restores = fix('failed-pin-restores', {
  kind: 'check',
  source: 'e043dc16c28c (6.14), E-38',
  summary: 'xe: after an error the buffers that were not pinned go back to the list of the invalidated ones',
})

// What a scenario has: without it, what only it can reach is left out.
/** The driver of which the scenario is. */
export const driver = constant('driver', oneOf('kfd', 'amdgpu', 'xe', 'i915', 'i915-5.0', 'hfi1'))
/** xe: a pin may fail with an error that is not the mapping's, and a buffer that no list has may be unbound. */
export const unbinds = fix('unbinds')
/** How KFD counts invalidations: under its notifier lock (6.12), or with atomic operations (6.1). */
export const counters = constant('counters', oneOf('locked', 'atomic'))
