/** Bugs of what hmm_range_fault() says of device memory: whose it is, and whether it may be written. */
import { findingsIn, found, type Bug } from './bug.ts'

const inOwner = findingsIn('owner-cow')
const inMirror6 = findingsIn('mirror-6')

export const ownerBugs: readonly Bug[] = [
  {
    id: 'B-31',
    title: "`hmm_range_fault` fails on another device's private page",
    versions: '5.8 to 5.19',
    commit: '8a295dbbaf72 (6.0)',
    known: 'report',
    fix: 'a fault is needed then',
    place: found(inOwner('without-foreign-pages-fault', 'two-devices', 'P-SERVED', 'foreign-pages-fault')),
  },
  {
    id: 'B-57',
    title: 'Secondary TLB invalidated too late',
    versions: 'up to 6.5',
    commit: '6bbd42e2df8f (6.6)',
    known: 'report',
    fix: 'invalidate where the architecture flushes its TLB',
    note:
      'Shown with the permission upgrade of a page that nobody shares any more: no bracket is due, and the device ' +
      'faults for ever on the entry that it has cached.',
    place: found(inOwner('without-flush-invalidates', 'sva', 'recoverable', 'flush-invalidates')),
  },
  {
    id: 'B-58',
    title: 'Device write to its own read-only device-private page never gets the permission',
    versions: '5.8 to 7.0',
    known: 'reading',
    fix: 'a fault is needed where writing is asked for',
    note:
      'Open upstream. nouveau replays the fault for ever, unless a CPU comes to help (recoverable); ' +
      'lib/test_hmm.c warns and answers -EFAULT (P-SERVED). Drivers that do not look at the flag have G6-02 ' +
      'instead.',
    place: found(
      inOwner('as-7.0', 'nouveau-alone', 'recoverable', 'owned-pages-fault'),
      inOwner('without-owned-pages-fault', 'test-hmm', 'P-SERVED', 'owned-pages-fault'),
      inMirror6('test-hmm-6.1', 'fork-device', 'P-SERVED', 'owned-pages-fault'),
    ),
  },
  {
    id: 'G6-02',
    title: 'A device writes to private memory that a fork shares',
    versions: 'amdkfd of 6.1 and 6.12; xe SVM of 6.15 to 7.0, by its text',
    known: 'reading',
    fix:
      'in `hmm_vma_handle_pte`, a fault where writing is asked for and the entry forbids it; and amdkfd moves the ' +
      'page itself, since it declines a fault of its own walk',
    note:
      'Open upstream, with no public report found. `hmm_vma_handle_pte` returns for an owned page before it looks ' +
      'at the request; no race is needed.',
    place: found(
      inOwner('as-7.0', 'xe', 'P-ISO', 'owned-pages-fault'),
      inOwner('as-7.0', 'xe', 'P-COW', 'owned-pages-fault'),
      inOwner('without-owned-pages-fault', 'kfd', 'P-ISO', 'owned-pages-fault'),
    ),
  },
]
