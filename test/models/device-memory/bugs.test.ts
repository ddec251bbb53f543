/**
 * The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down; and
 * who waits for ever.
 */
import { expect, test } from 'vitest'
import { deviceMemoryProtocol } from '../../../models/device-memory/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, type Bug, worldOf } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'B-18: a fault on device memory has only a pointer',
    variant: 'without-fault-holds-reference',
    scenario: 'life',
    sizes: { cpus: 1 },
    property: 'P-NOUAF',
    message: /vmf->page is a page that was freed/,
    steps: [/orig_pte = \*ptep/, /ptep_get_and_clear/, /vmf->page->pgmap->ops/],
  },
  {
    name: 'B-32: removal does not wait',
    variant: 'removes-without-waiting',
    scenario: 'remove',
    property: 'P-NOUAF',
    message: /gone with its memmap/,
    steps: [/mdevice->free_pages/, /percpu_ref_kill/, /pageunmap_range/],
  },
  {
    name: 'B-32b: the map is removed under a fault',
    variant: 'without-fault-holds-reference',
    scenario: 'remove',
    property: 'P-LIFE',
    message: /vmf->page->pgmap->ops: the map was removed/,
    steps: [/orig_pte = \*ptep/, /percpu_ref_kill/, /pageunmap_range/, /vmf->page->pgmap->ops/],
  },
  {
    name: 'B-33: a page is given out after percpu_ref_kill()',
    variant: 'as-5.18',
    scenario: 'idle',
    property: 'P-UNPLUG',
    steps: [/mdevice->free_pages/, /percpu_ref_kill/, /pageunmap_range/],
  },
  {
    name: 'B-33: eviction takes a free page for one in use',
    variant: 'evicts-what-is-free',
    scenario: 'idle',
    property: 'P-REF',
    steps: [/get_page_unless_zero/],
  },
  {
    name: 'B-34: a batch of puts loses a page',
    variant: 'one-more-release-pages',
    scenario: 'life',
    sizes: { cpus: 1 },
    property: 'P-REF',
    steps: [/mdevice->free_pages/, /ptep_get_and_clear/],
  },
  {
    name: 'B-41: a page points to a mirror that was freed',
    variant: 'without-close-evicts',
    scenario: 'close',
    sizes: { cpus: 1 },
    property: 'P-LIFE',
    message: /zone_device_data: the mirror was freed/,
    steps: [/fdget/, /fput/, /kfree\(dmirror\)/, /zone_device_data/],
  },
  {
    name: 'B-41: a page that is faulted on is not evicted',
    variant: 'without-evict-until-free',
    scenario: 'close',
    property: 'P-LIFE',
    message: /zone_device_data: the mirror was freed/,
    steps: [/get_page\(vmf->page\)/, /get_page_unless_zero/, /kfree\(dmirror\)/, /zone_device_data/],
  },
  {
    name: 'B-43: nobody evicts, and nobody faults',
    variant: 'without-evict-before-remove',
    scenario: 'idle',
    property: 'deadlock',
    steps: [/free_pages/, /percpu_ref_kill/],
  },
  {
    name: 'B-44: a page that was popped, and has no reference yet',
    variant: 'without-pop-takes-reference',
    scenario: 'remove',
    property: 'P-LIFE',
    message: /zone_device_page_init/,
    steps: [/mdevice->free_pages/, /percpu_ref_kill/, /zone_device_page_init/],
  },
  {
    name: 'B-60: the map of a page that nobody holds',
    variant: 'without-snapshot-under-ptl',
    scenario: 'remove',
    property: 'P-NOUAF',
    message: /hmm_range_fault/,
    steps: [/if \(mm\.pte\[va\] is device_private/, /pageunmap_range/, /pgmap->owner/],
  },
  {
    name: 'A.8.3: GUP-fast pins device memory',
    variant: 'gup-takes-device-page',
    scenario: 'pin',
    property: 'P-NOPIN',
    steps: [/free_pages/, /try_grab_page/, /gup_put_folio/],
  },
  {
    name: 'A.8.3: a fault hands on its page',
    variant: 'fault-hands-on-device-page',
    scenario: 'pin',
    property: 'P-NOPIN',
    steps: [/free_pages/, /get_page\(vmf->page\)/],
  },
]

testBugs(deviceMemoryProtocol, bugs)

/** Who waits for ever, where and for whom: the last step that could have been otherwise. */
test.each([
  ['a CPU, for a page that is pinned', 'gup-takes-device-page', 'pin'],
  ['removal, for a page that is pinned', 'gup-takes-device-page', 'pin-remove'],
  ['a CPU, for a page that its own kind of fault has pinned', 'fault-hands-on-device-page', 'pin'],
  ['removal, for a page that nobody evicts', 'without-evict-before-remove', 'idle'],
] as const)('%s waits for ever', async (_, variant, scenario) => {
  const found = async (one: string) =>
    (
      await check(worldOf(deviceMemoryProtocol, { variant: one, scenario, sizes: undefined }), {
        properties: ['recoverable'],
      })
    ).verdict
  expect(await found(variant)).toBe('violated')
  expect(await found('fixed')).toBe('holds')
})

test('who faults brings the page back: removal then waits for it, and not for ever', async () => {
  expect(
    (
      await check(
        worldOf(deviceMemoryProtocol, { variant: 'without-evict-before-remove', scenario: 'remove', sizes: undefined }),
        { properties: ['recoverable', 'deadlock'] },
      )
    ).verdict,
  ).toBe('holds')
})
