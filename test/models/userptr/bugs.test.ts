/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { expect, test } from 'vitest'
import { userptrProtocol } from '../../../models/userptr/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, worldOf, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'G6-36: a restore that finds no mapping binds the pages that were freed',
    variant: 'as-6.12',
    scenario: 'kfd',
    property: 'P-NOUAF',
    message: /a queue: the page was freed/,
    steps: [
      /detach_vmas_to_be_unmapped/,
      /mmu_interval_set_seq/,
      /kgd2kfd_quiesce_mm/,
      /ptep_get_and_clear/,
      /inv_end/,
      /process_one_work/,
      /-EFAULT/,
      /ttm_bo_validate/,
      /update_gpuvm_pte/,
      /evicted_bos = 0/,
      /kgd2kfd_resume_mm/,
      /a queue uses a buffer/,
    ],
  },
  {
    name: 'G6-36 with the atomic counts of 6.1',
    variant: 'as-6.1',
    scenario: 'kfd',
    property: 'P-NOUAF',
    steps: [/detach_vmas/, /ptep_get_and_clear/, /-EFAULT/, /update_gpuvm_pte/, /resume_mm/, /a queue uses a buffer/],
  },
  {
    name: 'D-19: a late submission puts freed pages back behind the comparison of another',
    variant: 'as-6.12',
    scenario: 'amdgpu-two',
    property: 'P-NOUAF',
    message: /a job: the page was freed/,
    steps: [
      /hmm_vma_handle_pte/,
      /ptep_get_and_clear/,
      /amdgpu_ttm_tt_set_user_pages/,
      /user_pages\[i\]/,
      /amdgpu_ttm_tt_set_user_pages/,
      /amdgpu_vm_bo_update/,
      /amdgpu_ttm_tt_get_user_pages_done/,
      /drm_sched_entity_push_job/,
      /a job uses the buffer/,
    ],
  },
  {
    name: 'G6-30: a job that does not list the buffer',
    variant: 'as-6.12',
    scenario: 'amdgpu-unlisted',
    property: 'P-NOUAF',
    message: /an unlisted job/,
    steps: [/amdgpu_vm_bo_update/, /ptep_get_and_clear/, /does not list the buffer/],
  },
  {
    name: 'G6-31: a submission that fails leaves entries for freed pages',
    variant: 'without-entries-after-check',
    scenario: 'amdgpu-unlisted',
    property: 'P-NOUAF',
    message: /an unlisted job/,
    steps: [/hmm_vma_handle_pte/, /ptep_get_and_clear/, /amdgpu_vm_bo_update/, /does not list the buffer/],
  },
  {
    name: 'G6-80: i915 does not wait for a job that has the old page',
    variant: 'as-6.12',
    scenario: 'i915',
    property: 'P-INV',
    steps: [/submit_done/, /eb_requests_add/, /mmu_interval_set_seq/, /ptep_get_and_clear/],
    later: true,
  },
  {
    name: 'B-45: a folio lock under the notifier lock',
    variant: 'without-no-folio-lock',
    scenario: 'xe-reclaim',
    property: 'lock-deadlock',
    steps: [/mutex_lock/, /folio_lock/, /mn_itree_inv_start_range/],
    later: true,
  },
  {
    name: 'B-49: a submission is judged by the number of another',
    variant: 'without-range-per-submission',
    scenario: 'amdgpu-two',
    property: 'P-NOUAF',
    steps: [/gtt->range = range/, /ptep_get_and_clear/, /gtt->range = range/, /push_job/, /a job uses the buffer/],
  },
  {
    name: 'a buffer of xe without a mapping keeps its entries',
    variant: 'without-failed-pin-zaps',
    scenario: 'xe',
    property: 'P-NOUAF',
    steps: [/detach_vmas/, /ptep_get_and_clear/, /repin_link/, /xe_sched_job_push/, /a job uses the buffer/],
  },
  {
    name: 'E-38: a buffer that was unbound is on the list of those to be pinned',
    variant: 'without-failed-pin-restores',
    scenario: 'xe-unbind',
    property: 'P-LIFE',
    message: /use after free/,
    steps: [/kvmalloc_array/, /XE_VMA_DESTROYED/, /xe_vma_free/, /list_for_each_entry_safe/],
  },
]

testBugs(userptrProtocol, bugs)

test('G6-80 is no use after free: the page is pinned', async () => {
  const { verdict } = await check(worldOf(userptrProtocol, { variant: 'as-6.12', scenario: 'i915' }), {
    properties: ['P-NOUAF'],
  })
  expect(verdict).toBe('holds')
})
