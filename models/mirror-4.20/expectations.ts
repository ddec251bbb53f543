/**
 * Facts about each variant, and their sources; written from the facts and the reasons given, before any run.
 * Properties that fall "behind that", after the first violation, were added when runs showed it, each with its reason.
 */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'
import { freedHeld, leftAlone, leftBehind, mayNotSleep, unannounced } from './falls.ts'
import { scenarios } from './scenarios.ts'
import { withoutLocks } from './without-locks.ts'

export const expectations: readonly Expectation[] = [
  ...scenarios.map(({ name }) =>
    holds('fixed', name, 'the guarantee of hmm.h of 4.20 and the properties of its catalogue'),
  ),

  // As merged.
  violated('as-merged', 'snapshot', leftBehind, 'B-02'),
  violated(
    'as-merged',
    'rights',
    [...leftAlone, 'P-WP', 'P-PERM', 'P-LOCK', 'misuse: up_read() by a thread that does not read it'],
    'B-02, for the right to write too; B-64; behind that, the caller, told that mmap_sem is still held, gives it ' +
      'back a second time',
  ),
  violated(
    'as-merged',
    'oom',
    [...leftAlone, mayNotSleep],
    'B-02; B-61 (b): down_read(mirrors_sem) where it must not sleep',
  ),
  violated('as-merged', 'values', [...leftAlone, 'P-TYPE'], 'B-02, for the kind of an entry too'),
  violated('as-merged', 'exit', leftAlone, 'B-02; and what taking the mirrors out in hmm_release does'),
  violated('as-merged', 'registration', [...leftAlone, 'P-LIFE', freedHeld], 'B-02; B-04'),
  violated('as-merged', 'teardown', [...leftAlone, 'P-LIFE', 'P-REF-MM', freedHeld], 'B-02, B-04, B-89; B-62'),
  violated('as-merged', 'close', [...leftAlone, 'P-LIFE'], 'B-02; B-17b, before B-89 can be'),

  violated('as-merged', 'huge-pages', [...leftBehind, 'P-INV-CHANGE'], 'B-02; E-02'),

  // Without one correction.
  violated(
    'without-collapse-brackets',
    'huge-pages',
    [...unannounced, 'P-AGREE', 'P-AGREE-STATE', 'P-CONTENT'],
    'E-02: CVE-2022-48991',
  ),
  violated('without-count-open-brackets', 'snapshot', leftBehind, 'B-02'),
  violated('without-count-open-brackets', 'rights', [...leftAlone, 'P-WP', 'P-PERM'], 'B-02, for the right to write'),
  violated('without-count-open-brackets', 'values', [...leftAlone, 'P-TYPE'], 'B-02, for the kind of an entry'),
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
  holds('without-last-clears-mm', 'registration', 'redundant: where references are counted nobody looks at hmm->mm'),
  holds(
    'without-hmm-kref',
    'registration',
    'redundant where one registrar binds and unbinds, and unbinding waits for the fault handler',
  ),
  violated(
    'without-hmm-kref',
    'registrars',
    ['P-LIFE', freedHeld],
    'struct hmm is found, and freed by the last mirror of the other driver before this one is in its list',
  ),
  violated(
    'without-retry-only-nonblocking',
    'rights',
    ['P-LOCK', 'misuse: up_read() by a thread that does not read it'],
    'B-64; behind that, the caller, told that mmap_sem is still held, gives it back a second time',
  ),
  violated(
    'without-again-means-dropped',
    'nonblocking-fault',
    ['P-LOCK', 'misuse: up_read() by a thread that does not read it'],
    'B-64, for a driver that follows the header; behind that, the caller, told that mmap_sem is still held, gives ' +
      'it back a second time',
  ),
  violated(
    'without-fault-checks-vma',
    'rights-alone',
    ['recoverable'],
    'B-10, where nobody can protect the vma anew, nor take all memory',
  ),
  violated('without-free-by-srcu', 'registration', ['P-LIFE', freedHeld], 'B-04'),
  violated('without-hmm-mmgrab', 'close', ['P-LIFE'], 'B-17b'),
  violated('without-hmm-mmgrab', 'teardown', ['P-LIFE'], 'B-17b'),
  violated('without-trylock-nonblocking', 'oom', [mayNotSleep], 'B-61 (b)'),
  violated(
    'without-uncount-on-failure',
    'oom',
    ['P-BAL', 'P-BAL-PAIR', 'domain'],
    'B-05; behind that, the count that was not taken back is missing or too much at the next end, and falls below zero',
  ),

  // Without one of what 4.20 has.
  violated(
    'without-invalidate-at-start',
    'snapshot',
    ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-CONTENT', 'P-INV'],
    'B-01',
  ),
  violated('without-release-callback', 'exit', ['P-NOUAF', 'P-NOUAF-ENTRY'], 'B-78'),
  holds(
    'without-publish-before-callback',
    'registration',
    'redundant: a method knows its struct hmm by its notifier (B-79 needs mm->hmm)',
  ),
  violated('without-unregister-unhooks', 'close', ['P-REF-MM'], 'B-17'),
  holds(
    'without-unhook-before-unpublish',
    'registration',
    'redundant: a method knows its struct hmm by its notifier (B-03 needs mm->hmm)',
  ),
  holds('without-unregister-guard', 'registration', 'a driver that unregisters once does not need it'),

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
  holds(
    'without-bound-check',
    'registration',
    'redundant: unbinding waits for the fault handler before it unregisters',
  ),
  holds('without-bound-recheck', 'registration', 'redundant: the same, and it clears the table afterwards'),
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
  violated(
    'without-refusal-is-returned',
    'oom',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY'],
    'B-05, the other path: the reaper unmaps what a mirror did not let go of',
  ),
  violated(
    'without-bind-unwinds',
    'failed-bind',
    ['P-LIFE', 'domain'],
    'E-18: the callback of a mirror that was freed; behind that, each bind that fails leaves a reference of ' +
      'struct hmm, and the model counts up to 8',
  ),
  violated(
    'without-stable-check',
    'oom-write',
    ['P-CONTENT'],
    'E-20: zeros of a page that was faulted in after the reaper go to the file',
  ),
  violated('without-reaper-brackets', 'oom', unannounced, 'E-01'),
  violated('without-bracket-outside-ptl', 'huge-pages', [mayNotSleep], 'E-03'),
  violated(
    'without-mmput-unlocked',
    'exit',
    ['deadlock', 'recoverable'],
    'E-04: exit_mmap() runs in the fault handler, and its release callback wants the lock that the handler holds',
  ),
  violated('without-callback-trylock', 'oom', [mayNotSleep], 'B-61 (a)'),
  holds('without-vma-check', 'values', 'redundant: the walk tells special entries apart'),
  holds('without-pte-special-check', 'values', 'redundant: special entries are in vmas that are refused'),
  violated(
    'without-pfn-values-check',
    'values',
    ['P-RETRY', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-TYPE'],
    'what stands for a poisoned page is taken for a frame; behind that, the frame belongs to nobody who would ' +
      'tell the device: it is freed, and used on',
  ),

  // Several at once, drivers that get it wrong, and the rule that is broken.
  violated(
    'any-mirror-clears-mm',
    'registration',
    ['recoverable'],
    'B-62: with hmm->mm cleared, the next registration goes round for ever with mmap_sem held',
  ),
  violated('any-mirror-clears-mm', 'close', ['P-REF-MM'], 'B-62, one unregistration after the other'),
  violated(
    'release-unlinks-uncounted',
    'close',
    ['P-LIFE', 'P-NOUAF', 'P-NOUAF-ENTRY'],
    'B-89; and what taking the mirrors out does by itself',
  ),
  violated(
    'unbind-does-not-wait',
    'registration',
    ['P-LIFE'],
    'struct hmm is freed under a range that is listed in it',
  ),
  violated(
    'special-unchecked',
    'values',
    ['P-RETRY', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-TYPE'],
    "the frame of a special entry is installed, which is not the process's; behind that, the frame belongs to " +
      'nobody who would tell the device: it is freed, and used on',
  ),
  violated(
    'special-unread',
    'values',
    ['P-RETRY', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-TYPE'],
    'what stands for a special entry is taken for a frame; behind that, the frame belongs to nobody who would ' +
      'tell the device: it is freed, and used on',
  ),
  violated(
    'range-done-after-error',
    'nonblocking-fault',
    ['P-LIFE', 'misuse: refcount_t: underflow; use-after-free'],
    'B-88 (a): hmm_vma_fault has called hmm_vma_range_done already; behind that, the second call puts the ' +
      'reference that the first has put',
  ),
  violated(
    'callback-without-memory',
    'snapshot',
    ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-CONTENT'],
    'E-05; not P-RETRY: here HMM itself makes the ranges invalid, before it calls the driver',
  ),
  violated('callback-mmput', 'exit', ['deadlock', 'recoverable'], 'E-06: exit waits for the method that it runs in'),
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
    ['P-ORDER', 'deadlock', 'lock-deadlock', 'recoverable'],
    'B-83: who unbinds does not hold mmap_sem, so a writer comes between the callbacks of munmap and of reclaim',
  ),
  violated(
    'unbind-holds-mmap-sem',
    'registration',
    ['P-ORDER', 'deadlock', 'lock-deadlock'],
    'the fault handler that is waited for takes mmap_sem',
  ),
  violated('unregister-twice', 'registration', ['P-LIFE'], 'B-84'),
  holds('unregister-twice-guarded', 'registration', '4.17: mirror->hmm is NULL, the second call returns'),
]
