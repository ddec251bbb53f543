/** What falls without one lock of 4.14, and from where it is known. */
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
  holds('without-munmap-mmap-sem', 'snapshot', 'a bracket without mmap_sem is that of a reverse map walk'),
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
  holds('without-device-fault-mmap-sem', 'reclaim', 'redundant: a range holds a reference of struct hmm'),
  violated(
    'without-register-mmap-sem',
    'registration',
    ['P-BAL-PAIR', bugOnTrylock, 'P-INV-CHANGE', 'domain'],
    'mm_take_all_locks() tests it; while munmap holds it, the test passes and the notifier is registered inside ' +
      'the bracket; behind that, its end is counted and its beginning was not, so the count falls below zero; and ' +
      'the entry that the bracket clears changes without word to the mirror',
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
  violated('without-synchronize-srcu', 'registration', ['P-LIFE', freedHeld], 'B-04'),
  holds('without-synchronize-srcu', 'exit', 'methods that run on only take entries away'),
  violated(
    'without-fault-mmget',
    'exit',
    ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-RETRY', 'recoverable'],
    'an entry is installed after release; behind that, a bracket that was open when the notifier was unlinked is ' +
      'never counted away, and the fault tries again for ever',
  ),
  violated('without-bind-mmget', 'teardown', [bugOnUsers], '__mmu_notifier_register() tests it'),
]
