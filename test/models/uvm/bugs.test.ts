/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { uvmProtocol } from '../../../models/uvm/protocol.ts'
import { testBugs, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'G6-70: the reaper goes on while the stand-in is alone in the tree',
    variant: 'as-595.45.04',
    scenario: 'split',
    property: 'P-NOUAF',
    message: /given back/,
    steps: [/mmu_interval_notifier_remove/, /MMU_NOTIFY_UNMAP/, /zap_pte_range/, /the GPU loads or stores/],
  },
  {
    name: 'G6-71: nothing is unmapped, and nothing is counted',
    variant: 'as-595.45.04',
    scenario: 'short',
    property: 'P-NOUAF',
    steps: [/the GPU maps it/, /uvm_va_block_context_alloc/, /zap_pte_range/, /the GPU loads or stores/],
  },
  {
    name: 'G6-72: the zap of an open bracket takes the entry of a migration',
    variant: 'as-595.45.04',
    scenario: 'migrate',
    property: 'P-NOUAF',
    message: /freed|given back/,
    steps: [/mmu_interval_set_seq/, /the GPU maps it/, /zap_pte_range/, /the GPU loads or stores/],
  },
  {
    name: 'G6-73: the page that was found is evicted',
    variant: 'as-595.45.04',
    scenario: 'evict',
    property: 'P-NOUAF',
    message: /gpu_chunk_add/,
    steps: [
      /ptep_get/,
      /find_and_retain_va_block_to_evict/,
      /migrate_vma_finalize/,
      /hmm_range_fault_retry/,
      /populate_region/,
    ],
  },
  {
    name: 'G6-74: the reference of a fault that waits for the lock of the loop',
    variant: 'as-595.45.04',
    scenario: 'unregister',
    property: 'recoverable',
    steps: [/get_page/, /down_write/],
  },
  {
    name: 'G6-75: two migrations, each in the callback of the other',
    variant: 'as-595.45.04',
    scenario: 'shared',
    property: 'lock-deadlock',
    steps: [/migrate_vma_collect_pmd/, /migrate_vma_collect_pmd/, /mn_itree_inv_start_range/],
  },
  {
    name: 'D-26: the number of the thread grows for another block',
    variant: 'as-595.45.04',
    scenario: 'reclaim',
    property: 'P-NOUAF',
    message: /given back/,
    steps: [/hmm_range_fault_begin/, /try_to_unmap/, /changed\+\+/, /ptep_get/, /changed\+\+/, /populate_region/],
  },
]

testBugs(uvmProtocol, bugs)
