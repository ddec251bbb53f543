/** What falls without one lock of 4.20, and from where it is known. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'
import { bugOnTrylock, bugOnUsers, freedHeld, hookedInBracket, leftBehind } from './falls.ts'

export const withoutLocks: readonly Expectation[] = [
  // Without one lock.
  holds('without-fault-mmap-sem', 'snapshot', 'mmap_sem protects the vmas; entries are set under the page table lock'),
  violated(
    'without-fault-mmap-sem',
    'rights',
    ['P-PERM-VMA'],
    'a fault uses the rights of the vma as they were before mprotect',
  ),
  violated(
    'without-munmap-mmap-sem',
    'registration',
    [...hookedInBracket, 'P-INV-CHANGE', 'domain'],
    'A.0.2: the notifier is registered inside the bracket (B-15, for mmap_sem); behind that, its end is counted ' +
      'and its beginning was not, so the count falls below zero; and the entry that the bracket clears changes ' +
      'without word to the mirror',
  ),
  violated(
    'without-mprotect-mmap-sem',
    'rights',
    ['P-PERM-VMA'],
    'a fault uses the rights of the vma as they were before mprotect',
  ),
  holds(
    'without-device-fault-mmap-sem',
    'snapshot',
    'redundant for the snapshot (A.0.2: mmap_sem never excludes an invalidation)',
  ),
  holds(
    'without-device-fault-mmap-sem',
    'values',
    'redundant: a vma that turns bad under the walk has special entries at most, which the walk tells apart',
  ),
  violated(
    'without-register-mmap-sem',
    'registration',
    ['P-BAL', 'P-BAL-PAIR', bugOnTrylock, 'P-INV-CHANGE', 'domain'],
    'mm_take_all_locks() tests it; while munmap holds it, the test passes and the notifier is registered inside ' +
      'the bracket, for a new struct hmm that does not count it; behind that, its end is counted and its beginning ' +
      'was not, so the count falls below zero; and the entry that the bracket clears changes without word to the ' +
      'mirror',
  ),
  {
    ...violated(
      'without-register-mmap-sem',
      'two-registrars',
      [
        ...hookedInBracket,
        'P-CONTENT',
        'P-LIFE',
        bugOnTrylock,
        freedHeld,
        'misuse: refcount_t: underflow; use-after-free',
        'misuse: call_srcu() of what is queued already',
        'P-INV-CHANGE',
        'domain',
      ],
      'B-63: struct hmm is found before its notifier is registered, which fails, and used after it was freed: its ' +
        'count falls below zero, or it is freed twice; A.0.2: a notifier is registered inside the bracket; behind ' +
        'that, its end is counted and its beginning was not, so the count falls below zero; and the entry that the ' +
        'bracket clears changes without word to the mirror',
    ),
    large: true,
  },
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
    'snapshot',
    [...leftBehind, 'P-BAL', 'P-BAL-PAIR', 'domain'],
    'a range is registered between counting and invalidating (B-02); two brackets count as one; behind that, what ' +
      'counts as one is counted away twice, below zero',
  ),
  violated(
    'without-driver-lock',
    'snapshot',
    leftBehind,
    'A.3.3: the check and the installation are no longer ordered with the callback',
  ),
  holds('without-page-table-lock', 'second-struct', 'redundant: who registers holds mmap_sem in write mode'),
  violated(
    'without-pte-lock',
    'snapshot',
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
  holds(
    'without-synchronize-srcu',
    'exit',
    'redundant: methods that run on after exit only take entries away, and struct hmm waits for them',
  ),
  violated(
    'without-fault-mmget',
    'exit',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-RETRY', 'recoverable'],
    'an entry is installed after release; behind that, a bracket that was open when the notifier was unlinked is ' +
      'never counted away, and the fault tries again for ever',
  ),
  violated('without-bind-mmget', 'teardown', [bugOnUsers], '__mmu_notifier_register() tests it'),
  holds(
    'without-unbind-flushes',
    'registration',
    'redundant: a range holds a reference of struct hmm, and the driver looks once more whether it is bound',
  ),
]
