/**
 * The row of nouveau: the choices in which it differs from lib/test_hmm.c, and the parts that only it has or lacks. Its
 * text in 6.1.192 and 6.12.117 is the same in all that is modelled.
 */
import { fix } from 'hmmcheck'

const svm = '6.12 nouveau_svm.c'
const dmem = '6.12 nouveau_dmem.c'

// The row.
/** The entries are dropped by a classic notifier; the interval notifier only sets its number. */
export const classic_zaps = fix('classic-zaps')
/** The interval notifier is inserted for each fault, and removed after it. */
export const inserts_for_fault = fix('inserts-for-fault')
/** The device translates with entries of its own, and asks for no lock of the driver. */
export const translates_alone = fix('translates-alone')

// Corrections: none of them is in a kernel that was read.
export const release_drops = fix('release-drops', {
  kind: 'correction',
  source: `G6-10: ${svm} nouveau_mn_ops lacks it`,
  summary: 'the classic notifier has a release method, which drops all entries',
})
export const page_holds_mirror = fix('page-holds-mirror', {
  kind: 'correction',
  source: `G6-14: ${svm} nouveau_svmm_fini lacks it`,
  summary: 'a page of device memory holds a reference to the svmm in its zone_device_data',
})
export const to_ram_checks_mirror = fix('to-ram-checks-mirror', {
  kind: 'correction',
  source: `G6-14: ${dmem} nouveau_dmem_migrate_to_ram lacks it`,
  summary: 'a fault on device memory asks, under the mutex of that svmm, whether its vmm is still there',
})
export const evict_checks_copy = fix('evict-checks-copy', {
  kind: 'correction',
  source: `G6-17: ${dmem} nouveau_dmem_evict_chunk lacks it`,
  summary: 'an eviction leaves a page where it is if its copy has failed',
})

// Checks.
export const maps_only_moved = fix('maps-only-moved', {
  kind: 'check',
  source: '6.1 lib/test_hmm.c dmirror_migrate_finalize_and_map; nouveau lacks it: G6-18',
  summary: 'a migration that maps to the device maps what migrate_vma_pages() has moved, and nothing else',
})
export const classic_after_interval = fix('classic-after-interval', {
  kind: 'check',
  source: '6.1 mm/mmu_notifier.c __mmu_notifier_invalidate_range_start',
  summary: 'a bracket calls classic notifiers after the interval notifiers',
})

// What a scenario has.
/** The page in device memory was inherited from a parent, whose svmm its zone_device_data names. */
export const inherited_page = fix('inherited-page')
/** The call that moves memory takes the mm of whoever calls, and the mirror of the file. */
export const binds_current = fix('binds-current')
/** The driver's copy engine may fail. */
export const copies_may_fail = fix('copies-may-fail')
