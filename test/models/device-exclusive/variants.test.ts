/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { deviceExclusiveProtocol } from '../../../models/device-exclusive/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything = (driver: string): World => ({
  sizes: { Cpu: 1, Device: 1, Page: 2 },
  constants: {
    driver,
    'has-readers': true,
    'has-writers': true,
    forks: true,
    protects: true,
    fails: true,
    migrates: true,
    'starts-exclusive': true,
  },
  own: [],
})

/** The procedures and threads in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'fault-takes-reference': ['handle_mm_fault'],
  'retry-unlocks': ['atomic_fault'],
  'keeps-rmap': ['atomic_fault', 'handle_mm_fault', 'thread dontneed', 'thread fork'],
  'make-waits': ['atomic_fault', 'folio_trylock'],
  'make-tries-again': ['atomic_fault'],
  'driver-tries-again': ['atomic_fault'],
  // A fault more: all that a fault of the device can come to.
  'faults-before-seq': [
    'atomic_fault',
    'bump',
    'do_anonymous_page',
    'do_wp_page',
    'folio_wait_locked',
    'handle_mm_fault',
    'migration_entry_wait',
    'mmap_read_lock',
    'mmap_read_unlock',
    'nouveau_svmm_invalidate_range_start',
    'range_invalidate',
    'rwsem_down_read_slowpath',
    'rwsem_handoff',
    'rwsem_mark_wake',
    'rwsem_read_trylock',
    'rwsem_rlock_steal',
    'wp_page_copy',
  ],
  'test-hmm-checks-seq': ['atomic_fault'],
  'test-hmm-passes-owner': ['range_invalidate'],
  'fork-waits': ['thread fork'],
  'callback-lock': ['nouveau_svmm_invalidate_range_start', 'range_invalidate'],
  'commit-lock': ['atomic_fault', 'range_fault'],
  'make-locks': ['atomic_fault'],
  'fault-locks': ['handle_mm_fault'],
  // Only in the fault of the device.
  'mmap-lock': [
    'mmap_read_lock',
    'mmap_read_unlock',
    'rwsem_down_read_slowpath',
    'rwsem_handoff',
    'rwsem_mark_wake',
    'rwsem_read_trylock',
    'rwsem_rlock_steal',
  ],
  'callback-sets-seq': ['bump', 'range_invalidate'],
  'callback-zaps': ['nouveau_svmm_invalidate_range_start'],
  'own-exclusive-passes': ['range_invalidate'],
  'commit-checks-seq': ['atomic_fault'],
  'reader-waits': ['atomic_fault', 'range_fault'],
  'make-asks-write': ['atomic_fault'],
  'make-looks-again': ['atomic_fault'],
  'make-invalidates': ['atomic_fault', 'bump', 'nouveau_svmm_invalidate_range_start', 'range_invalidate'],
  'fault-invalidates': ['bump', 'handle_mm_fault', 'nouveau_svmm_invalidate_range_start', 'range_invalidate'],
  'fault-compares': ['handle_mm_fault'],
  'restore-asks-vma': ['handle_mm_fault', 'thread fork'],
  'protect-invalidates': ['bump', 'nouveau_svmm_invalidate_range_start', 'range_invalidate', 'thread mprotect'],
  'fork-restores': ['folio_trylock', 'thread fork'],
  'fork-trylocks': ['folio_trylock', 'thread fork'],
  'fork-invalidates': ['bump', 'nouveau_svmm_invalidate_range_start', 'range_invalidate', 'thread fork'],
}

describe.each(deviceExclusiveProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    const world = everything(name.startsWith('test-hmm') ? 'test-hmm' : 'nouveau')
    expect(placesOfDifference(deviceExclusiveProtocol, 'fixed', `without-${name}`, world)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['driver', 'form', ...Object.keys(everything('nouveau').constants)]
  expect(deviceExclusiveProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    deviceExclusiveProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(deviceExclusiveProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(deviceExclusiveProtocol, { base: 'as-merged', redundant: /redundant/ })
