/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { expect, test } from 'vitest'
import { events2016Protocol } from '../../../models/events-2016/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, type Bug, worldOf } from '../known-bugs.ts'

const migrated = /hmm_pte = dst/

const bugs: readonly Bug[] = [
  {
    name: 'B-16: a bracket between unlisting a mirror and its release',
    variant: 'without-release-before-unlist',
    scenario: 'exit',
    property: 'P-NOUAF',
    message: /the device/,
    steps: [/mirror = hlist_entry/, /srcu_read_unlock/, /put_page/, /the device/],
  },
  {
    name: 'B-16: the same, when a driver fails',
    variant: 'unlisted-first',
    scenario: 'addresses',
    property: 'P-NOUAF',
    message: /the device/,
    steps: [/hmm_mirror_kill/, /HMM_MUNMAP\); hmm_mirror_update_pt/, /hlist_del_init/, /the device/],
  },
  {
    name: 'B-66: a bracket does not wait for a migration',
    variant: 'without-migrate-listed',
    scenario: 'migrate',
    property: 'P-AGREE',
    steps: [/hmm_entry_locked/, /ptep_get_and_clear_full/, /set_pte_at/],
  },
  {
    name: 'B-67: a second struct hmm',
    variant: 'without-register-finds-hmm',
    scenario: 'registration',
    property: 'P-INV',
    steps: [/mm->hmm = hmm/, /mm->hmm = hmm/, /if \(hmm->mm->hmm != hmm\) return/],
  },
  {
    name: 'B-69: the second fault forgets the only copy',
    variant: 'second-faulter',
    scenario: 'faulters',
    property: 'P-CONTENT',
    message: /SIGBUS/,
    steps: [migrated, /is_hmm_entry_locked/, /\? dst : 0/, /is_hmm_entry_locked/, /hmm_poison/, /is_hmm_entry_locked/],
  },
  {
    name: 'B-69: a fault without memory forgets the only copy',
    variant: 'without-forget-only-own',
    scenario: 'memory',
    property: 'P-REF-DEVICE',
    steps: [migrated, /alloc_zeroed_user_highpage_movable/, /\? dst : 0/],
  },
  {
    name: "B-71: the parent's mirror gets the child's page",
    variant: 'without-fork-keeps-mirror',
    scenario: 'fork',
    property: 'P-ISO',
    steps: [migrated, /copy_from_device\(HMM_FORK\)/, /HMM_FORK\) hmm_pte = dst/],
  },
  {
    name: 'B-72: an entry that was put back is overwritten',
    variant: 'without-cleanup-skips-restored',
    scenario: 'pinned',
    property: 'P-REF',
    steps: [
      /get_user_pages/,
      /page_mapcount\(page\) != page_count\(page\)/,
      /hmm_pte_test_valid_dev\(&dst\) \? hmm_entry : save_pte/,
    ],
  },
  {
    name: 'B-73: a copy that failed is taken over',
    variant: 'without-abort-restores',
    scenario: 'failures',
    property: 'P-CONTENT',
    message: /SIGBUS/,
    steps: [/copy; dst/, migrated, /hmm_poison/, /is_hmm_entry_locked/],
  },
  {
    name: 'B-74: the last reference goes in a callback under mmap_sem',
    variant: 'destroy-in-callback',
    scenario: 'unregister',
    property: 'lock-deadlock',
    steps: [/__down_write\(&mm\.mmap_sem/, /hmm_mirror_unregister/, /kref_put\(&hmm->kref\)/],
  },
  {
    name: 'B-74: the same, where the driver has dropped its own reference',
    variant: 'driver-drops-reference',
    scenario: 'unregister',
    property: 'lock-deadlock',
    steps: [/hmm_mirror_unregister/, /__down_write\(&mm\.mmap_sem/, /kref_put\(&hmm->kref\)/],
  },
  {
    name: 'HMM_ISDIRTY leaves the right to write in the mirror',
    variant: 'without-isdirty-protects',
    scenario: 'dirty',
    property: 'P-PERM',
    steps: [/HMM_ISDIRTY/, /clear_soft_dirty/, /ops->update\(mirror, event\)/],
  },
  {
    name: 'what the device writes while it is copied',
    variant: 'without-driver-write-protects',
    scenario: 'migrate',
    property: 'P-WP',
    steps: [migrated, /copy_from_device\(\): copy/],
  },
  {
    name: 'B-75: the device goes before its lock is left',
    variant: 'without-device-spinlock',
    scenario: 'unregister',
    property: 'P-LIFE',
    message: /mutex_unlock\(&device->lock\)/,
    steps: [/device->ops->free/, /list_empty\(&device->mirrors\)/, /kfree\(device\)/, /looks for those who wait/],
  },
  {
    name: 'B-76: a dirty bit after the right to write',
    variant: 'without-dirty-without-write',
    scenario: 'dirty',
    property: 'P-DIRTY',
    steps: [/the device writes/, /HMM_WRITE_PROTECT/, /HMM_ISDIRTY|HMM_MIGRATE/],
  },
  {
    name: 'B-86: a new page before invalidate_page',
    variant: 'without-rmap-brackets',
    scenario: 'mirror',
    property: 'misuse: BUG_ON(hmm_pte_pfn(hmm_pte[i]) != pte_pfn(*ptep))',
    steps: [/ptep_clear_flush/, /set_pte_at/, /hmm_pte = \*ptep/],
  },
  {
    name: 'B-87: one dst[] for all mirrors',
    variant: 'without-dst-per-mirror',
    scenario: 'two-mirrors',
    property: 'P-CONTENT',
    message: /SIGBUS/,
    steps: [migrated, /copy_from_device\(\): copy/, /copy_from_device\(\): copy/, /hmm_poison/],
  },
]

testBugs(events2016Protocol, bugs)

test.each([
  [
    'B-69 needs two addresses, or two faults',
    { variant: 'without-forget-only-own', scenario: 'migrate' },
    ['P-CONTENT', 'P-REF-DEVICE'],
  ],
  [
    'B-74 needs an unregistration that does not wait for callbacks',
    { variant: 'without-destroy-unlocked', scenario: 'unregister' },
    ['lock-deadlock'],
  ],
  [
    'B-16 needs entries that are filled while the mirror is killed',
    { variant: 'without-release-before-unlist', scenario: 'addresses' },
    ['P-NOUAF'],
  ],
] as const)('%s', async (_, one, properties) => {
  const result = await check(worldOf(events2016Protocol, one), { properties: [...properties] })
  expect(result.properties.map(({ verdict }) => verdict)).toEqual(properties.map(() => 'holds'))
})
