/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { migrateVmaProtocol } from '../../../models/migrate-vma/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1, Migrator: 1, Page: 2, Va: 1, Zapper: 1 },
  constants: {
    migrates: true,
    zaps: true,
    forks: true,
    protects: true,
    'pins-taken': true,
    swaps: true,
    'cpu-tlb': true,
    'device-pages': 'one',
    steal: false,
  },
}

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'abort-unlocks': ['spin_unlock'],
  'flush-under-ptl': ['migrate_vma_collect_pmd'],
  'collect-marks-dirty': ['migrate_vma_collect_pmd', 'try_to_migrate'],
  'waiter-without-reference': ['migration_entry_wait'],
  'fault-holds-reference': ['do_swap_page', 'handle_mm_fault'],
  'clear-before-pin-test': ['migrate_vma_collect_pmd'],
  // Who maps by itself compares sequences, which every bracket moves.
  'map-by-fault': [
    'do_wp_page',
    'dup_mmap',
    'map_destination',
    'migrate_to_device',
    'migrate_to_ram',
    'migrate_vma_insert_page',
    'mprotect_fixup',
    'shrink_folio_list',
    'try_to_migrate',
    'zap_page_range',
  ],
  'collect-keeps-write': ['migrate_vma_collect_pmd'],
  'failed-copy-clears-dst': ['alloc_and_copy_to_ram'],

  'migrate-mmap-sem': ['migrate_to_device'],
  'fault-mmap-sem': [
    'do_anonymous_page',
    'do_swap_page',
    'do_swap_page_from_swap',
    'do_wp_page',
    'handle_mm_fault',
    'migration_entry_wait',
  ],
  'zap-mmap-sem': ['zap_page_range'],
  'fork-mmap-sem': ['dup_mmap'],
  'mprotect-mmap-sem': ['mprotect_fixup'],
  'page-lock': ['evict_page', 'migrate_vma_collect_pmd', 'unlock_and_put'],
  // What is one transition under the lock is several without it.
  'pte-lock': [
    'do_anonymous_page',
    'do_swap_page',
    'migrate_vma_collect_pmd',
    'migrate_vma_insert_page',
    'migration_entry_wait',
    'remove_migration_ptes',
    'zap_page_range',
  ],
  'collect-bracket': ['migrate_to_device', 'migrate_to_ram'],
  'zap-bracket': ['zap_page_range'],
  'hole-bracket': ['migrate_vma_insert_page'],
  'rmap-bracket': ['do_wp_page', 'shrink_folio_list', 'try_to_migrate'],
  'fork-bracket': ['dup_mmap'],
  'mprotect-bracket': ['mprotect_fixup'],

  'callback-drops-own': ['migrate_to_device', 'migrate_to_ram', 'migrate_vma_insert_page'],
  'unmap-check': ['migrate_device_unmap'],
  'pages-check': ['migrate_vma_pages'],
  'mapping-check': ['migrate_vma_pages'],
  'unmap-everywhere': ['migrate_device_unmap', 'try_to_migrate'],
  'hole-check': ['migrate_vma_insert_page'],
  'restore-check': ['remove_migration_ptes'],
  'fault-pte-same': ['do_swap_page'],
  'anon-none-check': ['do_anonymous_page'],
  'wait-check': ['migration_entry_wait'],
  'zap-flush': ['zap_page_range'],
  'fork-flush': ['dup_mmap'],
  'flush-nested': ['zap_page_range'],
  'gup-recheck': ['gup_pte_range'],
  'pin-check': ['migrate_vma_collect_pmd'],
  'mprotect-protects-entries': ['mprotect_fixup'],
  'restore-asks-vma': ['remove_migration_ptes'],
  'fork-protects-entries': ['copy_one_pte'],
}

describe.each(migrateVmaProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(migrateVmaProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = [
    'device-map',
    'api',
    'migrates',
    'zaps',
    'forks',
    'protects',
    'pins-taken',
    'swaps',
    'cpu-tlb',
    'device-pages',
    'steal',
  ]
  expect(migrateVmaProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    migrateVmaProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(migrateVmaProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(migrateVmaProtocol, { base: 'as-merged', redundant: /redundant/ })
