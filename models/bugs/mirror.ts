/** Bugs of HMM's own notifier protocol, June 2017 to 5.4, that a model of the mirror shows. */
import { findingsIn, found, type Bug } from './bug.ts'

const in2017 = findingsIn('mirror-2017')
const inFork = findingsIn('mirror-2017-fork')
const in414 = findingsIn('mirror-4.14')
const in420 = findingsIn('mirror-4.20')
const in52 = findingsIn('mirror-5.2')
const inInterval = findingsIn('interval-notifier')
const in2016 = findingsIn('events-2016')

const maySleep = 'misuse: sleeping function called from invalid context'

export const mirrorBugs: readonly Bug[] = [
  {
    id: 'B-01',
    title: 'Device invalidated at `range_end`, not at `range_start`',
    versions: 'June 2017, 4.14 to 4.19',
    commit: 'ec131b2d7fa6 (4.20)',
    known: 'report',
    fix: "tell devices in `range_start`; their tables stay empty in the range until the CPU's has changed",
    place: found(
      in2017('without-invalidate-at-start', 'mirror', 'P-NOUAF', 'invalidate-at-start'),
      inFork('without-invalidate-at-start', 'fork', 'P-NOUAF', 'invalidate-at-start'),
      in414('without-invalidate-at-start', 'snapshot', 'P-NOUAF', 'invalidate-at-start'),
      in420('without-invalidate-at-start', 'snapshot', 'P-NOUAF', 'invalidate-at-start'),
    ),
  },
  {
    id: 'B-02',
    title: 'Range registered inside an open bracket',
    versions: '4.20 to 5.1',
    commit: 'a3e0d41c2b1f (5.2)',
    known: 'reading',
    fix: 'count open brackets; a range that is registered while there is one is not valid',
    place: found(
      in2017('without-count-open-brackets', 'mirror', 'P-NOUAF', 'count-open-brackets'),
      inFork('without-count-open-brackets', 'fork', 'P-NOUAF', 'count-open-brackets'),
      in414('without-count-open-brackets', 'snapshot', 'P-NOUAF', 'count-open-brackets'),
      in420('without-count-open-brackets', 'snapshot', 'P-NOUAF', 'count-open-brackets'),
    ),
  },
  {
    id: 'B-03',
    title: '`hmm_mirror_unregister` against a notifier callback: `mm->hmm == NULL`',
    versions: '4.17 to 4.19',
    commit: '86a2d59841ab "mm/hmm: fix race between hmm_mirror_unregister() and mmu_notifier callback" (4.20)',
    unverified: true,
    known: 'report',
    fix: 'take the notifier away before `mm->hmm` is cleared',
    place: found(in414('without-unhook-before-unpublish', 'registration', 'P-LIFE', 'unhook-before-unpublish')),
  },
  {
    id: 'B-04',
    title: 'Use after free of `struct hmm` in notifier callbacks',
    versions: '4.17 to 5.2',
    commit: '6d7c3cde93c1',
    known: 'report',
    fix: 'free through SRCU; a callback finds its `struct hmm` by `container_of`, and takes a reference that may fail',
    place: found(
      in2017('without-synchronize-srcu', 'registration', 'P-LIFE', 'synchronize-srcu'),
      in414('without-unregister-waits', 'registration', 'P-LIFE', 'unregister-waits'),
      in420('without-free-by-srcu', 'registration', 'P-LIFE', 'free-by-srcu'),
    ),
  },
  {
    id: 'B-05',
    title: '`notifiers` not decremented when a non-blocking start fails',
    versions: '5.2',
    commit: '5a136b4ae327 (5.3)',
    known: 'report',
    fix: 'take the bracket out of the count on every way out with an error, and return the error',
    place: found(
      in420('without-uncount-on-failure', 'oom', 'P-BAL', 'uncount-on-failure'),
      in420('without-refusal-is-returned', 'oom', 'P-NOUAF', 'refusal-is-returned'),
      in52('without-uncount-on-failure', 'oom', 'P-BAL', 'uncount-on-failure'),
      in52('without-refusal-is-returned', 'oom', 'P-INV', 'refusal-is-returned'),
    ),
  },
  {
    id: 'B-08',
    title: '`invalidate_page` after the page table lock',
    versions: 'up to 4.13, June 2017',
    commit: '369ea8242c0f, a4d1a8852513 (4.14)',
    known: 'report',
    fix: 'a bracket around the change of the entry',
    place: found(
      in2017('without-rmap-brackets', 'mirror', 'P-AGREE', 'rmap-brackets'),
      in414('without-rmap-brackets', 'snapshot', 'P-AGREE', 'rmap-brackets'),
      in420('without-rmap-brackets', 'snapshot', 'P-AGREE', 'rmap-brackets'),
      in2016('without-rmap-brackets', 'mirror', 'P-AGREE', 'rmap-brackets'),
    ),
  },
  {
    id: 'B-10',
    title: '`hmm_range_fault` loops for ever on a write to a read-only vma',
    versions: 'up to 5.3',
    commit: '"mm/hmm: hmm_range_fault() infinite loop" (5.4)',
    unverified: true,
    known: 'report',
    fix: 'look at `VM_WRITE` first',
    place: found(
      in414('without-fault-checks-vma', 'rights-fault', 'recoverable', 'fault-checks-vma'),
      in420('without-fault-checks-vma', 'rights-alone', 'recoverable', 'fault-checks-vma'),
    ),
  },
  {
    id: 'B-15',
    title: 'Registration inside a bracket',
    versions: 'development of 6.4',
    commit: 'eeff9a5d47f8 (6.4); "mm: don\'t drop VMA locks in mm_drop_all_locks()", unverified',
    known: 'report',
    fix: 'registration takes every lock under which a bracket may run',
    note:
      'In 6.4 it is the lock of a vma that registration does not take: interval-notifier; in the other models, ' +
      'those of the reverse map. See D-02.',
    place: found(
      in2017('without-take-all-locks', 'registration', 'P-BAL-PAIR', 'take-all-locks'),
      in414('without-take-all-locks', 'registration', 'P-BAL-PAIR', 'take-all-locks'),
      in420('without-take-all-locks', 'registration', 'P-BAL-PAIR', 'take-all-locks'),
      inInterval('without-register-takes-vma-locks', 'register', 'P-BAL-PAIR', 'register-takes-vma-locks'),
    ),
  },
  {
    id: 'B-16',
    title: '`mmu_notifier_release` against `mmu_notifier_unregister`',
    versions: 'up to 3.9',
    commit: '3ad3d901bbcf (3.6) for the first form, d34883d4e35c (3.10) for the second',
    known: 'report',
    fix: 'call `release` of all first, then unlink with `hlist_del_init_rcu` under the lock, then wait for SRCU',
    note:
      'In mirror-4.14 and mirror-4.20 both forms: unlinked before release, and unlinked twice. In events-2016 the ' +
      'same, one level higher.',
    place: found(
      in414('without-core-releases-first', 'exit', 'P-NOUAF', 'core-releases-first'),
      in414('without-unhook-twice', 'teardown', 'P-LIFE', 'unhook-twice'),
      in420('without-core-releases-first', 'exit', 'P-NOUAF', 'core-releases-first'),
      in420('without-unhook-twice', 'teardown', 'P-LIFE', 'unhook-twice'),
      in2016('without-release-before-unlist', 'exit', 'P-NOUAF', 'release-before-unlist'),
      in2016('unlisted-first', 'addresses', 'P-NOUAF', 'release-before-unlist', 'fill-checks-dead'),
    ),
  },
  {
    id: 'B-17',
    title: 'Zombie mm_struct: the notifier is never unregistered',
    versions: 'June 2017, 4.14 to 4.16',
    commit: 'c01cbba2aa17 "mm/hmm: unregister mmu_notifier when last HMM client quit" (4.17)',
    unverified: true,
    known: 'report',
    fix: 'the last mirror unregisters the notifier',
    place: found(
      in2017('without-unregister-unhooks', 'teardown', 'P-REF-MM', 'unregister-unhooks'),
      in414('without-unregister-unhooks', 'teardown', 'P-REF-MM', 'unregister-unhooks'),
      in420('without-unregister-unhooks', 'close', 'P-REF-MM', 'unregister-unhooks'),
    ),
  },
  {
    id: 'B-17b',
    title: 'Unregistration drops the last reference of the mm_struct, then uses it',
    versions: '4.20 to 5.2',
    commit: '"mm/hmm: Hold a mmgrab from hmm to mm" (5.3)',
    unverified: true,
    known: 'reading',
    fix: '`struct hmm` pins mm_count until nothing of it is used any more',
    note: '`mirror-4.14@v4.18-backport` has it too, behind other bugs; with one device in `close` it is the shortest.',
    place: found(in420('without-hmm-mmgrab', 'teardown', 'P-LIFE', 'hmm-mmgrab')),
  },
  {
    id: 'B-61',
    title: 'Callbacks that ignore `blockable`, or use state that was torn down',
    versions: '4.20 to 5.1 (HMM), to 6.12 (drivers)',
    known: 'reading',
    fix: 'only try to take a lock where the caller must not sleep',
    note:
      "A driver's lock, and mirrors_sem. The third form (nouveau reads `svmm->vmm` without its mutex) is of a " +
      'driver that no model here has.',
    place: found(
      in420('without-callback-trylock', 'oom', maySleep, 'callback-trylock'),
      in420('without-trylock-nonblocking', 'oom', maySleep, 'trylock-nonblocking'),
    ),
  },
  {
    id: 'B-62',
    title: 'Mirror pair: unregistering one kills the other',
    versions: '4.17 to 5.1',
    known: 'reading',
    fix: 'clear `hmm->mm` only when the last mirror leaves',
    note: 'A registration that goes round for ever, and a notifier that is never unhooked.',
    place: found(
      in414('any-mirror-clears-mm', 'teardown', 'recoverable', 'last-clears-mm', 'hmm-kref'),
      in414('any-mirror-clears-mm', 'teardown', 'P-REF-MM', 'last-clears-mm', 'hmm-kref'),
      in420('any-mirror-clears-mm', 'registration', 'recoverable', 'last-clears-mm', 'hmm-kref'),
      in420('any-mirror-clears-mm', 'close', 'P-REF-MM', 'last-clears-mm', 'hmm-kref'),
    ),
  },
  {
    id: 'B-63',
    title: '`mm->hmm` is published before the notifier is registered',
    versions: '4.20 to 5.2',
    commit: 'none as such: 5.3 registers under mmap_sem in write mode alone',
    known: 'inference',
    fix: 'register, and look `mm->hmm` up, with mmap_sem in write mode',
    note:
      'Another driver finds the struct and frees it before its notifier is registered. That the registration ' +
      'fails, as it was inferred, is played in `test/models/mirror-4.14/bugs.test.ts`.',
    place: found(
      in2017('without-register-mmap-sem', 'registrars', 'P-LIFE', 'register-mmap-sem'),
      in420('without-register-mmap-sem', 'two-registrars', 'P-LIFE', 'register-mmap-sem'),
    ),
  },
  {
    id: 'B-64',
    title: '`FAULT_FLAG_ALLOW_RETRY` although the caller asked to block',
    versions: '4.14 to 5.2',
    commit: '"mm/hmm: Only set FAULT_FLAG_ALLOW_RETRY for non-blocking" (5.3)',
    unverified: true,
    known: 'report',
    fix: 'mmap_sem is dropped only for callers that do not block, and -EAGAIN says so',
    place: found(
      in414('without-retry-only-nonblocking', 'fault', 'P-LOCK', 'retry-only-nonblocking'),
      in414('without-again-means-dropped', 'nonblocking', 'P-LOCK', 'again-means-dropped'),
      in420('without-retry-only-nonblocking', 'rights', 'P-LOCK', 'retry-only-nonblocking'),
      in420('without-again-means-dropped', 'nonblocking-fault', 'P-LOCK', 'again-means-dropped'),
    ),
  },
  {
    id: 'B-78',
    title: 'No `release`: the device table outlives the process',
    versions: 'June 2017, 4.14 to 4.16',
    commit: '"HMM should have a callback before MM is destroyed" (4.17)',
    unverified: true,
    known: 'report',
    fix: "a release callback, through which drivers stop before the process's pages are freed",
    place: found(
      in2017('without-release-callback', 'exit', 'P-NOUAF', 'release-callback'),
      in414('without-release-callback', 'exit', 'P-NOUAF', 'release-callback'),
      in420('without-release-callback', 'exit', 'P-NOUAF', 'release-callback'),
    ),
  },
  {
    id: 'B-79',
    title: 'Callback before publication',
    versions: 'June 2017, 4.14 to 4.19',
    commit: 'with that of B-03',
    unverified: true,
    known: 'reading',
    fix: 'set `mm->hmm` before the notifier is registered',
    place: found(
      in2017('without-publish-before-callback', 'registration', 'P-LIFE', 'publish-before-callback'),
      in414('without-publish-before-callback', 'registration', 'P-LIFE', 'publish-before-callback'),
    ),
  },
  {
    id: 'B-80',
    title: "Loser's path of `hmm_register`",
    versions: 'June 2017',
    known: 'reading',
    fix: 'the rule of the header: mmap_sem in write mode',
    note:
      'Unreachable while the rule is kept: `without-loser-check` and `without-page-table-lock` hold in ' +
      '`registrars`.',
    place: found(
      in2017('register-unlocked', 'registrars', 'P-UNIQUE', 'register-mmap-sem'),
      in2017('loser-unregisters', 'second-struct', 'P-ORDER', 'present-check', 'callback-does'),
      in414('loser-unregisters', 'second-struct', 'P-ORDER', 'present-check', 'callback-does'),
    ),
  },
  {
    id: 'B-81',
    title: '`sequence` is write-only, and bumped once',
    versions: 'June 2017',
    known: 'reading',
    fix: 'what says that a bracket is open, beside that one was: the hole of B-02',
    place: found(in2017('driver-reads-sequence', 'mirror', 'P-RETRY', 'retry-by')),
  },
  {
    id: 'B-82',
    title: 'Registration or unregistration in a callback',
    versions: 'June 2017, 4.14 to 5.1',
    known: 'reading',
    fix: 'a driver does neither in its callback',
    place: found(
      in2017('callback-unregisters', 'mirror', 'P-ORDER', 'callback-does'),
      in2017('callback-registers', 'mirror', 'P-ORDER', 'callback-does'),
      in414('callback-unregisters', 'snapshot', 'P-ORDER', 'callback-does'),
      in414('callback-registers', 'snapshot', 'P-ORDER', 'callback-does'),
      in420('callback-unregisters', 'snapshot', 'P-ORDER', 'callback-does'),
      in420('callback-registers', 'snapshot', 'P-ORDER', 'callback-does'),
    ),
  },
  {
    id: 'B-83',
    title: 'A sleeping reader of `mirrors_sem` and a queued writer block all brackets',
    versions: 'June 2017, 4.14 to 5.1',
    known: 'inference',
    fix:
      'a callback waits for nothing that opens a bracket; or no writer queues between two callbacks, as where who ' +
      'unregisters holds mmap_sem in write mode',
    note:
      'With mmap_sem held the deadlock is gone, and the order is still there: `callback-waits-fixed` breaks ' +
      'P-ORDER alone.',
    place: found(
      in2017('callback-waits', 'reclaim', 'P-ORDER', 'callback-does'),
      in2017('callback-waits', 'reclaim', 'lock-deadlock', 'unregister-mmap-sem'),
      in414('callback-waits', 'reclaim', 'P-ORDER', 'callback-does'),
      in414('callback-waits', 'reclaim', 'lock-deadlock', 'unregister-mmap-sem'),
      in420('callback-waits', 'reclaim', 'P-ORDER', 'callback-does'),
    ),
  },
  {
    id: 'B-84',
    title: '`hmm_mirror_unregister` twice',
    versions: 'June 2017, 4.14 to 4.16',
    commit: 'in the text of 4.17',
    unverified: true,
    known: 'reading',
    fix: 'clear `mirror->hmm`, and return where it is NULL',
    place: found(
      in2017('unregister-twice', 'registration', 'P-LIFE', 'unregister-guard'),
      in414('unregister-twice', 'registration', 'P-LIFE', 'unregister-guard'),
      in420('unregister-twice', 'registration', 'P-LIFE', 'unregister-guard'),
    ),
  },
  {
    id: 'B-85',
    title: 'Fork leaves writable device entries until `range_end`',
    versions: 'June 2017, 4.14 to 4.19',
    commit: 'ec131b2d7fa6 (4.20)',
    known: 'reading',
    fix: 'as of B-01',
    place: found(inFork('without-invalidate-at-start', 'fork', 'P-COW', 'invalidate-at-start')),
  },
  {
    id: 'B-88',
    title: 'Documented use of `hmm_vma_fault` and `hmm_vma_range_done` is wrong',
    versions: '4.14 to 5.1',
    known: 'reading',
    fix: 'call `hmm_vma_range_done` once and only without an error, and look at what it answers',
    note: 'First the call after an error, then the answer that is ignored.',
    place: found(
      in414('range-done-after-error', 'nonblocking', 'P-LIFE', 'range-done-after-error'),
      in414('driver-ignores-range-done', 'snapshot', 'P-RETRY', 'range-done-check'),
      in420('range-done-after-error', 'nonblocking-fault', 'P-LIFE', 'range-done-after-error'),
      in420('without-range-done-check', 'snapshot', 'P-RETRY', 'range-done-check'),
      in2017('without-range-done-check', 'mirror', 'P-RETRY', 'range-done-check'),
      inFork('without-range-done-check', 'fork', 'P-RETRY', 'range-done-check'),
    ),
  },
  {
    id: 'B-89',
    title: 'Exit with two mirrors frees `struct hmm` under the second',
    versions: '4.17 to 5.1',
    commit: '704f3f2cf63c (5.2)',
    known: 'reading',
    fix: 'each mirror has a reference of `struct hmm`',
    place: found(
      in414('release-unlinks-uncounted', 'close', 'P-LIFE', 'hmm-kref', 'release-before-unlink'),
      in420('release-unlinks-uncounted', 'close', 'P-LIFE', 'hmm-kref', 'release-before-unlink'),
    ),
  },
]
