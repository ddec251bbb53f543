/** The known bugs, each as the schedule that a kernel reader would write down; and who goes round for ever. */
import { expect, test } from 'vitest'
import { ownerCowProtocol } from '../../../models/owner-cow/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, type Bug, worldOf } from '../known-bugs.ts'

/** The process forks, the page goes to the device, and the device writes what it was not allowed to. */
const leak = [
  /fork\(\)/,
  /to the device/,
  /hmm_range_fault\(\) = 0/,
  /the device writes/,
  /migrate_to_ram\(\)/,
  /the CPU reads/,
]

const bugs: readonly Bug[] = [
  {
    name: "G6-02: xe makes an entry with the rights of the vma, and the child reads the parent's write",
    variant: 'as-7.0',
    scenario: 'xe',
    property: 'P-ISO',
    message: /the CPU reads what another process has written/,
    steps: leak,
    later: true,
  },
  {
    name: 'G6-02: amdkfd does so without a fault, in its restore worker',
    variant: 'as-7.0',
    scenario: 'kfd',
    property: 'P-ISO',
    message: /the CPU reads what another process has written/,
    steps: [...leak.slice(0, 2), /svm_range_restore_work/, ...leak.slice(2)],
    later: true,
  },
  {
    name: 'B-58: lib/test_hmm.c fails',
    variant: 'as-7.0',
    scenario: 'test-hmm',
    property: 'P-SERVED',
    message: /no right to write/,
    steps: [/fork\(\)/, /to the device/, /the device faults/, /hmm_range_fault\(\) = 0/],
  },
  {
    name: "B-31: another device's page",
    variant: 'as-merged',
    scenario: 'two-devices',
    property: 'P-SERVED',
    message: /another device's page/,
    steps: [/to the device/, /the device faults/, /-EFAULT/],
  },
  {
    name: 'B-65: the right to write is lost on the way back',
    variant: 'without-migration-keeps-write',
    scenario: 'no-fork',
    property: 'P-PERM',
    steps: [/to the device/, /do_swap_page/, /migrate_to_ram/],
  },
]

testBugs(ownerCowProtocol, bugs)

/** Who goes round for ever, and the row in which nobody does. */
test.each([
  ['nouveau replays the fault (B-58)', 'as-7.0', 'nouveau-alone', 'nouveau'],
  ['amdkfd, if hmm_range_fault() alone is corrected (D-14)', 'without-driver-moves-own-pages', 'kfd', 'xe'],
] as const)('%s for ever', async (_, variant, scenario, other) => {
  const found = async (one: string, where: string) =>
    (
      await check(worldOf(ownerCowProtocol, { variant: one, scenario: where, sizes: undefined }), {
        properties: ['recoverable'],
      })
    ).verdict
  expect(await found(variant, scenario)).toBe('violated')
  expect(await found(variant, other)).toBe('holds')
  expect(await found('fixed', scenario)).toBe('holds')
})
