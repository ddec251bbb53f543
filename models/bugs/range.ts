/** Bugs of hmm_range_register(), from 5.2 to 5.4. */
import { findingsIn, found, type Bug } from './bug.ts'

const in52 = findingsIn('mirror-5.2')

export const rangeBugs: readonly Bug[] = [
  {
    id: 'B-06',
    title: 'ABA on `range->valid`',
    versions: '5.2 to 5.4',
    known: 'inference',
    fix: 'a sequence, compared for equality',
    place: found(
      in52('without-validity-is-sticky', 'fault', 'P-RETRY', 'validity-is-sticky'),
      in52('as-5.3', 'fault', 'P-AGREE', 'validity-is-sticky'),
    ),
  },
  {
    id: 'B-09',
    title: '`hmm_vma_fault` leaks a registered range on its stack',
    versions: '5.2',
    known: 'reading',
    fix: 'unregister on every way out with an error',
    place: found(in52('without-timeout-unregisters', 'compat', 'P-LIFE', 'timeout-unregisters')),
  },
  {
    id: 'G6-90',
    title: 'The process ends in `hmm_range_unregister`, before the commit or under the lock of the driver',
    versions: '5.3 and 5.4',
    commit: '99cb252f5e68 (5.5), for another reason',
    known: 'reading',
    fix: 'unregister after the commit, and after the locks are dropped; or `mmput_async`',
    note:
      'nouveau of 5.3 has the first form, which maps freed pages. A driver whose release callback takes its lock ' +
      'has the second, a deadlock of one thread with itself.',
    place: found(
      in52('without-unregister-last', 'exit', 'P-RETRY', 'unregister-last'),
      in52('without-unregister-last', 'exit-lock', 'deadlock', 'unregister-last'),
    ),
  },
  {
    id: 'G6-91',
    title: '`hmm_range_fault` does not fault swap entries in, nor wait for migration entries',
    versions: '5.2 to 5.6',
    known: 'reading',
    fix: 'ask whether a fault is needed before the kind of the entry is looked at',
    place: found(in52('without-special-entries-fault', 'special', 'P-SERVED', 'special-entries-fault')),
  },
]
