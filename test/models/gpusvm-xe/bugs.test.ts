/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { gpusvmXeProtocol } from '../../../models/gpusvm-xe/protocol.ts'
import { testBugs, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'G6-40: the fault is tried again for ever',
    variant: 'as-7.0',
    scenario: 'hole',
    property: 'recoverable',
    steps: [/xe_pagefault_queue_work/],
  },
  {
    name: 'G6-42: the mm_struct is freed while a child has a page of device memory',
    variant: 'as-7.0',
    scenario: 'child',
    property: 'P-LIFE',
    message: /mm_struct/,
    steps: [/mmput\(\): the last one/, /mmdrop\(mm\)/, /mmdrop\(gpusvm->mm\)/, /devmem_allocation->mm/],
  },
  {
    name: 'G6-44: a page frame number is taken for a migration entry',
    variant: 'without-dst-converted-first',
    scenario: 'errors',
    sizes: { addresses: 1 },
    property: 'P-TYPE',
    message: /page frame number/,
    steps: [/populate_devmem_pfn/, /drm_pagemap_migrate_map_pages/, /unlock_put_pages/],
  },
  {
    name: 'G6-45: one page is mapped for DMA, the next one fails, and the flag says that nothing is mapped',
    variant: 'as-7.0',
    scenario: 'errors',
    property: 'P-HAS-DMA-MAPPING',
    steps: [/dma_map_page/, /err_unmap/, /up_read/],
  },
  {
    name: 'G6-45: without an error of a mapping, where a page of the other kind of memory comes second',
    variant: 'as-7.0',
    scenario: 'mixed',
    property: 'P-HAS-DMA-MAPPING',
    steps: [/dma_map_page/, /err_unmap/, /up_read/],
  },
  {
    name: 'D-25: a page that is mapped for DMA is freed after the notifier is gone',
    variant: 'as-7.0',
    scenario: 'close',
    property: 'P-HAS-DMA-MAPPING',
    steps: [/WRITE_ONCE\(svm_pages->flags\)/, /vm->size = 0/, /mmu_interval_notifier_remove/, /ptep_clear_flush/],
  },
]

testBugs(gpusvmXeProtocol, bugs)
