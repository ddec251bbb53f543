/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'
import { forkExpectations } from './fork-expectations.ts'
import { nouveauExpectations } from './nouveau-expectations.ts'

const guarantee = 'Documentation/mm/hmm.rst and mmu_notifier.h of 6.1'
const scenarios = ['fault', 'reaper', 'migrate', 'migrate-dontneed', 'migrate-cpu', 'to-ram', 'two-mirrors', 'exit']
/** The device gets an entry of what was there, and uses it when the page is somebody else's. */
const stale = ['P-INV', 'P-AGREE', 'P-NOUAF', 'P-CONTENT', 'P-RETRY']
const unused = 'its entry of a freed page is all that the device has: no one reads an old value through another'

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),

  // Drivers as they ship.
  holds('test-hmm-6.1', 'fault', 'what it lacks is about migration'),
  violated('test-hmm-6.1', 'migrate', stale, 'B-38: faults 2a and 2b of the recorded 6.1'),
  violated('test-hmm-6.1', 'migrate-dontneed', stale, 'B-40: fault 4 of the recorded 6.1; B-38'),
  violated('test-hmm-6.1', 'to-ram', stale, 'B-38: fault 2b of the recorded 6.1'),
  violated('test-hmm-6.1-shipped', 'migrate', [...stale, 'P-TYPE'], 'fault 1 of the recorded 6.1; B-38'),

  violated(
    'test-hmm-6.1',
    'two-mirrors',
    ['P-INV', 'P-AGREE', 'P-NOUAF', 'P-CONTENT', 'P-RETRY'],
    'B-39; B-38: fault 2b of the recorded 6.1',
  ),
  holds('test-hmm-6.12', 'fault', 'what it lacks is about migration'),
  violated('test-hmm-6.12', 'migrate', [...stale, 'P-TYPE'], 'B-38, and fault 1: both are in lib/test_hmm.c of 6.12'),
  violated('test-hmm-6.12', 'migrate-dontneed', [...stale, 'P-TYPE'], 'B-40, B-38, and fault 1: all are in 6.12'),
  violated(
    'test-hmm-6.12',
    'to-ram',
    ['P-AGREE', 'P-RETRY', 'P-TYPE'],
    'B-38 and fault 1: what a fault maps of device memory is the struct page, whose use is P-TYPE',
  ),

  holds('test-hmm-6.1', 'exit', 'what it lacks is about migration'),

  // Without one correction.
  violated(
    'without-own-migrate-sets-seq',
    'to-ram',
    ['P-AGREE', 'P-NOUAF', 'P-CONTENT', 'P-RETRY'],
    'B-38, first half: what a walk has found survives the migration of the page, which is copied before the entry ' +
      'is made',
  ),
  violated(
    'without-own-migrate-zaps',
    'migrate',
    ['P-INV', 'P-AGREE', 'P-NOUAF'],
    `B-38, second half: the device goes on with the source; ${unused}`,
  ),
  holds('without-own-migrate-zaps', 'to-ram', 'the driver drops the entry itself, under its lock, before the copy'),
  violated(
    'filters-by-device',
    'two-mirrors',
    ['P-INV', 'P-AGREE', 'P-NOUAF', 'P-CONTENT'],
    'B-39: the migration drops the entry of the mirror that has moved the page, and every callback leaves it alone',
  ),
  holds('filters-by-device', 'to-ram', 'B-39 needs two mirrors of one device'),
  holds(
    'without-own-migrate-zaps',
    'two-mirrors',
    'the callback of the other mirror drops its entry: for that one it is a migration of somebody else',
  ),
  holds(
    'without-owner-is-mirror',
    'two-mirrors',
    'redundant by the text alone: a callback that zaps for a migration of its own device zaps for one of another mirror, too',
  ),
  violated('erases-unlocked', 'to-ram', ['P-NOUAF', 'P-CONTENT'], 'fault 3 of the recorded 6.1'),
  holds(
    'without-erase-under-lock',
    'to-ram',
    'redundant: a callback that zaps for a migration of its own device leaves nothing to be dropped',
  ),
  violated(
    'without-map-by-fault',
    'migrate-dontneed',
    ['P-INV', 'P-AGREE', 'P-NOUAF', 'P-CONTENT'],
    'B-40: MADV_DONTNEED takes the migration entry away while the page is mapped to the device',
  ),
  holds('without-map-by-fault', 'migrate', 'B-40 needs somebody who zaps migration entries'),
  violated('without-maps-backing', 'to-ram', ['P-TYPE'], 'fault 1 of the recorded 6.1'),

  // Without one lock.
  violated('without-callback-lock', 'fault', stale, 'the entry is made between the number and the zap'),
  violated('without-commit-lock', 'fault', stale, 'a callback runs between the look at the number and the entry'),

  // The end of the process.
  violated(
    'exits-unannounced',
    'exit',
    ['P-INV', 'P-EXIT', 'P-NOUAF', 'P-CONTENT'],
    'B-78 in the form of 6.1: nothing drops the entries, and the device runs until the files are closed',
  ),
  holds(
    'without-release-pass',
    'exit',
    'redundant: an interval notifier stays in the tree, and the bracket around the change calls it',
  ),
  holds(
    'without-unmap-bracket',
    'exit',
    'redundant: the pass of the release has dropped the entries, and without mm_users no fault makes new ones',
  ),
  violated(
    'without-fault-gets-mm',
    'exit',
    ['P-EXIT'],
    'a fault that runs on gives the process a page when its memory is gone',
  ),
  violated(
    'without-close-removes',
    'exit',
    ['P-LIFE'],
    'somebody else has the last reference of mm_users: the files go first, and exit_mmap() calls what they have freed',
  ),

  // Without one check.
  violated('without-callback-sets-seq', 'fault', stale, 'B-38 for every bracket'),
  violated(
    'without-callback-zaps',
    'fault',
    ['P-INV', 'P-AGREE', 'P-NOUAF', 'P-CONTENT'],
    'the entry that was there before the bracket stays; new ones are of what is there now',
  ),
  violated('without-commit-checks-seq', 'fault', stale, 'a bracket between the walk and the entry is not seen'),
  violated('without-reader-waits', 'fault', stale, 'a walk between the callback and the change finds the old page'),
  violated('without-touches-after-retry', 'fault', ['P-NOUAF'], 'B-37'),
  ...['fault', 'migrate', 'to-ram'].map((scenario) =>
    holds(
      'without-walk-checks-seq',
      scenario,
      'redundant: what changes during the walk is seen after it; the check saves the rest of the walk',
    ),
  ),
  ...forkExpectations,
  ...nouveauExpectations,
]
