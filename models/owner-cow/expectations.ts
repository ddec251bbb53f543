/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = 'fork(2), and Documentation/mm/hmm.rst of 6.1'
const scenarios = ['xe', 'kfd', 'nouveau', 'nouveau-alone', 'test-hmm', 'no-fork', 'two-devices', 'sva']
/** The parent's device writes what the child reads. */
const leaks = ['P-COW', 'P-ISO']
const by_vma = 'G6-02: the entry may only be read, and the driver makes one with the rights of the vma'

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),

  violated(
    'as-merged',
    'test-hmm',
    ['P-SERVED'],
    'B-58: the walk reports the page without the right, a WARN_ON() and -EFAULT',
  ),
  violated('as-merged', 'two-devices', ['P-SERVED'], 'B-31: -EFAULT'),
  violated('as-7.0', 'xe', leaks, by_vma),
  violated('as-7.0', 'kfd', leaks, by_vma),
  holds('as-7.0', 'nouveau', 'B-58: nothing bad, and a CPU of the process may come to help'),
  violated(
    'as-7.0',
    'nouveau-alone',
    ['recoverable'],
    'B-58: the fault is replayed, and brings the same entry for ever',
  ),
  violated(
    'as-7.0',
    'test-hmm',
    ['P-SERVED'],
    'B-58: the walk reports the page without the right, a WARN_ON() and -EFAULT',
  ),
  holds('as-7.0', 'no-fork', 'G6-02 and B-58 need an entry of device memory that forbids writing: a fork'),

  // Without one correction.
  violated(
    'without-flush-invalidates',
    'sva',
    ['recoverable'],
    'B-57: a right is given without a bracket, and the device faults for ever on what it has cached',
  ),
  violated('without-foreign-pages-fault', 'two-devices', ['P-SERVED'], 'B-31'),
  violated('without-owned-pages-fault', 'xe', leaks, by_vma),
  violated('without-owned-pages-fault', 'kfd', leaks, by_vma),
  violated('without-owned-pages-fault', 'nouveau-alone', ['recoverable'], 'B-58'),
  violated('without-owned-pages-fault', 'test-hmm', ['P-SERVED'], 'B-58'),
  violated(
    'without-driver-moves-own-pages',
    'kfd',
    ['recoverable'],
    'G6-03, kfd_migrate.c: a fault of the own walk returns 0 and changes nothing, so that the walk goes round for ' +
      'ever under migrate_mutex',
  ),

  // Without one check.
  violated('without-fork-protects-device-pages', 'nouveau', leaks, 'A.6: both processes may write one page'),
  violated('without-fork-protects-present-pages', 'nouveau', leaks, 'fork(2): both processes may write one page'),
  violated('without-fork-invalidates', 'nouveau', leaks, 'the device writes through the entry that it had'),
  violated('without-write-copies', 'nouveau', leaks, 'who writes gets the page that both have'),
  violated(
    'without-copy-invalidates',
    'nouveau',
    ['P-CONTENT'],
    'the device reads the page from which the copy was made',
  ),
  violated(
    'without-migration-invalidates',
    'nouveau',
    ['P-CONTENT'],
    'the device reads and writes the page from which the copy was made',
  ),
  violated('without-migration-keeps-write', 'no-fork', ['P-PERM'], 'B-65'),
  violated('without-migration-keeps-protection', 'nouveau', leaks, 'A.6: the page is still shared'),
  violated('without-present-pages-fault', 'xe', leaks, 'as G6-02, for a present page'),
]
