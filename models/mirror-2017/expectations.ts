/**
 * Facts about each variant, and their sources; written from the facts and the reasons given, before any run.
 * Properties that fall "behind that", after the first violation, were added when runs showed it, each with its reason.
 * The patch as posted does not claim P-INV, so it is not among its violations.
 */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

/** An entry that is left behind for good, installed from a snapshot that is out of date or beside an open bracket. */
const leftBehind = ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-CONTENT']
/** A page that is reached after it was taken out of the page table. */
const usedInBracket = ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-CONTENT']
/**
 * A notifier that is registered inside a bracket: an end without a start, and a device that was not told of the
 * start. If the start was told to a struct hmm that has been freed since, the new one does not count the bracket
 * either.
 */
const hookedInBracket = ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-BAL', 'P-BAL-PAIR']

const bugOnTrylock = 'misuse: BUG_ON(down_read_trylock(&mm->mmap_sem)) in mm_take_all_locks()'
const bugOnUsers = 'misuse: BUG_ON(mm_users <= 0) in __mmu_notifier_register()'
const freedHeld = 'misuse: freeing a held lock: hmm->mirrors_sem'

export const expectations: readonly Expectation[] = [
  ...[
    'mirror',
    'exit',
    'registration',
    'second-struct',
    'teardown',
    'reclaim',
    'stealing',
    'core',
    'three-of-each',
    'everyone',
    'registrars',
  ].map((scenario) => holds('fixed', scenario, 'the guarantee of hmm.h of 4.20 and the properties of its catalogue')),

  // As posted.
  violated(
    'as-posted',
    'mirror',
    usedInBracket,
    'B-01 (the device uses the page until range_end), B-08 (a new page before invalidate_page)',
  ),
  violated(
    'as-posted',
    'exit',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT'],
    'B-78 (the device table outlives the process); P-CONTENT: what the device writes in the window of B-01 is lost',
  ),
  violated(
    'as-posted',
    'registration',
    ['P-NOUAF', 'P-CONTENT', 'P-LIFE', 'P-BAL-PAIR'],
    'B-01; B-79 (a callback before mm->hmm is set); behind that, the bracket whose beginning found no struct hmm ' +
      'ends with one',
  ),
  violated(
    'as-posted',
    'teardown',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-CONTENT', 'P-REF-MM'],
    'B-01, B-78, B-17 (the notifier pins the mm_struct for ever)',
  ),
  violated('as-posted', 'reclaim', ['P-NOUAF', 'P-CONTENT'], 'B-01; with one page there is no other to disagree on'),
  violated(
    'as-posted',
    'stealing',
    ['P-NOUAF', 'P-CONTENT'],
    'as in reclaim: the bug is not one of the order of locks',
  ),

  // Without one correction.
  violated('without-invalidate-at-start', 'mirror', [...usedInBracket, 'P-INV'], 'B-01'),
  violated('without-count-open-brackets', 'mirror', leftBehind, 'B-02'),
  violated('without-release-callback', 'exit', ['P-NOUAF', 'P-NOUAF-ENTRY'], 'B-78'),
  violated(
    'without-release-before-unlink',
    'exit',
    ['P-NOUAF', 'P-NOUAF-ENTRY'],
    'the order of B-16 one level higher: between unlinking and release a bracket finds no mirror to call, and ' +
      'frees the page',
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
    'without-unregister-mmap-sem',
    'registration',
    ['P-LIFE'],
    "the last mirror frees struct hmm under a fault handler that has looked it up (B-04, for the driver's side)",
  ),
  holds('without-unregister-guard', 'registration', 'a driver that unregisters once does not need it'),
  violated(
    'without-rmap-brackets',
    'mirror',
    ['P-AGREE', 'P-AGREE-STATE', 'P-CONTENT'],
    'B-08; the page itself is held by the caller until the callback has run',
  ),

  // Without one lock.
  holds(
    'without-fault-mmap-sem',
    'mirror',
    'redundant here: mmap_sem protects the vmas, which are not modelled; entries are set under the page table lock',
  ),
  holds('without-munmap-mmap-sem', 'mirror', 'a bracket without mmap_sem is that of a reverse map walk'),
  violated(
    'without-munmap-mmap-sem',
    'registration',
    [...hookedInBracket, 'P-INV-CHANGE', 'domain'],
    'A.0.2: the notifier is registered inside the bracket (B-15, for mmap_sem); behind that, its end is counted ' +
      'and its beginning was not, so the count falls below zero; and the entry that the bracket clears changes ' +
      'without word to the mirror',
  ),
  holds(
    'without-device-fault-mmap-sem',
    'mirror',
    'A.0.2: mmap_sem never excludes an invalidation; the snapshot check does',
  ),
  violated(
    'without-device-fault-mmap-sem',
    'registration',
    ['P-LIFE', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-CONTENT'],
    'struct hmm is freed under the fault handler; behind that, the handler goes on with the range of a struct hmm ' +
      'that no bracket finds any more, and installs what it read',
  ),
  violated(
    'without-register-mmap-sem',
    'registration',
    ['P-BAL-PAIR', bugOnTrylock, 'P-INV-CHANGE', 'domain'],
    'mm_take_all_locks() of 4.13 tests it; while munmap holds it, the test passes and the notifier is registered ' +
      'inside the bracket; behind that, its end is counted and its beginning was not, so the count falls below ' +
      'zero; and the entry that the bracket clears changes without word to the mirror',
  ),
  violated(
    'without-mirrors-sem-callback',
    'registration',
    ['P-LIFE'],
    'a mirror is unregistered and freed under the walk',
  ),
  holds(
    'without-mirrors-sem-register',
    'registration',
    'redundant for a list that is added to in one step: a walk misses the new mirror, whose faults wait for the ' +
      'end of the bracket',
  ),
  violated(
    'without-mirrors-sem-unregister',
    'registration',
    ['P-LIFE'],
    'a mirror is unregistered and freed under the walk',
  ),
  violated(
    'without-mirrors-sem-release',
    'teardown',
    ['P-LIFE'],
    'a mirror is unregistered and freed under the walk of hmm_release',
  ),
  violated(
    'without-hmm-lock',
    'mirror',
    [...leftBehind, 'P-BAL', 'P-BAL-PAIR', 'domain'],
    'a range is registered between counting and invalidating (B-02); two brackets count as one; behind that, what ' +
      'counts as one is counted away twice, below zero',
  ),
  violated(
    'without-driver-lock',
    'mirror',
    leftBehind,
    'A.3.3: the check and the installation are no longer ordered with the callback',
  ),
  holds('without-page-table-lock', 'second-struct', 'redundant: who registers holds mmap_sem in write mode'),
  violated(
    'without-pte-lock',
    'mirror',
    ['P-AGREE', 'P-AGREE-STATE', 'P-RETRY', 'P-CONTENT', 'P-REF', 'P-INV-CHANGE'],
    'two faults set one entry; the first page is lost, and a device may have it; behind that, the second fault ' +
      'replaces an entry that is present, and announces nothing',
  ),
  violated(
    'without-rmap-lock',
    'registration',
    [...hookedInBracket, 'P-CONTENT', 'P-INV-CHANGE', 'domain'],
    'the notifier is registered inside the bracket; behind that, its end is counted and its beginning was not, so ' +
      'the count falls below zero; and the entry that the bracket clears changes without word to the mirror',
  ),
  violated(
    'without-take-all-locks',
    'registration',
    [...hookedInBracket, 'P-CONTENT', 'P-INV-CHANGE', 'domain'],
    'the notifier is registered inside the bracket (B-15); behind that, its end is counted and its beginning was ' +
      'not, so the count falls below zero; and the entry that the bracket clears changes without word to the mirror',
  ),
  violated('without-synchronize-srcu', 'registration', ['P-LIFE', freedHeld], 'B-04'),
  holds('without-synchronize-srcu', 'exit', 'methods that run on only take entries away'),
  violated(
    'without-fault-mmget',
    'exit',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-RETRY', 'recoverable'],
    'an entry is installed after release; behind that, a bracket that was open when the notifier was unlinked is ' +
      'never counted away, and the fault tries again for ever',
  ),
  violated('without-bind-mmget', 'teardown', [bugOnUsers], '__mmu_notifier_register() of 4.13 tests it'),

  // Without one check.
  violated(
    'without-range-done-check',
    'mirror',
    leftBehind,
    'B-88 (b): the snapshot is installed although it is out of date',
  ),
  holds(
    'without-end-invalidates-ranges',
    'mirror',
    'redundant: a range that is registered while a bracket is open is invalid already',
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
    'mirror',
    ['P-AGREE', 'P-AGREE-STATE', 'P-RETRY', 'P-CONTENT', 'P-REF', 'P-INV-CHANGE'],
    'two faults set one entry; behind that, the second fault replaces an entry that is present, and announces nothing',
  ),
  violated(
    'without-bound-check',
    'registration',
    ['P-LIFE'],
    'a fault handler runs on after its device was unbound, and struct hmm freed',
  ),
  holds(
    'without-bound-recheck',
    'registration',
    'redundant: nobody unbinds while the fault handler holds mmap_sem (as posted, unbinding does not take it)',
  ),
  violated(
    'without-unbind-clears',
    'registration',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-CONTENT'],
    'the device goes on with entries that nobody takes away',
  ),

  // Drivers that get it wrong, and the rule that is broken.
  violated('driver-reads-sequence', 'mirror', leftBehind, 'B-81'),
  violated(
    'callback-unregisters',
    'mirror',
    ['P-ORDER', 'deadlock', 'lock-deadlock', 'recoverable'],
    'B-82: the callback waits for itself',
  ),
  violated(
    'callback-unregisters',
    'three-of-each',
    ['P-ORDER', 'deadlock', 'lock-deadlock'],
    'B-82: the callback waits for itself',
  ),
  violated(
    'callback-registers',
    'mirror',
    ['P-ORDER', 'deadlock', 'lock-deadlock', 'recoverable'],
    'B-82: the callback waits for itself',
  ),
  violated(
    'callback-waits',
    'reclaim',
    ['P-NOUAF', 'P-CONTENT', 'P-ORDER', 'deadlock', 'lock-deadlock'],
    'B-83, beside what as-posted has anyway',
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
    ['P-NOUAF', 'P-CONTENT', 'P-LIFE', 'P-UNIQUE', 'P-ORDER', 'deadlock', 'lock-deadlock', 'P-BAL-PAIR'],
    'B-80: synchronize_srcu() with mmap_sem held, for a callback that waits for mmap_sem; beside B-01 and B-79, ' +
      'which as-posted has anyway; behind that, the bracket whose beginning found no struct hmm ends with one',
  ),
  violated('unregister-twice', 'registration', ['P-LIFE'], 'B-84'),
  holds('unregister-twice-guarded', 'registration', '4.17: mirror->hmm is NULL, the second call returns'),
  violated(
    'register-unlocked',
    'registrars',
    ['P-NOUAF', 'P-CONTENT', 'P-LIFE', 'P-UNIQUE', 'P-BAL-PAIR', bugOnTrylock],
    'B-80, B-79, B-01',
  ),
  violated(
    'without-register-mmap-sem',
    'registrars',
    [...hookedInBracket, 'P-INV-CHANGE', 'P-CONTENT', 'P-LIFE', 'P-UNIQUE', 'domain', bugOnTrylock, freedHeld],
    'B-80; B-63: struct hmm is found before its notifier is registered, and freed under a registration; A.0.2: ' +
      'the notifier is registered inside the bracket; behind that, its end is counted and its beginning was not, so ' +
      'the count falls below zero; and the entry that the bracket clears changes without word to the mirror',
  ),
  violated('without-present-check', 'registrars', ['P-UNIQUE'], "B-80: the loser's path"),
  holds('without-loser-check', 'registrars', 'B-80 is unreachable under the mmap_sem rule'),
  holds('without-page-table-lock', 'registrars', 'B-80 is unreachable under the mmap_sem rule'),
]
