/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = 'Documentation/mm/hmm.rst of 6.1, "Exclusive access memory"'
const scenarios = [
  'migrate',
  'nouveau',
  'nouveau-alone',
  'test-hmm',
  'test-hmm-alone',
  'failure',
  'two-devices',
  'fork',
  'mprotect',
]
/** The device has an entry of what is not its own any more, and uses it. */
const stale = ['P-ATOM', 'P-AGREE', 'P-INV', 'P-NOUAF', 'P-CONTENT', 'P-RETRY']
const relocks = 'misuse: folio_lock() by the thread that holds it'
const counts_twice = 'misuse: page_remove_rmap() of a page that no entry refers to'
/** The driver goes round for ever. */
const never = ['P-ATOM.reached', 'P-CONTENT.reached', 'recoverable']
const own_fault =
  'found by the checker (D-28): its own GUP takes the page from the last owner, in a bracket without an owner, ' +
  'which sets its number'
const unmapped = 'B-21: the entry does not count, so that the page is taken for unmapped'
const by_number = 'redundant: a driver that looks at the number finds whatever happens without this lock'

/** Rows that say the same of several scenarios. */
const unlocked = (lock: string): readonly Expectation[] =>
  ['nouveau', 'test-hmm', 'migrate', 'two-devices'].map((scenario) => holds(lock, scenario, by_number))

const kernels: readonly Expectation[] = [
  ...['nouveau', 'test-hmm', 'two-devices', 'fork', 'mprotect'].map((scenario) =>
    holds('fixed-5.14', scenario, 'the form of 5.14 lacks what B-21 needs, and nothing else'),
  ),
  violated('fixed-5.14', 'migrate', ['P-RMAP'], unmapped),
  violated('fixed-5.14', 'failure', ['P-RMAP', 'P-POISON'], unmapped),

  violated('as-merged', 'nouveau', ['P-SERVED', 'P-LOCK', 'P-NOUAF', 'recoverable', relocks], 'B-19, B-20, G6-12'),
  violated('as-merged', 'test-hmm', stale, 'B-22'),
  violated('as-6.3', 'nouveau', ['P-SERVED', 'P-LOCK', 'recoverable', relocks], 'B-20, G6-12: B-19 is gone'),
  violated('as-6.14', 'nouveau', ['P-SERVED'], 'G6-12: B-20 is gone'),
  violated('as-6.14', 'migrate', ['P-RMAP', 'P-SERVED'], 'G6-12: migration has the page lock; B-21'),
  violated('as-6.14', 'failure', ['P-RMAP', 'P-SERVED', 'P-POISON'], 'B-21, G6-12'),
  holds('6.14-tries-again', 'nouveau', 'G6-12: the driver tries again'),
  holds('6.14-tries-again', 'two-devices', 'G6-12: the driver tries again'),

  holds('as-6.15', 'nouveau', 'G6-12: make_device_exclusive() waits'),
  holds('as-6.15', 'migrate', 'B-21 and G6-12 are gone'),
  holds('as-6.15', 'failure', 'B-21 is gone'),
  holds('as-6.15', 'two-devices', 'each of two devices may come to help the other'),
  violated('as-6.15', 'test-hmm', stale, 'B-22 is open'),
  violated('as-6.15', 'fork', ['P-FORK'], 'A.9: -EBUSY of copy_nonpresent_pte() becomes -ENOMEM'),
  violated('as-6.15', 'nouveau-alone', never, own_fault),
  holds('as-6.15', 'mprotect', 'one kind of entry, which asks the VMA when it is restored'),
]

const corrections: readonly Expectation[] = [
  violated('without-fault-takes-reference', 'nouveau', ['P-NOUAF'], 'B-19'),
  violated('without-fault-takes-reference', 'test-hmm', ['P-NOUAF'], 'B-19'),
  violated(
    'without-retry-unlocks',
    'nouveau',
    ['P-LOCK', 'recoverable', relocks],
    'B-20: the page stays locked, and the next fault of the driver waits for itself',
  ),
  violated('without-keeps-rmap', 'migrate', ['P-RMAP'], unmapped),
  violated('without-keeps-rmap', 'failure', ['P-RMAP', 'P-POISON'], unmapped),
  ...['nouveau', 'migrate'].flatMap((scenario) => [
    holds('without-make-waits', scenario, 'redundant beside driver-tries-again: the driver tries again (G6-12)'),
    holds('without-make-tries-again', scenario, 'redundant beside driver-tries-again: the driver tries again'),
    holds('without-driver-tries-again', scenario, 'redundant beside make-waits and make-tries-again: 6.15'),
  ]),
  violated('without-faults-before-seq', 'nouveau-alone', never, own_fault),
  violated('without-faults-before-seq', 'test-hmm-alone', never, own_fault),
  violated('without-test-hmm-checks-seq', 'test-hmm', stale, 'B-22'),
  violated(
    'without-test-hmm-passes-owner',
    'test-hmm-alone',
    never,
    'rmap.c of 6.15: the caller must filter the event out "to prevent livelocks"',
  ),
  violated('without-fork-waits', 'fork', ['P-FORK'], 'A.9: fork() fails with -ENOMEM'),
]

const locks: readonly Expectation[] = [
  violated('without-callback-lock', 'nouveau', stale, 'the entry is made between the number and the zap'),
  violated('without-callback-lock', 'test-hmm', stale, 'the entry is made between the number and the zap'),
  violated('without-commit-lock', 'nouveau', stale, 'a callback runs between the look at the number and the entry'),
  ...unlocked('without-make-locks'),
  ...unlocked('without-fault-locks'),
  ...['fork', 'mprotect'].map((scenario) =>
    holds(
      'without-mmap-lock',
      scenario,
      'redundant: the entry is looked at again under the page table lock, and the number is set by fork() and ' +
        'mprotect()',
    ),
  ),
]

const checks: readonly Expectation[] = [
  violated('without-callback-sets-seq', 'nouveau', stale, 'what was made exclusive is zapped, and nobody knows'),
  violated(
    'without-callback-zaps',
    'nouveau',
    ['P-ATOM', 'P-AGREE', 'P-INV', 'P-NOUAF', 'P-CONTENT'],
    'the entry that was there before the bracket stays',
  ),
  violated(
    'without-own-exclusive-passes',
    'nouveau-alone',
    never,
    'rmap.c of 6.15: the caller must filter the event out "to prevent livelocks"',
  ),
  violated('without-commit-checks-seq', 'nouveau', stale, 'B-22, in nouveau'),
  violated('without-reader-waits', 'nouveau', stale, 'a page is made exclusive between the callback and the zap'),
  violated(
    'without-make-asks-write',
    'mprotect',
    ['recoverable'],
    'what may only be read is found again and again, and never faulted in for writing',
  ),
  violated(
    'without-make-looks-again',
    'nouveau',
    ['P-REF', 'P-NOUAF', 'P-CONTENT', 'P-REF-ZERO', counts_twice],
    'an entry of another page, or of none, is overwritten',
  ),
  violated(
    'without-make-invalidates',
    'two-devices',
    ['P-ATOM', 'P-INV', 'P-RETRY'],
    'a device that reads by an ordinary entry goes on',
  ),
  violated('without-fault-invalidates', 'nouveau', ['P-ATOM', 'P-INV'], 'the device goes on beside the CPU'),
  violated(
    'without-fault-compares',
    'nouveau',
    ['P-REF', 'P-NOUAF', 'P-CONTENT', 'P-REF-ZERO', counts_twice],
    'a page that was zapped meanwhile comes back',
  ),
  violated('without-restore-asks-vma', 'mprotect', ['P-PERM'], 'the exclusive entry of 6.15 is always writable'),
  violated('without-protect-invalidates', 'mprotect', ['P-PERM', 'P-RETRY.reached'], 'the device goes on writing'),
  violated('without-fork-restores', 'fork', ['P-ATOM', 'P-COW'], 'both processes have what one device may write'),
  ...['fork', 'nouveau'].map((scenario) =>
    holds(
      'without-fork-trylocks',
      scenario,
      'redundant: fork() sets the number in its bracket, so that nouveau does not use what it has made exclusive; ' +
        'lib/test_hmm.c has mmap_lock',
    ),
  ),
  violated('without-fork-invalidates', 'fork', ['P-ATOM', 'P-INV', 'P-COW'], 'the device goes on writing'),
]

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),
  ...kernels,
  ...corrections,
  ...locks,
  ...checks,
]
