/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { kfdSvmProtocol } from '../../../models/kfd-svm/protocol.ts'
import { testBugs, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'G6-20: the queues outlive the memory of the process',
    variant: 'as-6.12',
    scenario: 'exit',
    property: 'P-NOUAF',
    message: /given back/,
    steps: [/mmput\(\): the last one/, /hash_del_rcu/, /kfd_lookup_process_by_mm/, /zap_pte_range/, /a wave/],
  },
  {
    name: 'G6-21: a callback finds that the range is not mapped',
    variant: 'without-mapped-with-entries',
    scenario: 'map',
    property: 'P-INV',
    message: /still/,
    steps: [/svm_range_map_to_gpu/, /shrink_folio_list/, /mapped_to_gpu/, /ptep_clear_flush/],
  },
  {
    name: 'G6-22: the old entry is restored',
    variant: 'without-unmap-in-pages',
    scenario: 'protect',
    property: 'P-NOUAF',
    steps: [/change_protection/, /kgd2kfd_resume_mm/, /a wave/],
  },
  {
    name: 'G6-32: the fence is signalled while a fault holds the page back',
    variant: 'without-signal-when-empty',
    scenario: 'vram',
    property: 'P-NOUAF',
    message: /another process/,
    steps: [/get_page/, /dma_fence_signal/, /ttm_bo_pipeline_gutting/, /copy_to_ram/],
  },
  {
    name: 'G6-35: a GPU that has lost access is not visited',
    variant: 'without-lost-access-unmaps',
    scenario: 'access',
    property: 'P-NOUAF',
    steps: [/svm_range_apply_attrs/, /svm_range_apply_attrs/, /qpd->evicted\+\+/, /kgd2kfd_resume_mm/, /a wave/],
  },
  {
    name: 'D-20: the second callback does not wait for the queues',
    variant: 'without-evicted-together',
    scenario: 'ranges',
    property: 'P-INV',
    message: /queues run/,
    steps: [/evicted_ranges/, /evicted_ranges/, /ptep_clear_flush/],
  },
  {
    name: 'D-21: the bit is cleared before the entries are',
    variant: 'without-lost-access-lock',
    scenario: 'access',
    property: 'P-INV',
    steps: [/clear_bit/, /mapped_to_gpu/, /ptep_clear_flush/],
  },
  {
    name: 'D-30: a bracket between two notifiers tells nobody',
    variant: 'without-update-unmaps',
    scenario: 'split',
    property: 'P-INV',
    steps: [/zap_pte_range/, /mmu_interval_notifier_remove/, /ptep_clear_flush/],
  },
  {
    name: 'D-31: the callback uses what the work has freed',
    variant: 'without-children-lock',
    scenario: 'split',
    property: 'P-LIFE',
    message: /use after free/,
    steps: [/zap_pte_range/, /list_for_each_entry/, /svm_range_free/],
  },
  {
    name: 'D-33: a part of the range has lost its VMA',
    variant: 'without-missing-vma-retries',
    scenario: 'unmap',
    property: 'P-FAULT',
    steps: [/vms_gather_munmap_vmas/, /svm_range_from_addr/, /vma_lookup/],
  },
  {
    name: 'D-34: the fault that is being handled is in the ring no more',
    variant: 'without-handled-fault-counts',
    scenario: 'unmap',
    property: 'P-FAULT',
    steps: [/amdgpu_ih_decode_iv/, /checkpoint_ts/, /svm_range_free/, /svm_range_create_unregistered_range/],
  },
  {
    name: 'E-23: the work looks at what it is to do with a range, and frees its child without a drain',
    variant: 'drains-outside-lock',
    scenario: 'unmap',
    property: 'P-FAULT',
    steps: [
      /svm_range_split/,
      /list_first_entry.*deferred_range_list/,
      /else of if .*SVM_OP_UNMAP_RANGE/,
      /svm_range_free/,
      /svm_range_create_unregistered_range/,
    ],
  },
]

testBugs(kfdSvmProtocol, bugs)
