/**
 * The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down; and
 * the world that is too small.
 */
import { expect, test } from 'vitest'
import { mirror2017Protocol } from '../../../models/mirror-2017/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, testOrders, type Bug, worldOf } from '../known-bugs.ts'

const smallest = { cpus: 1, devices: 1, pages: 1, addresses: 1 }

const bugs: readonly Bug[] = [
  {
    name: 'B-01: the device uses a page between range_start and range_end',
    variant: 'without-invalidate-at-start',
    scenario: 'mirror',
    sizes: smallest,
    property: 'P-NOUAF',
    message: /the device \w+ a page that was freed/,
    steps: [/hmm_invalidate_range_start/, /ptep_clear_flush/, /the device/],
  },
  {
    name: 'B-02: a range that is registered inside a bracket',
    variant: 'without-count-open-brackets',
    scenario: 'mirror',
    sizes: smallest,
    property: 'P-NOUAF',
    message: /the device \w+ a page that was freed/,
    steps: [/up_read\(&hmm->mirrors_sem\)/, /hmm_vma_get_pfns/, /ptep_clear_flush/, /the device/],
  },
  {
    name: 'B-08: a new page before invalidate_page',
    variant: 'without-rmap-brackets',
    scenario: 'mirror',
    property: 'P-AGREE',
    steps: [/driver->pte/, /ptep_clear_flush/, /set_pte_at/],
  },
  {
    name: 'B-17: the notifier pins the mm_struct',
    variant: 'without-unregister-unhooks',
    scenario: 'teardown',
    sizes: smallest,
    property: 'P-REF-MM',
    steps: [/mmput\(mm\): mm_users = 0/],
  },
  {
    name: 'B-78: the device table outlives the process',
    variant: 'without-release-callback',
    scenario: 'exit',
    sizes: smallest,
    property: 'P-NOUAF',
    message: /the device/,
    steps: [/mm_users = 0/, /hlist_del_init_rcu/, /the device/],
  },
  {
    name: 'B-79: a callback before mm->hmm is set',
    variant: 'without-publish-before-callback',
    scenario: 'registration',
    sizes: smallest,
    property: 'P-LIFE',
    message: /VM_BUG_ON\(!hmm\)/,
    steps: [/__mmu_notifier_register/, /hmm_invalidate_range_start/],
  },
  {
    name: 'B-81: a driver that compares hmm->sequence',
    variant: 'driver-reads-sequence',
    scenario: 'mirror',
    sizes: smallest,
    property: 'P-RETRY',
    message: /out of date/,
    steps: [/hmm_invalidate_range_start/, /hmm_vma_get_pfns/, /pte = \*ptep/, /ptep_clear_flush/, /driver->pte/],
  },
  {
    name: 'B-82: hmm_mirror_unregister in a callback',
    variant: 'callback-unregisters',
    scenario: 'mirror',
    sizes: smallest,
    property: 'lock-deadlock',
    steps: [/__down_read\(&hmm/, /rwsem_down_write_failed\(&hmm/],
  },
  {
    name: 'B-83: a writer between two readers, the first of which waits for the second',
    variant: 'callback-waits',
    scenario: 'reclaim',
    property: 'lock-deadlock',
    steps: [/__down_read\(&hmm/, /rwsem_down_write_failed\(&hmm/, /rwsem_down_read_failed\(&hmm/],
  },
  {
    name: 'B-84: hmm_mirror_unregister twice',
    variant: 'unregister-twice',
    scenario: 'registration',
    sizes: smallest,
    property: 'P-LIFE',
    message: /hmm_mirror_unregister\(\) of a mirror that is not registered/,
    steps: [/kfree_hmm/, /hmm = mirror->hmm/],
  },
  {
    name: 'B-88: a snapshot that nobody asks about',
    variant: 'without-range-done-check',
    scenario: 'mirror',
    sizes: smallest,
    property: 'P-RETRY',
    message: /out of date/,
    steps: [/pte = \*ptep/, /ptep_clear_flush/, /driver->pte/],
  },
  {
    name: 'a bracket between unlinking a mirror and its release',
    variant: 'without-release-before-unlink',
    scenario: 'exit',
    sizes: smallest,
    property: 'P-NOUAF',
    message: /the device/,
    steps: [
      /list_del_init\(&mirror->list\)/,
      /else of if \(hmm\[hmm\]\.mirrors has device\)/,
      /ptep_clear_flush/,
      /the device/,
    ],
  },
]

testBugs(mirror2017Protocol, bugs)

test.each([
  ['B-08 needs a second page', { ...smallest, cpus: 2 }],
  ['B-08 needs a second CPU, to fault while the first is in its callback', { ...smallest, pages: 2 }],
])('%s', async (_, sizes) => {
  const { properties } = await check(
    worldOf(mirror2017Protocol, { variant: 'without-rmap-brackets', scenario: 'mirror', sizes }),
    { properties: ['P-AGREE', 'P-AGREE-STATE'] },
  )
  expect(properties.map(({ verdict }) => verdict)).toEqual(['holds', 'holds'])
})

testOrders(mirror2017Protocol, [
  {
    name: 'B-80: the loser of two registrations waits for callbacks, with mmap_sem held',
    variant: 'loser-unregisters',
    scenario: 'second-struct',
    cycle: ['mmap_sem → srcu', 'srcu → mmap_sem'],
  },
  {
    name: 'who does not lose does not wait: a callback that takes mmap_sem is wrong all the same, as registration takes every lock of the reverse map',
    variant: 'loser-unregisters',
    scenario: 'second-struct',
    constants: { 'present-check': true },
    cycle: ['mmap_sem → i_mmap_rwsem', 'i_mmap_rwsem → mmap_sem'],
  },
  {
    name: 'B-82: hmm_mirror_unregister in a callback',
    variant: 'callback-unregisters',
    scenario: 'mirror',
    sizes: smallest,
    cycle: ['mirrors_sem → mirrors_sem'],
  },
  {
    name: 'B-82: hmm_mirror_register in a callback',
    variant: 'callback-registers',
    scenario: 'mirror',
    sizes: smallest,
    cycle: ['mirrors_sem → mirrors_sem'],
  },
  {
    name: 'B-83: one CPU is enough for the order, which takes three threads to be a deadlock',
    variant: 'callback-waits',
    scenario: 'mirror',
    sizes: smallest,
    cycle: ['mirrors_sem → driver->work', 'driver->work → mirrors_sem'],
  },
  {
    name: 'B-83: nor is it gone with the deadlock',
    variant: 'callback-waits-fixed',
    scenario: 'mirror',
    sizes: smallest,
    cycle: ['mirrors_sem → driver->work', 'driver->work → mirrors_sem'],
  },
])
