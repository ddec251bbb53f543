/**
 * The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. Those
 * of the row test-hmm-6.1 have the events of the recordings of that kernel, in their order.
 */
import { mirror6Protocol } from '../../../models/mirror-6/protocol.ts'
import { testBugs, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'fault 2a: the device writes the source of a migration after its copy, and reads the copy',
    variant: 'test-hmm-6.1',
    scenario: 'migrate',
    property: 'P-CONTENT',
    message: /reads an old value/,
    steps: [/copy_highpage/, /memcpy/, /xa_store.*BACKING_PAGE/, /xa_load/, /memcpy/],
    later: true,
  },
  {
    name: 'fault 2b: what the walk has found survives the migration of the page',
    variant: 'test-hmm-6.1',
    scenario: 'to-ram',
    property: 'P-NOUAF',
    message: /freed/,
    steps: [
      /ptep_get/,
      /mn_itree_inv_start_range/,
      /copy_highpage/,
      /put_page\(vmf->page\)/,
      /mmu_interval_read_retry/,
      /xa_store/,
      /memcpy/,
    ],
    later: true,
  },
  {
    // The shortest form: a hole that was filled. recorded.test.ts has that of the recording.
    name: 'fault 4: a callback erases, the migration maps, and then the entry is zapped under it',
    variant: 'test-hmm-6.1',
    scenario: 'migrate-dontneed',
    property: 'P-NOUAF',
    message: /freed/,
    steps: [
      /xa_erase/,
      /copy_highpage/,
      /xa_store.*BACKING_PAGE/,
      /folio_unlock\(\); folio_put/,
      /zap_pte_range/,
      /memcpy/,
    ],
    later: true,
  },
  {
    name: 'B-39: the migration drops the entry of one mirror, and the callback of the other leaves its own alone',
    variant: 'filters-by-device',
    scenario: 'two-mirrors',
    property: 'P-NOUAF',
    message: /freed/,
    steps: [/xa_store/, /mn_itree_inv_start_range/, /xa_erase/, /copy_highpage/, /put_page\(vmf->page\)/, /memcpy/],
    later: true,
  },
  {
    name: 'fault 3: an access goes through an entry that was erased without the lock',
    variant: 'erases-unlocked',
    scenario: 'to-ram',
    property: 'P-NOUAF',
    message: /freed/,
    steps: [/xa_load/, /xa_erase/, /put_page\(vmf->page\)/, /memcpy/],
  },
  {
    name: 'B-37: the driver looks at a page before the number',
    variant: 'without-touches-after-retry',
    scenario: 'fault',
    property: 'P-NOUAF',
    message: /looks at a struct page/,
    steps: [/ptep_get/, /zap_pte_range/, /tlb_finish_mmu/, /set_page_dirty/],
  },
  {
    name: 'B-40: without the fix alone',
    variant: 'without-map-by-fault',
    scenario: 'migrate-dontneed',
    property: 'P-NOUAF',
    message: /freed/,
    steps: [/zone_device_page_init/, /xa_erase/, /xa_store.*BACKING_PAGE/, /zap_pte_range/, /memcpy/],
    later: true,
  },
]

testBugs(mirror6Protocol, bugs)
