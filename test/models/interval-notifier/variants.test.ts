/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { intervalNotifierProtocol } from '../../../models/interval-notifier/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1, Sub: 1, Notifier: 1, Va: 1 },
  constants: { registers: true, subscribes: true, faults: true, 'classic-listed': true, passes: 'two' },
  own: [],
}

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'remove-waits-under-lock': [
    'bump',
    'mmu_interval_notifier_insert',
    'mmu_interval_notifier_remove',
    'oom_reap_task_mm',
    'range_fault',
    'wp_page_copy',
    'zap_page_range',
  ],
  'refused-list-ends': ['bump', 'oom_reap_task_mm'],
  'failed-list-ends': ['oom_reap_task_mm'],
  'register-takes-vma-locks': ['__mmu_notifier_register'],
  'start-lock': ['bump', 'oom_reap_task_mm', 'wp_page_copy', 'zap_page_range'],
  'end-lock': ['bump', 'oom_reap_task_mm', 'wp_page_copy', 'zap_page_range'],
  'insert-lock': ['bump', 'mmu_interval_notifier_insert'],
  'remove-lock': ['mmu_interval_notifier_remove'],
  'read-lock': ['range_fault'],
  'callback-lock': ['invalidate', 'invalidate_finish', 'mutex_trylock'],
  'commit-lock': ['range_fault'],
  'callback-sets-seq': ['bump', 'invalidate'],
  'commit-checks-seq': ['range_fault'],
  'reader-waits': ['range_fault'],
  'insert-invalidates': ['mmu_interval_notifier_insert'],
  'insert-defers': ['mmu_interval_notifier_insert'],
  'remove-defers': ['mmu_interval_notifier_remove'],
  'remove-unlinks': ['mmu_interval_notifier_remove'],
  'remove-waits': ['mmu_interval_notifier_remove'],
  'refused-tree-ends': ['bump', 'oom_reap_task_mm'],
  'zap-before-remove': ['subscribe'],
  'finish-before-change': ['invalidate_finish', 'oom_reap_task_mm', 'wp_page_copy', 'zap_page_range'],
  'register-takes-locks': ['__mmu_notifier_register'],
}

describe.each(intervalNotifierProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(intervalNotifierProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['registers', 'subscribes', 'faults', 'classic-listed', 'passes']
  expect(intervalNotifierProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    intervalNotifierProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(intervalNotifierProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(intervalNotifierProtocol, { base: 'as-merged', redundant: /redundant/ })
