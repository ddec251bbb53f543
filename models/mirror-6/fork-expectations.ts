/** Facts about fork() and copy-on-write, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = 'fork(2), and Documentation/mm/hmm.rst of 6.1'
/** Two processes have a page, and one writes where the other reads. */
const not_its_own = ['P-COW', 'P-ISO', 'P-CONTENT']
const b58 = 'B-58, fault 5 of the recorded 6.1: the walk reports the page without the right, a WARN_ON() and -EFAULT'
const under_ptl = 'redundant: each entry is copied under its page table lock, and a walk sees the number of the bracket'

const shipped: readonly Expectation[] = [
  holds('test-hmm-6.1', 'fork', 'what it lacks is about migration and device memory'),
  violated('test-hmm-6.1', 'fork-device', ['P-SERVED'], b58),
  violated('test-hmm-6.1-shipped', 'fork-device', ['P-SERVED', 'P-TYPE'], `${b58}; fault 1`),
  violated(
    'test-hmm-6.1',
    'fork-migrate',
    ['P-INV', 'P-AGREE', 'P-NOUAF', 'P-CONTENT', 'P-RETRY', 'P-SERVED', 'P-ISO'],
    `B-38: faults 2a and 2b of the recorded 6.1; ${b58}`,
  ),
  holds(
    'nouveau-6.12',
    'nouveau-fork',
    'a fault of the child has a CLEAR bracket in the parent, which no filter skips; B-58 is in owner-cow, where the ' +
      'GPU insists',
  ),
  violated(
    'nouveau-6.12',
    'nouveau-child-binds',
    ['P-AGREE', 'P-PERM', 'P-ISO', 'P-CONTENT', 'P-NOUAF'],
    "nouveau_svmm_bind takes the mm of the caller: the GPU of the parent gets the child's page",
  ),
]

/** Without one correction. */
const uncorrected: readonly Expectation[] = [
  violated('without-owned-pages-fault', 'fork-device', ['P-SERVED'], b58),
  holds('without-owned-pages-fault', 'nouveau-fork', 'the GPU faults again: see owner-cow'),
  holds(
    'without-bind-checks-mm',
    'nouveau-child-binds',
    "redundant: where the next fault maps what was moved, it walks the parent's page table",
  ),
  violated(
    'binds-any',
    'nouveau-child-binds',
    ['P-AGREE', 'P-PERM', 'P-ISO', 'P-CONTENT', 'P-NOUAF'],
    "the mirror of the file is the parent's, and the memory is the child's",
  ),
]

/** Without one lock. */
const unlocked: readonly Expectation[] = [
  holds('without-fork-locks-mmap', 'fork', under_ptl),
  holds('without-fork-locks-mmap', 'fork-device', under_ptl),
  holds(
    'without-fork-locks-mmap',
    'fork-migrate',
    'redundant: what is moved loses the right to write in its migration entry, and the next fault maps what it finds',
  ),
  violated(
    'maps-beside-fork',
    'fork-migrate',
    not_its_own,
    'the migration has collected a writable page; fork() takes the right from the migration entry, and not from it',
  ),
  holds('without-map-by-fault', 'fork-migrate', 'mmap_lock keeps fork() from a migration'),
  holds('without-fault-locks-mmap', 'fork', `${under_ptl}; translation caches: E-21 in migrate-vma`),
  holds('without-walk-locks-mmap', 'fork', under_ptl),
  holds(
    'without-migration-locks-mmap',
    'fork-migrate',
    'redundant: as without-fork-locks-mmap, the same lock from the other side',
  ),
]

/** Without one check. */
const unchecked: readonly Expectation[] = [
  violated(
    'without-fork-invalidates',
    'fork',
    [...not_its_own, 'P-PERM', 'P-RETRY'],
    'the device writes through the entry that it had, or that it has walked for',
  ),
  violated('without-fork-protects-present', 'fork', not_its_own, 'fork(2): both processes may write one page'),
  violated(
    'without-fork-protects-nonpresent',
    'fork-device',
    not_its_own,
    'B-29 for device memory: parent and child may write one page',
  ),
  violated('without-write-copies', 'fork', not_its_own, 'who writes gets the page that both have'),
  violated(
    'without-copy-invalidates',
    'fork',
    ['P-INV', 'P-AGREE', 'P-RETRY', 'P-ISO', 'P-CONTENT', 'P-NOUAF'],
    'the device keeps the page from which the copy was made',
  ),
  violated(
    'without-copy-rechecks',
    'fork',
    ['P-CONTENT', 'P-NOUAF', 'P-REF-ZERO', 'misuse: page_remove_rmap() of a page that no entry refers to'],
    'two faults copy one page: the second takes the place of the first copy, and puts the page a second time',
  ),
  violated(
    'without-rmap-invalidates',
    'fork-device',
    ['P-AGREE', 'P-RETRY', 'P-NOUAF'],
    "the child's fault moves the page: it drops the parent's entry itself, and the number does not change",
  ),
  violated(
    'without-restore-keeps-rights',
    'fork-device',
    not_its_own,
    'A.6: the page is still shared when it has been moved',
  ),
]

export const forkExpectations: readonly Expectation[] = [
  ...['fork', 'fork-device', 'fork-migrate', 'nouveau-fork', 'nouveau-child-binds'].map((scenario) =>
    holds('fixed', scenario, guarantee),
  ),
  ...shipped,
  ...uncorrected,
  ...unlocked,
  ...unchecked,
]
