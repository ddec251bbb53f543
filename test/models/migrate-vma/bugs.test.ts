/**
 * The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down; and
 * worlds that are too small.
 */
import { expect, test } from 'vitest'
import { migrateVmaProtocol } from '../../../models/migrate-vma/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { testBugs, type Bug, worldOf } from '../known-bugs.ts'

const small = { cpus: 1, pages: 2 }

const bugs: readonly Bug[] = [
  {
    name: 'B-18: a fault on device memory has only a pointer',
    variant: 'without-fault-holds-reference',
    scenario: 'evict',
    sizes: small,
    property: 'P-NOUAF',
    message: /vmf->page is a page that was freed/,
    steps: [
      /orig_pte = \*ptep/,
      /get_page_unless_zero\(\); trylock_page/,
      /unlock_page\(src\)/,
      /migrate_to_ram\(vmf\)/,
    ],
  },
  {
    name: 'B-23: the dirty bit is lost in collect',
    variant: 'without-collect-marks-dirty',
    scenario: 'reclaim',
    sizes: small,
    property: 'P-CONTENT',
    message: /an old value/,
    steps: [
      /pageout/,
      /the CPU writes/,
      /set_pte_at\(migration entry\)/,
      /remove_migration_pte/,
      /__remove_mapping/,
      /swapin_readahead/,
      /reads/,
    ],
  },
  {
    name: 'B-24: the pin is tested before the entry is cleared',
    variant: 'without-clear-before-pin-test',
    scenario: 'gup',
    sizes: small,
    property: 'P-EXCL',
    steps: [/ahead of ptep_clear_flush/, /try_grab_page/, /gup_put_folio/, /set_pte_at\(migration entry\)/],
  },
  {
    name: 'B-25: a CPU goes on while the entry is a migration entry',
    variant: 'without-flush-under-ptl',
    scenario: 'tlb',
    sizes: small,
    property: 'P-FREEZE',
    steps: [/the CPU loads a translation/, /set_pte_at\(migration entry\)/],
  },
  {
    name: 'B-25: MADV_DONTNEED finds nothing to flush',
    variant: 'without-flush-under-ptl',
    scenario: 'tlb',
    sizes: small,
    property: 'P-TLB',
    message: /goes on with what it took away/,
    steps: [/the CPU loads a translation/, /set_pte_at\(migration entry\)/, /zap_pte_range/, /tlb_finish_mmu/],
  },
  {
    name: 'B-27: who waits makes the migration fail',
    variant: 'without-waiter-without-reference',
    scenario: 'cpu-fault',
    sizes: small,
    property: 'P-MIGRATE',
    message: /nobody else has the page/,
    steps: [/set_pte_at\(migration entry\)/, /is it the same migration entry/, /migrate_vma_check_page/],
  },
  {
    name: 'B-29: fork copies a writable migration entry',
    variant: 'without-fork-protects-entries',
    scenario: 'fork',
    sizes: small,
    property: 'P-COW',
    steps: [/copy_one_pte/],
  },
  {
    name: 'B-38: the driver goes on with its entry in a bracket of its own',
    variant: 'without-callback-drops-own',
    scenario: 'cpu-fault',
    sizes: small,
    property: 'P-CONTENT',
    message: /an old value/,
    steps: [/the device copies/, /the device writes/, /reads/],
  },
  {
    name: 'B-40: MADV_DONTNEED before the driver maps',
    variant: 'without-map-by-fault',
    scenario: 'dontneed',
    sizes: small,
    property: 'P-NOUAF',
    message: /the device \w+ a page that was freed/,
    steps: [/invalidate_range_start\(MMU_NOTIFY_CLEAR/, /driver->pte\[va\] = dst/, /unlock_page\(src\)/, /the device/],
  },
  {
    name: 'B-40 without MADV_DONTNEED: a CPU fault on a hole that was filled',
    variant: 'without-map-by-fault',
    scenario: 'cpu-fault',
    sizes: small,
    property: 'P-FREEZE',
    steps: [
      /if \(pte_none/,
      /invalidate_range_start\(MMU_NOTIFY_MIGRATE/,
      /driver->pte\[va\] = dst/,
      /set_pte_at\(migration entry\)/,
    ],
  },
  {
    name: 'B-40: a sequence that is sampled after migrate_vma_setup()',
    variant: 'driver-rechecks-late',
    scenario: 'dontneed',
    sizes: small,
    property: 'P-NOUAF',
    message: /the device \w+ a page that was freed/,
    steps: [
      /set_pte_at\(migration entry\)/,
      /zap_pte_range/,
      /mmu_interval_read_begin/,
      /driver->pte\[va\] = dst/,
      /the device/,
    ],
  },
  {
    name: 'B-42: a copy that failed is mapped',
    variant: 'without-failed-copy-clears-dst',
    scenario: 'cpu-fault',
    sizes: small,
    property: 'P-CONTENT',
    message: /an old value/,
    steps: [/alloc_page_vma/, /remove_migration_pte/, /reads/],
  },
  {
    name: 'B-65: what comes back from the device may only be read',
    variant: 'without-collect-keeps-write',
    scenario: 'cpu-fault',
    sizes: small,
    property: 'P-PERM',
    steps: [/migrate_to_ram\(vmf\)/, /set_pte_at\(migration entry\)/, /remove_migration_pte/],
  },
  {
    name: 'A.7.3: mprotect leaves a device private entry writable',
    variant: 'without-mprotect-protects-entries',
    scenario: 'mprotect',
    sizes: small,
    property: 'P-PERM',
    steps: [/vm_flags = newflags/, /change_pte_range/, /mmap_write_unlock/],
  },
  {
    name: 'A.8.3: what is pinned goes to the device',
    variant: 'pinned-pages-migrate',
    scenario: 'gup',
    sizes: small,
    property: 'P-NOPIN',
    steps: [/try_grab_page/, /gup_put_folio/, /the device copies/, /remove_migration_pte/],
  },
]

testBugs(migrateVmaProtocol, bugs)

test.each([
  ['B-18 needs somebody else who frees the page', 'without-fault-holds-reference', 'cpu-fault', small, 'P-NOUAF'],
  ['B-40: two pages, one of them device memory, never disagree', 'without-map-by-fault', 'dontneed', small, 'P-REF'],
  ['B-29 needs a migration that holds no mmap_sem', 'without-fork-mmap-sem', 'fork', small, 'P-COW'],
] as const)('%s', async (_, variant, scenario, sizes, property) => {
  const { properties } = await check(worldOf(migrateVmaProtocol, { variant, scenario, sizes }), {
    properties: [property],
  })
  expect(properties.map(({ verdict }) => verdict)).toEqual(['holds'])
})
