/**
 * Facts about each variant, and their sources; written from the facts and the reasons given, before any run.
 * Properties that fall "behind that", after the first violation, were added when runs showed it, each with its reason.
 * Variants that invalidate at the end do not claim P-INV and P-WP, so these are not among their violations.
 */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'
import { freedHeld, leftBehind, usedAlone, usedInBracket } from './falls.ts'
import { scenarios } from './scenarios.ts'
import { withoutLocks } from './without-locks.ts'

export const expectations: readonly Expectation[] = [
  ...scenarios.map(({ name }) =>
    holds('fixed', name, 'the guarantee of hmm.h of 4.20 and the properties of its catalogue'),
  ),

  // As merged, and as it was later.
  violated('as-merged', 'snapshot', usedInBracket, 'B-01 (the device uses the page until range_end)'),
  violated(
    'as-merged',
    'fault',
    [...usedInBracket, 'P-LOCK', 'misuse: up_read() by a thread that does not read it'],
    'B-01; B-64 (mmap_sem is dropped although the caller asked to block); behind that, the caller, told that ' +
      'mmap_sem is still held, gives it back a second time',
  ),
  violated(
    'as-merged',
    'nonblocking',
    [...usedAlone, 'P-LOCK', 'misuse: up_read() by a thread that does not read it'],
    'B-01; B-64 (-EBUSY for what is documented as -EAGAIN); behind that, the caller, told that mmap_sem is still ' +
      'held, gives it back a second time',
  ),
  violated('as-merged', 'rights', usedAlone, 'B-01; a right is taken too late, but is taken'),
  violated(
    'as-merged',
    'exit',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT'],
    'B-78 (the device table outlives the process); B-01',
  ),
  violated(
    'as-merged',
    'registration',
    [...usedAlone, 'P-LIFE', 'P-BAL-PAIR'],
    'B-01; B-79 (a callback before mm->hmm is set); behind that, the bracket whose beginning found no struct hmm ' +
      'ends with one',
  ),
  violated(
    'as-merged',
    'teardown',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT', 'P-REF-MM'],
    'B-01, B-78, B-17 (the notifier pins the mm_struct for ever)',
  ),
  violated('as-merged', 'close', ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT', 'P-REF-MM'], 'B-01, B-78, B-17'),
  violated('as-merged', 'reclaim', usedAlone, 'B-01'),
  violated(
    'v4.17',
    'registration',
    [...usedAlone, 'P-LIFE', freedHeld, 'P-BAL-PAIR'],
    'B-01; B-03 (mm->hmm is NULL in a method), B-04 (struct hmm is freed under a method), B-79; behind that, the ' +
      'bracket whose beginning found no struct hmm ends with one',
  ),
  violated(
    'v4.17',
    'teardown',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT', 'P-LIFE', 'P-REF-MM', freedHeld],
    'B-01, B-03, B-04; B-89 (exit frees struct hmm under the second mirror); B-62 (any mirror clears hmm->mm, so ' +
      'the last one does not unhook)',
  ),
  violated(
    'v4.17',
    'close',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT', 'P-LIFE'],
    'B-01; B-89 (exit frees struct hmm under the second mirror)',
  ),
  violated('v4.18-backport', 'registration', [...usedAlone, 'P-LIFE', freedHeld], 'B-01; B-04'),
  violated(
    'v4.18-backport',
    'teardown',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT', 'P-LIFE', 'P-REF-MM', freedHeld],
    'B-01, B-04, B-89, B-62',
  ),
  violated(
    'v4.18-backport',
    'close',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT', 'P-LIFE'],
    'B-01; B-17b (the last reference of the mm_struct goes before mm->hmm is cleared)',
  ),

  // Without one correction.
  violated('without-invalidate-at-start', 'snapshot', [...usedInBracket, 'P-INV'], 'B-01'),
  violated('without-invalidate-at-start', 'rights', [...usedAlone, 'P-INV', 'P-WP'], 'B-01, for the right to write'),
  violated('without-count-open-brackets', 'snapshot', leftBehind, 'B-02'),
  violated(
    'without-count-open-brackets',
    'rights',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-CONTENT', 'P-WP', 'P-PERM'],
    'B-02; where write-back takes the right to write (it needs no mmap_sem), a writable entry is left behind',
  ),
  violated('without-release-callback', 'exit', ['P-NOUAF', 'P-NOUAF-ENTRY'], 'B-78'),
  violated(
    'without-release-before-unlink',
    'exit',
    ['P-NOUAF', 'P-NOUAF-ENTRY'],
    'mirror-2017: between unlinking and release a bracket finds no mirror to call, and frees the page',
  ),
  violated(
    'without-release-before-unlink',
    'teardown',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-LIFE'],
    'the same; and mail "mm/hmm: ... hmm_release" (5.3): the mirror is unregistered and freed before its release runs',
  ),
  violated(
    'without-publish-before-callback',
    'registration',
    ['P-LIFE', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV-CHANGE', 'P-RETRY', 'P-CONTENT', 'P-BAL-PAIR', 'domain'],
    'B-79; behind that, the bracket whose beginning found no struct hmm ends with one, so that it is counted away ' +
      'without having been counted: the count falls below zero, or lets a snapshot and an entry through inside ' +
      'another bracket',
  ),
  violated('without-unregister-unhooks', 'teardown', ['P-REF-MM'], 'B-17'),
  holds(
    'without-unregister-unhooks',
    'registration',
    'the notifier stays and goes on counting; what is lost is memory, after exit',
  ),
  violated(
    'without-unhook-before-unpublish',
    'registration',
    ['P-LIFE', 'P-BAL'],
    'B-03; behind that, the bracket that began with a struct hmm ends without it, and stays counted',
  ),
  violated('without-unregister-waits', 'registration', ['P-LIFE', freedHeld], 'B-04'),
  holds('without-last-clears-mm', 'registration', 'redundant: where references are counted nobody looks at hmm->mm'),
  violated(
    'without-hmm-kref',
    'nonblocking',
    ['P-LIFE'],
    'A.3.3: hmm_vma_fault calls hmm_vma_range_done after it has dropped mmap_sem; the last mirror was ' +
      'unregistered meanwhile, and the range is in the list of a struct hmm that was freed',
  ),
  holds(
    'without-hmm-kref',
    'teardown',
    'hmm_release leaves the mirrors in the list, so the last in the list is the last',
  ),
  holds(
    'without-unregister-mmap-sem',
    'registration',
    'redundant: a range holds a reference of struct hmm, and the driver looks once more whether it is bound; what ' +
      'it is for is B-83',
  ),
  holds('without-unregister-guard', 'registration', 'a driver that unregisters once does not need it'),
  violated(
    'without-retry-only-nonblocking',
    'fault',
    ['P-LOCK', 'misuse: up_read() by a thread that does not read it'],
    'B-64; behind that, the caller, told that mmap_sem is still held, gives it back a second time',
  ),
  violated(
    'without-again-means-dropped',
    'nonblocking',
    ['P-LOCK', 'misuse: up_read() by a thread that does not read it'],
    'B-64, for a driver that follows the header; behind that, the caller, told that mmap_sem is still held, gives ' +
      'it back a second time',
  ),
  violated(
    'without-fault-checks-vma',
    'rights-fault',
    ['recoverable'],
    'B-10, where nobody can protect the vma anew, nor take all memory',
  ),
  violated('without-device-spinlock', 'unplug', ['P-LIFE'], 'B-75'),

  ...withoutLocks,

  // Without one check.
  violated(
    'without-range-done-check',
    'snapshot',
    leftBehind,
    'B-88 (b): the snapshot is installed although it is out of date',
  ),
  holds(
    'without-end-invalidates-ranges',
    'snapshot',
    'redundant: a range that is listed while a bracket is open is invalid already',
  ),
  violated(
    'without-present-check',
    'second-struct',
    ['P-UNIQUE'],
    'the second registration makes a second struct hmm, and loses against the first',
  ),
  holds('without-loser-check', 'second-struct', 'redundant: who registers holds mmap_sem in write mode'),
  violated(
    'without-pte-none-check',
    'snapshot',
    ['P-AGREE', 'P-AGREE-STATE', 'P-RETRY', 'P-CONTENT', 'P-REF', 'P-INV-CHANGE'],
    'two faults set one entry; behind that, the second fault replaces an entry that is present, and announces nothing',
  ),
  violated(
    'without-bound-check',
    'registration',
    ['P-LIFE'],
    'a fault handler runs on after its device was unbound, and struct hmm freed',
  ),
  holds('without-bound-recheck', 'registration', 'redundant: nobody unbinds while the fault handler holds mmap_sem'),
  violated(
    'without-unbind-clears',
    'registration',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-CONTENT'],
    'the device goes on with entries that nobody takes away',
  ),
  violated(
    'without-rmap-brackets',
    'snapshot',
    ['P-AGREE', 'P-AGREE-STATE', 'P-CONTENT'],
    'B-08; the page itself is held by the caller until the callback has run',
  ),
  violated(
    'without-core-releases-first',
    'exit',
    ['P-NOUAF', 'P-NOUAF-ENTRY'],
    'B-16 (a): between unlinking and release a bracket finds no notifier, and frees the page',
  ),
  violated(
    'without-unhook-twice',
    'teardown',
    ['P-LIFE'],
    'B-16 (b): exit has taken the notifier out of the list already',
  ),

  // Several at once, drivers that get it wrong, and the rule that is broken.
  violated(
    'any-mirror-clears-mm',
    'registration',
    ['recoverable'],
    'B-62: with hmm->mm cleared, the next registration goes round for ever with mmap_sem held',
  ),
  violated(
    'any-mirror-clears-mm',
    'teardown',
    ['P-REF-MM', 'recoverable'],
    'B-62: the last mirror does not unhook the notifier, which pins the mm_struct',
  ),
  violated('any-mirror-clears-mm', 'close', ['P-REF-MM'], 'B-62, one unregistration after the other'),
  violated(
    'release-unlinks-uncounted',
    'close',
    ['P-LIFE', 'P-NOUAF', 'P-NOUAF-ENTRY'],
    'B-89; and what taking the mirrors out does by itself',
  ),
  violated(
    'register-overwrites',
    'second-struct',
    [
      'P-UNIQUE',
      'P-INV',
      'P-NOUAF',
      'P-NOUAF-ENTRY',
      'P-CONTENT',
      'P-BAL',
      'P-BAL-PAIR',
      'P-LIFE',
      freedHeld,
      'P-INV-CHANGE',
      'domain',
    ],
    'B-67: mirrors of the first struct hmm are not called, so that pages are freed under them; the second is told ' +
      "twice of each bracket, and freed under the first one's methods; behind that, brackets of the second end in " +
      'the count of the first, below zero, and what the first is not told changes under its entries',
  ),
  violated(
    'driver-ignores-range-done',
    'snapshot',
    [...usedInBracket, 'P-RETRY', 'P-NOUAF-ENTRY'],
    'B-88 (b): pfns[] is written after the invalidation has zeroed it; behind that, what is installed from it is ' +
      'an entry of a page that was freed',
  ),
  violated(
    'range-done-after-error',
    'nonblocking',
    ['P-LIFE', 'misuse: refcount_t: underflow; use-after-free'],
    'B-88 (a): hmm_vma_fault has called hmm_vma_range_done already; behind that, the second call puts the ' +
      'reference that the first has put',
  ),
  violated(
    'callback-unregisters',
    'snapshot',
    ['P-ORDER', 'deadlock', 'lock-deadlock', 'recoverable'],
    'B-82: the callback waits for itself',
  ),
  violated(
    'callback-registers',
    'snapshot',
    ['P-ORDER', 'deadlock', 'lock-deadlock', 'recoverable'],
    'B-82: the callback waits for itself',
  ),
  violated(
    'callback-waits',
    'reclaim',
    [...usedAlone, 'P-ORDER', 'deadlock', 'lock-deadlock'],
    'B-83, beside what as-merged has anyway',
  ),
  violated(
    'callback-waits-fixed',
    'reclaim',
    ['P-ORDER'],
    'B-83 (D.2: nothing taken in a callback is held by anybody who waits for reclaim); no deadlock, since who ' +
      'unbinds holds mmap_sem, so no writer comes between the callbacks of munmap and of reclaim',
  ),
  violated(
    'loser-unregisters',
    'second-struct',
    [...usedAlone, 'P-LIFE', 'P-UNIQUE', 'P-ORDER', 'deadlock', 'lock-deadlock', 'P-BAL-PAIR'],
    'B-80: synchronize_srcu() with mmap_sem held, for a callback that waits for mmap_sem; beside B-01 and B-79, ' +
      'which as-merged has anyway; behind that, the bracket whose beginning found no struct hmm ends with one',
  ),
  violated('unregister-twice', 'registration', ['P-LIFE'], 'B-84'),
  holds('unregister-twice-guarded', 'registration', '4.17: mirror->hmm is NULL, the second call returns'),
]
