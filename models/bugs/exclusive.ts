/** Bugs of memory that one device uses for atomic operations: device-exclusive entries. */
import { findingsIn, found, type Bug } from './bug.ts'

const inExclusive = findingsIn('device-exclusive')

export const exclusiveBugs: readonly Bug[] = [
  {
    id: 'B-19',
    title: 'CPU fault on a device-exclusive entry holds no reference',
    versions: '5.14 to 6.2',
    commit: '7c7b962938dd (6.3)',
    known: 'report',
    fix: '`folio_try_get`, lock, `pte_same`',
    place: found(
      inExclusive('without-fault-takes-reference', 'nouveau', 'P-NOUAF', 'fault-takes-reference'),
      inExclusive('as-merged', 'nouveau', 'P-NOUAF', 'fault-takes-reference'),
    ),
  },
  {
    id: 'B-20',
    title: 'Missing unlock and put when the exclusive map retries',
    versions: '5.14 to 6.13',
    commit: 'b3fefbb30a16 (6.14)',
    known: 'report',
    fix: 'unlock and put before the retry',
    note:
      'The driver need not get as far as its next `folio_trylock`: if the entry is still exclusive, its own GUP ' +
      'waits for the page lock that it holds.',
    place: found(
      inExclusive('as-6.3', 'nouveau', 'P-LOCK', 'retry-unlocks'),
      inExclusive('without-retry-unlocks', 'nouveau', 'recoverable', 'retry-unlocks'),
    ),
  },
  {
    id: 'B-21',
    title: 'Exclusive entries drop the mapcount and keep the reference',
    versions: '5.14 to 6.14',
    commit: '"mm: fixes for device-exclusive entries (hmm)" (6.15)',
    unverified: true,
    known: 'report',
    fix: 'the reverse map knows these entries',
    place: found(
      inExclusive('as-6.14', 'migrate', 'P-RMAP', 'keeps-rmap'),
      inExclusive('without-keeps-rmap', 'failure', 'P-POISON', 'keeps-rmap'),
    ),
  },
  {
    id: 'B-22',
    title: 'Exclusive mapping installed outside a critical section of the notifier',
    versions: 'lib/test_hmm.c of 6.1 and 6.12, and of 6.15 by its call',
    known: 'reading',
    fix:
      "read the sequence before, check it under the driver's lock; and give an owner, whose brackets the callback " +
      'lets pass',
    note:
      'One of the authors wrote in January 2025 that the missing look at the sequence "is probably wrong". The ' +
      'look alone makes the driver go round for ever: its own bracket has no owner.',
    place: found(
      inExclusive('as-6.15', 'test-hmm', 'P-NOUAF', 'test-hmm-checks-seq'),
      inExclusive('without-test-hmm-checks-seq', 'test-hmm', 'P-INV', 'test-hmm-checks-seq'),
    ),
  },
  {
    id: 'G6-12',
    title: 'nouveau: a page that is merely locked ends an atomic fault with an error',
    versions: '5.14 to 6.14',
    commit: '`make_device_exclusive` (6.15)',
    unverified: true,
    known: 'reading',
    fix: '`make_device_exclusive` waits for the page lock and begins again; or the driver tries again',
    place: found(inExclusive('as-6.14', 'migrate', 'P-SERVED', 'make-waits', 'driver-tries-again')),
  },
  {
    id: 'D-28',
    title: 'nouveau: an atomic fault on a page that is exclusive already never ends',
    versions: '5.14 to 6.15, by the text',
    known: 'checker',
    fix: 'have the page faulted in before the sequence is sampled',
    note:
      '`make_device_exclusive` has GUP take the page from its last owner, by `remove_device_exclusive_entry`. ' +
      'That bracket has no owner, so that it sets the sequence of the driver itself; the comparison fails, the ' +
      'entry is exclusive again, and the next round is the same. Only a CPU, or somebody else who takes the entry ' +
      'away, ends it. nouveau gives up after a second and kills the channel: after one collision, or where ' +
      'another GPU has the page.',
    place: found(
      inExclusive('as-6.15', 'nouveau-alone', 'recoverable', 'faults-before-seq'),
      inExclusive('without-faults-before-seq', 'test-hmm-alone', 'recoverable', 'faults-before-seq'),
    ),
  },
  {
    id: 'D-29',
    title: 'fork() fails with -ENOMEM while a page is programmed for exclusive use',
    versions: '5.14 to 6.12; later by changes alone',
    known: 'checker',
    fix: 'wait for the page lock without the page table lock, and copy again',
    note:
      'Read in the text, too: `copy_nonpresent_pte` only tries the page lock, and its -EBUSY becomes -ENOMEM in ' +
      '`copy_pmd_range`. nouveau holds the page lock without mmap_lock. Migration and reclaim can hold it as well.',
    place: found(inExclusive('as-6.15', 'fork', 'P-FORK', 'fork-waits')),
  },
]
