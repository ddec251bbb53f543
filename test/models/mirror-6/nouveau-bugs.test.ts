/** The faults that were read in nouveau, each in the smallest world that has it, as a reader would write it down. */
import { mirror6Protocol } from '../../../models/mirror-6/protocol.ts'
import { testBugs, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'G6-10: the entry outlives the process',
    variant: 'nouveau-6.12',
    scenario: 'nouveau-exit',
    property: 'P-NOUAF',
    message: /uses a page that was freed/,
    steps: [/xa_store/, /mmput\(\): the last one/, /hlist_del_init_rcu/, /zap_pte_range/, /tlb_finish_mmu/, /xa_load/],
    later: true,
  },
  {
    name: 'G6-13: the fault clears the entry of the parent, and that of the child stays',
    variant: 'filters-by-device',
    scenario: 'nouveau-child',
    property: 'P-NOUAF',
    message: /uses a page that was freed/,
    steps: [
      /xa_store/,
      /mn_itree_inv_start_range/,
      /PFNCLR of the parent/,
      /copy_highpage/,
      /put_page\(vmf->page\)/,
      /xa_load/,
    ],
    later: true,
  },
  {
    name: 'G6-14: the svmm that the page names was freed',
    variant: 'without-page-holds-mirror',
    scenario: 'nouveau-child',
    property: 'P-LIFE',
    message: /svmm that was freed/,
    steps: [/mmu_notifier_put/, /svmm = spage->zone_device_data/],
  },
  {
    name: 'G6-14: its vmm is gone',
    variant: 'without-to-ram-checks-mirror',
    scenario: 'nouveau-child',
    property: 'P-LIFE',
    message: /vmm is NULL/,
    steps: [/svmm->vmm = NULL/, /PFNCLR of the parent/],
  },
  {
    name: 'G6-15, first half: the GPU writes the source after its copy, and reads the copy',
    variant: 'nouveau-6.12',
    scenario: 'nouveau-migrate',
    property: 'P-INV',
    message: /still has the entry/,
    steps: [/xa_store/, /ptep_get_and_clear/, /copy_highpage/],
    later: true,
  },
  {
    name: 'G6-15, second half: what was moved is zapped, and then mapped to the GPU',
    variant: 'without-map-by-fault',
    scenario: 'nouveau-dontneed',
    property: 'P-NOUAF',
    message: /uses a page that was freed/,
    steps: [/PFNCLR/, /copy_highpage/, /xa_store\(\): BACKING_PAGE/, /zap_pte_range/, /xa_load/],
    later: true,
  },
  {
    name: 'G6-17: a copy fails, and the page that was to have it is mapped',
    variant: 'nouveau-6.12',
    scenario: 'nouveau-evict',
    property: 'P-CONTENT',
    message: /reads an old value/,
    steps: [/__GFP_NOFAIL/, /copy_func/, /remove_migration_pte/, /the CPU reads/],
  },
  {
    name: 'G6-18: a hole is filled, its device page is mapped to the GPU all the same, and freed',
    variant: 'maps-unmoved',
    scenario: 'nouveau-migrate',
    property: 'P-NOUAF',
    message: /uses a page that was freed/,
    steps: [
      /if \(pte_none\(\*ptep\)\) set_pte_at/,
      /zone_device_page_init/,
      /xa_store\(\): BACKING_PAGE/,
      /folio_unlock\(\); folio_put/,
      /xa_load/,
    ],
    later: true,
  },
]

testBugs(mirror6Protocol, bugs)
