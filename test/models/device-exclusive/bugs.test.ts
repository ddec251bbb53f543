/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { expect, test } from 'vitest'
import { deviceExclusiveProtocol } from '../../../models/device-exclusive/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, type Bug, worldOf } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'B-19: a fault locks a page that was freed',
    variant: 'without-fault-takes-reference',
    scenario: 'nouveau',
    property: 'P-NOUAF',
    message: /folio_lock_or_retry/,
    steps: [/set_pte_at\(device exclusive entry\)/, /orig_pte/, /zap_pte_range/, /folio_lock_or_retry/],
  },
  {
    name: 'B-20: the page is still locked when the fault is over',
    variant: 'as-6.3',
    scenario: 'nouveau',
    property: 'P-LOCK',
    message: /still locked/,
    steps: [/set_pte_at\(device exclusive entry\)/, /mmu_interval_read_retry/, /the fault is over/],
    later: true,
  },
  {
    name: 'B-20: the driver waits for itself',
    variant: 'without-retry-unlocks',
    scenario: 'nouveau',
    property: 'recoverable',
    steps: [/set_pte_at\(device exclusive entry\)/, /mmu_interval_read_retry/],
    later: true,
  },
  {
    name: 'B-21: migration takes an exclusive page for unmapped',
    variant: 'as-6.14',
    scenario: 'migrate',
    property: 'P-RMAP',
    message: /taken for unmapped/,
    steps: [/set_pte_at\(device exclusive entry\)/, /isolate_lru_folio/, /folio_mapped/],
    later: true,
  },
  {
    name: 'B-21: a page that has failed stays in use',
    variant: 'without-keeps-rmap',
    scenario: 'failure',
    property: 'P-POISON',
    message: /has failed/,
    steps: [/set_pte_at\(device exclusive entry\)/, /TestSetPageHWPoison/, /identify_page_state/],
    later: true,
  },
  {
    name: 'B-22: lib/test_hmm.c uses a page that was freed',
    variant: 'as-6.15',
    scenario: 'test-hmm',
    property: 'P-NOUAF',
    message: /freed/,
    steps: [
      /set_pte_at\(device exclusive entry\)/,
      /xa_erase/,
      /zap_pte_range/,
      /xa_store/,
      /folio_unlock/,
      /the device reads/,
    ],
    later: true,
  },
  {
    name: 'G6-12: nouveau gives up because migration has the page lock',
    variant: 'as-6.14',
    scenario: 'migrate',
    property: 'P-SERVED',
    message: /channel is killed/,
    steps: [/folio_lock\(page\)/, /folio_trylock/, /cancel_fault/],
    later: true,
  },
  {
    name: 'fork() fails with -ENOMEM while a device is programmed',
    variant: 'as-6.15',
    scenario: 'fork',
    property: 'P-FORK',
    message: /-ENOMEM/,
    steps: [/set_pte_at\(device exclusive entry\)/, /copy_pte_range/, /fork\(\) returns/],
  },
]

testBugs(deviceExclusiveProtocol, bugs)

/** Who goes round for ever, and what ends it. */
test.each([
  ['a driver whose own GUP sets its number (D-28)', 'as-6.15', 'nouveau-alone'],
  ['lib/test_hmm.c with a look at the number, and without an owner', 'without-test-hmm-passes-owner', 'test-hmm-alone'],
] as const)('%s for ever', async (_, variant, scenario) => {
  const found = async (one: string) =>
    (
      await check(worldOf(deviceExclusiveProtocol, { variant: one, scenario, sizes: undefined }), {
        properties: ['recoverable'],
      })
    ).verdict
  expect(await found(variant)).toBe('violated')
  expect(await found('fixed')).toBe('holds')
})
