/** Bugs of migrate_vma and of device memory that a model shows. */
import { findingsIn, found, type Bug } from './bug.ts'

const inMigrate = findingsIn('migrate-vma')
const inMirror6 = findingsIn('mirror-6')
const inMemory = findingsIn('device-memory')
const inOwner = findingsIn('owner-cow')

export const memoryBugs: readonly Bug[] = [
  {
    id: 'B-18',
    title: 'CPU fault on a device-private page holds no reference',
    versions: '4.14 to 6.0',
    commit: '16ce101db85d (6.1; CVE-2022-3523)',
    known: 'report',
    fix: 'under the page table lock: `pte_same`, then `get_page`; the migration tolerates this reference',
    place: found(
      inMigrate('without-fault-holds-reference', 'evict', 'P-NOUAF', 'fault-holds-reference'),
      inMemory('without-fault-holds-reference', 'life', 'P-NOUAF', 'fault-holds-reference'),
    ),
  },
  {
    id: 'B-23',
    title: 'Dirty bit lost in collect',
    versions: '4.14 to 6.0',
    commit: 'fd35ca3d12cc, a3589e1d5fe3 (6.1)',
    known: 'report',
    fix: 'mark the page dirty where the entry that is cleared was',
    place: found(inMigrate('without-collect-marks-dirty', 'reclaim', 'P-DIRTY', 'collect-marks-dirty')),
  },
  {
    id: 'B-24',
    title: 'Anon-exclusive flag cleared while GUP-fast takes a pin',
    versions: '5.19, 6.0',
    commit: '088b8aa537c2 (6.1)',
    known: 'report',
    fix: 'clear the entry, full barrier, test for pins, and only then clear the flag',
    note: 'Memory is sequentially consistent here: the missing barrier is the other order of test and clear.',
    place: found(inMigrate('without-clear-before-pin-test', 'gup', 'P-EXCL', 'clear-before-pin-test')),
  },
  {
    id: 'B-25',
    title: 'TLB flushed after the page table lock is dropped',
    versions: '4.14 to 6.0',
    commit: '60bae7370896 (6.1); the flush before lazy MMU mode is left, unverified',
    known: 'report',
    fix: 'flush under the page table lock wherever a present entry was changed',
    place: found(
      inMigrate('without-flush-under-ptl', 'tlb', 'P-FREEZE', 'flush-under-ptl'),
      inMigrate('without-flush-under-ptl', 'tlb', 'P-TLB', 'flush-under-ptl'),
    ),
  },
  {
    id: 'B-27',
    title: '`migration_entry_wait` takes a page reference',
    versions: '4.14 to 5.16',
    commit: 'ffa65753c431 (5.17)',
    known: 'report',
    fix: 'who waits enqueues under the page table lock, and holds no reference',
    place: found(inMigrate('without-waiter-without-reference', 'cpu-fault', 'P-MIGRATE', 'waiter-without-reference')),
  },
  {
    id: 'B-29',
    title: 'Writable migration entry survives fork',
    versions: 'huge pages, up to 3.15',
    commit: '4a705fef9862 (3.16)',
    unverified: true,
    known: 'report',
    fix: 'fork makes writable migration and device-private entries readable, in parent and child',
    place: found(inMigrate('without-fork-protects-entries', 'fork', 'P-COW', 'fork-protects-entries')),
  },
  {
    id: 'B-32',
    title: 'Page loses its memmap before the last reference is gone',
    versions: '4.x to 5.1',
    commit: '50f44ee7248a (5.2)',
    known: 'report',
    fix: 'wait for the percpu reference to drain before the memmap goes',
    place: found(inMemory('removes-without-waiting', 'remove', 'P-NOUAF', 'wait-for-pages')),
  },
  {
    id: 'B-32b',
    title: '`hmm_devmem_remove` against the fault callback without a reference',
    versions: '4.14 to 5.2, in the same form to 6.0',
    commit: '16ce101db85d, 0dc45ca1ce18 (6.1)',
    known: 'reading',
    fix:
      'a reference under the page table lock in the fault, a reference to the map for each page, and eviction ' +
      'before removal',
    place: found(inMemory('without-fault-holds-reference', 'remove', 'P-LIFE', 'fault-holds-reference')),
  },
  {
    id: 'B-33',
    title: 'Free device pages with a count, and no reference to the map for each page',
    versions: '5.18 to 6.0',
    commit: 'ef233450898f, 0dc45ca1ce18 (6.1)',
    known: 'report',
    fix: 'a free page has no reference; a page that is given out takes a live one to the map',
    note:
      'A page is given out after `percpu_ref_kill`; eviction takes a reference to a free page; the map goes under ' +
      'a page in use. See D-10.',
    place: found(
      inMemory('as-5.18', 'idle', 'P-LIFE', 'pgmap-reference', 'removed-check'),
      inMemory('evicts-what-is-free', 'idle', 'P-REF', 'free-at-zero'),
      inMemory('removes-what-is-used', 'remove', 'P-UNPLUG', 'pgmap-reference', 'evict-until-free'),
    ),
  },
  {
    id: 'B-34',
    title: '`release_pages` mishandles device pages',
    versions: '4.14 to 5.2',
    commit: 'c5d6c45e90c4 (5.3)',
    known: 'report',
    fix: 'a batch of puts knows when a device page is free',
    place: found(
      inMemory('one-more-release-pages', 'life', 'P-REF', 'release-pages-frees'),
      inMemory('without-release-pages-frees', 'remove', 'recoverable', 'release-pages-frees'),
    ),
  },
  {
    id: 'B-38',
    title: 'Owner filter returns before setting the sequence',
    versions: 'lib/test_hmm.c of 6.1 and 6.12; nouveau',
    known: 'reading',
    fix: "always set the sequence; skip the zap only for the device's own memory that moves, never for its source",
    note:
      'First half: what a walk has found survives the migration of the page (fault 2b of the recorded 6.1). ' +
      'Second half: the device goes on writing the source while it is copied (fault 2a). `erases-unlocked` is ' +
      'fault 3: an access that has loaded the entry uses the page after it was freed.',
    place: found(
      inMirror6('without-own-migrate-sets-seq', 'to-ram', 'P-NOUAF', 'own-migrate-sets-seq'),
      inMirror6('without-own-migrate-zaps', 'migrate', 'P-INV', 'own-migrate-zaps'),
      inMirror6('erases-unlocked', 'to-ram', 'P-NOUAF', 'own-migrate-zaps', 'erase-under-lock'),
      inMirror6('test-hmm-6.1', 'migrate', 'P-CONTENT', 'own-migrate-sets-seq', 'own-migrate-zaps'),
      inMigrate('without-callback-drops-own', 'cpu-fault', 'P-FREEZE', 'callback-drops-own'),
    ),
  },
  {
    id: 'B-39',
    title: 'Owner filter is per device, mirrors are per process and file',
    versions: 'lib/test_hmm.c of 6.1 and 6.12; nouveau inferred',
    known: 'reading',
    fix: 'filter by mirror',
    note:
      'Shown with two mirrors of one process. That each callback drops its entries for a migration of its own ' +
      'device closes it, too.',
    place: found(inMirror6('filters-by-device', 'two-mirrors', 'P-NOUAF', 'owner-is-mirror', 'own-migrate-zaps')),
  },
  {
    id: 'B-40',
    title: "MADV_DONTNEED between `migrate_vma_pages` and the device's map",
    versions: '4.14 to 6.12 (lib/test_hmm.c, nouveau)',
    known: 'reading',
    fix:
      "sample the notifier's sequence before the migration, and check it under the driver's lock; or map by a " +
      'fault afterwards',
    note: 'Fault 4 of the recorded 6.1. See D-08 and D-09.',
    place: found(
      inMirror6('without-map-by-fault', 'migrate-dontneed', 'P-NOUAF', 'map-by-fault'),
      inMigrate('without-map-by-fault', 'dontneed', 'P-NOUAF', 'map-by-fault'),
    ),
  },
  {
    id: 'B-41',
    title: 'Device page keeps a pointer to a dead mirror',
    versions: 'lib/test_hmm.c, 5.8 to 7.0-rc; nouveau by reading',
    commit: '744dd97752ef (7.0)',
    known: 'report',
    fix: 'evict the pages of a mirror before it is freed, until none is left',
    note: 'Eviction that tries every page once narrows the hole (the second line); until none is in use it closes it.',
    place: found(
      inMemory('without-close-evicts', 'close', 'P-LIFE', 'close-evicts'),
      inMemory('without-evict-until-free', 'close', 'P-LIFE', 'evict-until-free'),
    ),
  },
  {
    id: 'B-42',
    title: 'Copy failure in `migrate_to_ram` exposes uninitialised memory',
    versions: 'nouveau up to 6.11',
    commit: '835745a377a4 (6.12; CVE-2024-50096)',
    known: 'report',
    fix: '`dst` stays empty on failure; the commit only zeroes the page, so that the data is lost all the same',
    place: found(inMigrate('without-failed-copy-clears-dst', 'cpu-fault', 'P-CONTENT', 'failed-copy-clears-dst')),
  },
  {
    id: 'B-43',
    title: 'Device memory not evicted when the driver goes',
    versions: 'nouveau up to 6.0',
    commit: '249881232e14 (6.1)',
    known: 'report',
    fix: '`migrate_device_range` over all memory first',
    place: found(inMemory('without-evict-before-remove', 'idle', 'deadlock', 'evict-before-remove')),
  },
  {
    id: 'B-44',
    title: 'Page popped from the free list and not yet referenced',
    versions: 'lib/test_hmm.c of 6.1 and 6.12',
    known: 'reading',
    fix: 'take the reference to the map in the section that pops the page',
    place: found(inMemory('without-pop-takes-reference', 'remove', 'P-LIFE', 'pop-takes-reference')),
  },
  {
    id: 'B-60',
    title: '`hmm_range_fault` reads `page->pgmap` of a page without a reference',
    versions: '5.8 to 6.12',
    known: 'reading',
    fix: 'read it under the page table lock',
    place: found(inMemory('without-snapshot-under-ptl', 'remove', 'P-NOUAF', 'snapshot-under-ptl')),
  },
  {
    id: 'B-65',
    title: 'Write permission lost by migration of device-private entries',
    versions: '4.14 to 4.16',
    commit: '"mm/migrate: properly preserve write attribute in special migrate entry" (4.17)',
    unverified: true,
    known: 'report',
    fix: 'take the permission of a device-private entry from the entry, not by `pte_write`',
    place: found(
      inMigrate('without-collect-keeps-write', 'cpu-fault', 'P-PERM', 'collect-keeps-write'),
      inOwner('without-migration-keeps-write', 'no-fork', 'P-PERM', 'migration-keeps-write'),
    ),
  },
]
