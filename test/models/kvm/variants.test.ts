/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { kvmProtocol } from '../../../models/kvm/protocol.ts'
import { placesOfDifference } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

const worlds = [
  { 'has-memslot': true, 'lockless-fault': false, 'has-apic-page': true, 'has-cache': true, 'has-faults': true },
  { 'has-memslot': true, 'lockless-fault': true, 'has-apic-page': false, 'has-cache': false, 'has-faults': false },
]

const placesOf = (name: string): readonly string[] =>
  [
    ...new Set(
      worlds.flatMap((constants) =>
        placesOfDifference(kvmProtocol, 'fixed', `without-${name}`, {
          sizes: { Cpu: 1, Va: 1, Page: 1 },
          constants,
          own: [],
        }),
      ),
    ),
  ].toSorted()

const spinlock = ['spin_lock', 'spin_unlock']
/** The procedures in which each fix is seen; of a spinlock, the lock alone. */
const where: Readonly<Record<string, readonly string[]>> = {
  'reads-ordered': ['user_mem_abort'],
  'samples-under-mmap-lock': ['user_mem_abort'],
  'memslots-wait': ['kvm_swap_active_memslots'],
  'cache-checks-locked': ['hva_to_pfn_retry', 'spin_lock', 'spin_unlock'],
  'seq-without-slot': ['bump', 'kvm_mmu_notifier_invalidate_range_end'],
  'reload-after-change': ['kvm_mmu_notifier_invalidate_range_start', 'madvise', 'mmap_fixed'],
  'start-lock': spinlock,
  'fault-lock': spinlock,
  'invalidate-lock': spinlock,
  'refresh-lock': spinlock,
  'memslots-lock': ['kvm_swap_active_memslots'],
  'fault-checks-count': ['user_mem_abort'],
  'fault-checks-seq': ['user_mem_abort'],
  'hull-grows': ['kvm_mmu_notifier_invalidate_range_start'],
  'cache-checks-count': ['hva_to_pfn_retry'],
  'cache-checks-seq': ['hva_to_pfn_retry'],
  'refresh-invalidates': ['hva_to_pfn_retry'],
}

describe.each(kvmProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOf(name)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = Object.keys(worlds[0] ?? {})
  const names = kvmProtocol.fixes.map(({ name }) => name).toSorted()
  const constants = kvmProtocol.model.constants.map(({ name }) => name)
  expect(constants.filter((name) => !others.includes(name)).toSorted()).toEqual(names)
  expect(Object.keys(where).toSorted()).toEqual(names)
})

testSettings(kvmProtocol, { base: 'as-merged', redundant: /redundant/ })
