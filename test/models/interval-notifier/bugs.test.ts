/**
 * The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down; and
 * who waits for ever.
 */
import { expect, test } from 'vitest'
import { intervalNotifierProtocol } from '../../../models/interval-notifier/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, type Bug, worldOf } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'B-11: a removal returns between the number and the work that was deferred to it',
    variant: 'without-remove-waits-under-lock',
    scenario: 'fault',
    sizes: { cpus: 1 },
    property: 'P-LIFE',
    message: /deferred_list: the subscription was freed/,
    steps: [
      /mn_itree_inv_start_range/,
      /mmu_interval_notifier_remove/,
      /inv_end.*invalidate_seq/,
      /wait_event/,
      /kfree/,
      /deferred_list/,
    ],
  },
  {
    name: 'B-12: the classic list refuses, and the bracket stays counted',
    variant: 'without-refused-list-ends',
    scenario: 'refused',
    sizes: {},
    property: 'P-BAL',
    steps: [/mn_itree_inv_start_range/, /invalidate_range_start/, /EAGAIN/],
  },
  {
    name: 'B-13: a notifier that has counted gets no end',
    variant: 'without-failed-list-ends',
    scenario: 'classic',
    property: 'P-BAL',
    steps: [/invalidate_range_start/, /invalidate_range_start/, /EAGAIN/],
  },
  {
    name: 'B-15: a fault under the lock of its VMA ends what it has not started',
    variant: 'without-register-takes-vma-locks',
    scenario: 'register',
    property: 'P-BAL-PAIR',
    message: /had no start/,
    steps: [/mm_has_notifiers/, /__mmu_notifier_register/, /mm_has_notifiers/],
  },
  {
    name: 'two passes: the page table changes between them',
    variant: 'without-finish-before-change',
    scenario: 'two-pass',
    property: 'P-INV',
    message: /still has an entry/,
    steps: [/the device entry is made/, /mmu_interval_set_seq/, /ptep_get_and_clear/],
  },
  {
    name: 'a subscription that is inserted while a bracket is open',
    variant: 'without-insert-invalidates',
    scenario: 'fault',
    sizes: { cpus: 1 },
    property: 'P-INV',
    steps: [
      /mn_itree_inv_start_range/,
      /mmu_interval_notifier_insert/,
      /hmm_range_fault/,
      /the device entry is made/,
      /ptep_get_and_clear/,
    ],
  },
  {
    name: 'a reader that does not wait for the brackets that are open',
    variant: 'without-reader-waits',
    scenario: 'fault',
    sizes: { cpus: 1 },
    property: 'P-INV',
    steps: [/mn_itree_inv_start_range/, /mmu_interval_read_begin/, /the device entry is made/, /ptep_get_and_clear/],
  },
]

testBugs(intervalNotifierProtocol, bugs)

/** Who waits for ever, and where. */
test.each([
  ['who faults or removes, once a bracket was refused and not ended (B-12)', 'without-refused-list-ends', 'refused'],
  ['the same in the kernel as it is', 'as-7.0', 'refused'],
  ['the same where an interval notifier refuses', 'without-refused-tree-ends', 'reaper'],
] as const)('%s waits for ever', async (_, variant, scenario) => {
  const found = async (one: string) =>
    (
      await check(worldOf(intervalNotifierProtocol, { variant: one, scenario, sizes: undefined }), {
        properties: ['recoverable'],
      })
    ).verdict
  expect(await found(variant)).toBe('violated')
  expect(await found('fixed')).toBe('holds')
})
