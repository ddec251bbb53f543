/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { mirror6Protocol } from '../../../models/mirror-6/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1, Sub: 2, Zapper: 1, Page: 2, Va: 1 },
  constants: { migrates: true, 'starts-in-device': true },
  own: [],
}

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'own-migrate-sets-seq': ['dmirror_interval_invalidate'],
  'own-migrate-zaps': ['dmirror_interval_invalidate'],
  // Nobody asks whose a migration is where a callback does its work for every one.
  'owner-is-mirror': [],
  'erase-under-lock': ['dmirror_devmem_fault', 'thread device'],
  'map-by-fault': ['dmirror_migrate_to_device'],
  'maps-backing': ['dmirror_range_fault'],
  'callback-lock': ['dmirror_interval_invalidate', 'mutex_trylock'],
  'commit-lock': ['dmirror_range_fault'],
  'callback-sets-seq': ['bump', 'dmirror_interval_invalidate'],
  'callback-zaps': ['dmirror_interval_invalidate'],
  'commit-checks-seq': ['dmirror_range_fault'],
  'walk-checks-seq': ['dmirror_range_fault'],
  'reader-waits': ['dmirror_range_fault'],
  'touches-after-retry': ['dmirror_range_fault'],
}

describe.each(mirror6Protocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(mirror6Protocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['migrates', 'starts-in-device']
  expect(mirror6Protocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    mirror6Protocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(mirror6Protocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(mirror6Protocol, { base: 'test-hmm-6.1-shipped', redundant: /redundant/ })
