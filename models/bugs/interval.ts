/** Bugs of the core of interval notifiers, and of the list of classic ones behind it. */
import { findingsIn, found, type Bug } from './bug.ts'

const inInterval = findingsIn('interval-notifier')

export const intervalBugs: readonly Bug[] = [
  {
    id: 'B-11',
    title: '`mmu_interval_notifier_remove` returns before the deferred removal is done',
    versions: '5.5 to 5.17',
    commit: '319561669a59 (5.18)',
    known: 'report',
    fix: 'test the condition of the wait under the lock',
    place: found(inInterval('without-remove-waits-under-lock', 'fault', 'P-LIFE', 'remove-waits-under-lock')),
  },
  {
    id: 'B-12',
    title: 'Failing classic notifier leaves the interval side active for ever',
    versions: '5.5 to 7.0',
    known: 'inference',
    fix: 'end the interval side when the list fails',
    note:
      'Open upstream: the same text in 6.1, 6.12 and about 7.0. The bracket stays counted (P-BAL), the next ' +
      'episode never ends, and who faults or removes waits for ever (recoverable).',
    place: found(
      inInterval('without-refused-list-ends', 'refused', 'P-BAL', 'refused-list-ends'),
      inInterval('without-refused-list-ends', 'refused', 'recoverable', 'refused-list-ends'),
      inInterval('as-7.0', 'classic', 'P-BAL', 'refused-list-ends'),
    ),
  },
  {
    id: 'B-13',
    title: "Notifiers whose start succeeded get no end after another's failure",
    versions: '4.19 to 5.11',
    commit: 'c2655835fd8c (5.12)',
    known: 'report',
    fix: 'on a failure call the end of those that have one',
    place: found(inInterval('without-failed-list-ends', 'classic', 'P-BAL', 'failed-list-ends')),
  },
]
