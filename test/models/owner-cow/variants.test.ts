/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { ownerCowProtocol } from '../../../models/owner-cow/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Page: 4, Device: 2 },
  constants: {
    'rights-from': 'hmm_pfn',
    'short-of-write-fails': true,
    'declines-own-faults': true,
    forks: true,
    iotlb: true,
    'two-devices': true,
  },
  own: [],
}

/** The procedures and threads in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'foreign-pages-fault': ['range_fault'],
  'owned-pages-fault': ['range_fault'],
  'driver-moves-own-pages': ['range_fault'],
  'fork-protects-device-pages': ['thread fork'],
  'fork-protects-present-pages': ['thread fork'],
  'flush-invalidates': ['range_fault', 'thread cpu-parent', 'thread sva'],
  'fork-invalidates': ['thread fork'],
  'write-copies': ['range_fault', 'thread cpu-child', 'thread cpu-parent', 'thread sva'],
  'copy-invalidates': ['range_fault', 'thread cpu-parent', 'thread sva'],
  'migration-invalidates': ['range_fault', 'thread cpu-child', 'thread cpu-parent', 'thread migrate'],
  'migration-keeps-write': ['range_fault', 'thread cpu-child', 'thread cpu-parent'],
  'migration-keeps-protection': ['range_fault', 'thread cpu-child', 'thread cpu-parent', 'thread migrate'],
  'present-pages-fault': ['range_fault'],
}

describe.each(ownerCowProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(ownerCowProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['rights-from', 'short-of-write-fails', 'declines-own-faults', 'forks', 'iotlb', 'two-devices']
  expect(ownerCowProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    ownerCowProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(ownerCowProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(ownerCowProtocol, { base: 'as-merged', redundant: /redundant/ })
