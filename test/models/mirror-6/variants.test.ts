/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { no_row } from '../../../models/mirror-6/nouveau.ts'
import { mirror6Protocol } from '../../../models/mirror-6/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1, Sub: 2, Zapper: 1, Page: 2, Va: 1 },
  constants: { ...no_row, migrates: true, 'starts-in-device': true, exits: true },
  own: [],
}
/** The same with the row of nouveau, and all that any of its scenarios has. */
const nouveau: World = {
  ...everything,
  constants: {
    ...everything.constants,
    'classic-zaps': true,
    'inserts-for-fault': true,
    'translates-alone': true,
    'inherited-page': true,
    exits: true,
    'copies-may-fail': true,
  },
}

/** A process that forks, and a child that moves memory. */
const forks: World = {
  ...everything,
  constants: { ...everything.constants, exits: false, forks: true, 'binds-current': true },
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
  'fault-gets-mm': ['mmget_not_zero', 'mmput_and_exit', 'thread device'],
  'release-pass': ['bump', 'dmirror_interval_invalidate', 'thread mmput'],
  'unmap-bracket': ['bump', 'dmirror_interval_invalidate', 'thread mmput'],
  'close-removes': ['dmirror_fops_release'],
  'callback-lock': ['dmirror_interval_invalidate', 'mutex_trylock', 'nouveau_svmm_release'],
  'commit-lock': ['dmirror_range_fault'],
  'callback-sets-seq': ['bump', 'dmirror_interval_invalidate'],
  'callback-zaps': ['dmirror_interval_invalidate'],
  'commit-checks-seq': ['dmirror_range_fault'],
  'walk-checks-seq': ['dmirror_range_fault'],
  'reader-waits': ['dmirror_range_fault'],
  'touches-after-retry': ['dmirror_range_fault'],
}
/** The same of those that only nouveau has or lacks. */
const where_nouveau: Readonly<Record<string, readonly string[]>> = {
  'release-drops': ['nouveau_svmm_release', 'thread exit_nouveau'],
  'page-holds-mirror': ['nouveau_svmm_fini'],
  'to-ram-checks-mirror': ['dmirror_devmem_fault'],
  'evict-checks-copy': ['nouveau_dmem_evict_chunk'],
  // The next fault maps what was moved.
  'maps-only-moved': [],
  'classic-after-interval': [
    'copy_page_range',
    'migrate_vma_pages',
    'migrate_vma_setup',
    'nouveau_svmm_invalidate_range_start',
    'oom_reap_task_mm',
    'thread exit_nouveau',
    'thread mmput',
    'try_to_migrate',
    'zap_page_range',
  ],
}

/** The same of fork() and copy-on-write. */
const where_forks: Readonly<Record<string, readonly string[]>> = {
  'owned-pages-fault': ['dmirror_range_fault'],
  // All that moves memory of the child to a device.
  'bind-checks-mm': [
    'bump',
    'dmirror_interval_invalidate',
    'dmirror_migrate_to_device',
    'folio_trylock',
    'migrate_device_unmap',
    'migrate_vma_collect_pmd',
    'migrate_vma_finalize',
    'migrate_vma_insert_page',
    'migrate_vma_pages',
    'migrate_vma_setup',
    'remove_migration_ptes',
    'try_to_migrate',
  ],
  'fork-locks-mmap': ['thread fork'],
  'fault-locks-mmap': ['thread cpu', 'zap_page_range'],
  'walk-locks-mmap': ['dmirror_range_fault'],
  'migration-locks-mmap': ['dmirror_migrate_to_device'],
  'fork-invalidates': ['bump', 'copy_page_range', 'dmirror_interval_invalidate'],
  'fork-protects-present': ['copy_one_pte'],
  'fork-protects-nonpresent': ['copy_one_pte'],
  'write-copies': ['do_wp_page'],
  'copy-invalidates': ['bump', 'dmirror_interval_invalidate', 'wp_page_copy'],
  'copy-rechecks': ['wp_page_copy'],
  'rmap-invalidates': ['bump', 'dmirror_interval_invalidate', 'try_to_migrate'],
  'restore-keeps-rights': ['remove_migration_ptes'],
}
const worlds = [
  [nouveau, where_nouveau],
  [forks, where_forks],
  [everything, where],
] as const

describe.each(mirror6Protocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    const [world, places] = worlds.find(([, its]) => name in its) ?? expect.fail(name)
    expect(placesOfDifference(mirror6Protocol, 'fixed', `without-${name}`, world)).toEqual(places[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['migrates', 'starts-in-device', ...Object.keys(no_row)]
  expect(mirror6Protocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    mirror6Protocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(worlds.flatMap(([, places]) => Object.keys(places)).toSorted()).toEqual(
    mirror6Protocol.fixes.map(({ name }) => name).toSorted(),
  )
})

testSettings(mirror6Protocol, { base: 'test-hmm-6.1-shipped', redundant: /redundant/ })
