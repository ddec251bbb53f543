/** Bugs of the event-driven mirror of 2015 and 2016 that its model shows. None was ever run. */
import { findingsIn, found, type Bug } from './bug.ts'

const inEvents = findingsIn('events-2016')
const in414 = findingsIn('mirror-4.14')

const versions = 'v11 and v12 of the series, 2015 and 2016'
const bugOn = 'misuse: BUG_ON(hmm_pte_pfn(hmm_pte[i]) != pte_pfn(*ptep))'

export const eventsBugs: readonly Bug[] = [
  {
    id: 'B-66',
    title: 'HMM_COPY_TO_DEVICE is not ordered with invalidation',
    versions,
    known: 'reading',
    fix: 'list a migration as a device fault is, so that brackets wait for it',
    place: found(inEvents('without-migrate-listed', 'migrate', 'P-AGREE', 'migrate-listed')),
  },
  {
    id: 'B-67',
    title: '`hmm_mirror_register` tests its own NULL variable: every registration makes a second `struct hmm`',
    versions,
    known: 'reading',
    fix: 'test `mm->hmm`',
    place: found(
      inEvents('without-register-finds-hmm', 'registration', 'P-INV', 'register-finds-hmm'),
      in414('register-overwrites', 'second-struct', 'P-INV', 'present-check', 'loser-check'),
    ),
  },
  {
    id: 'B-69',
    title: 'Second CPU faulter destroys the only copy',
    versions,
    known: 'reading',
    fix: 'forget device memory only where the caller has locked the entry',
    note: 'With two threads, and with one that gets no memory.',
    place: found(
      inEvents('second-faulter', 'faulters', 'P-CONTENT', 'forget-only-own', 'back-listed'),
      inEvents('without-forget-only-own', 'memory', 'P-CONTENT', 'forget-only-own'),
    ),
  },
  {
    id: 'B-71',
    title: "Fork rewrites the parent's mirror with the child's page",
    versions,
    known: 'reading',
    fix: "HMM_FORK copies memory, and leaves the mirror's entry alone",
    place: found(inEvents('without-fork-keeps-mirror', 'fork', 'P-ISO', 'fork-keeps-mirror')),
  },
  {
    id: 'B-72',
    title: 'Pinned page restored, then destroyed by the cleanup',
    versions,
    known: 'reading',
    fix: 'the cleanup leaves alone what was put back',
    place: found(inEvents('without-cleanup-skips-restored', 'pinned', 'P-CONTENT', 'cleanup-skips-restored')),
  },
  {
    id: 'B-73',
    title: 'Aborted `copy_to_device` is half applied',
    versions,
    known: 'reading',
    fix: 'after an error nothing of `dst` is taken over',
    place: found(inEvents('without-abort-restores', 'failures', 'P-CONTENT', 'abort-restores')),
  },
  {
    id: 'B-74',
    title: 'Kill inside a callback can self-deadlock',
    versions,
    known: 'reading',
    fix: 'clear `mm->hmm` under a spinlock; or wait for callbacks before the reference is dropped',
    note:
      "In the last version posted `hmm_mirror_unregister()` waits for the notifier's SRCU, and a driver that " +
      'keeps to it is safe: `without-destroy-unlocked` holds. The exported `hmm_mirror_unref()` is enough for the ' +
      'deadlock.',
    place: found(
      inEvents('driver-drops-reference', 'unregister', 'P-ORDER', 'destroy-unlocked', 'driver-unregisters'),
      inEvents('destroy-in-callback', 'unregister', 'P-ORDER', 'destroy-unlocked', 'synchronize-srcu'),
    ),
  },
  {
    id: 'B-75',
    title: "Release against the device's unregistration",
    versions: 'the series up to v10, 2015',
    commit: 'report of July 2015 (Hairgrove)',
    unverified: true,
    known: 'report',
    fix: 'a spinlock, of which the unlock touches nothing after it is released',
    place: found(
      inEvents('without-device-spinlock', 'unregister', 'P-LIFE', 'device-spinlock'),
      in414('without-device-spinlock', 'unplug', 'P-LIFE', 'device-spinlock'),
    ),
  },
  {
    id: 'B-76',
    title: 'Dirty bits are dropped',
    versions,
    known: 'inference',
    fix: 'a dirty bit counts although the entry is not writable any more',
    place: found(inEvents('without-dirty-without-write', 'dirty', 'P-DIRTY', 'dirty-without-write')),
  },
  {
    id: 'B-86',
    title: 'Late `invalidate_page` meets a new entry',
    versions,
    commit: '369ea8242c0f (4.14)',
    known: 'reading',
    fix: 'as of B-08',
    place: found(
      inEvents('without-rmap-brackets', 'mirror', 'P-AGREE', 'rmap-brackets'),
      inEvents('without-rmap-brackets', 'mirror', bugOn, 'rmap-brackets'),
    ),
  },
  {
    id: 'B-87',
    title: 'One `dst[]` for all mirrors',
    versions,
    known: 'reading',
    fix: 'ask each mirror for what is in its own device',
    place: found(inEvents('without-dst-per-mirror', 'two-mirrors', 'P-CONTENT', 'dst-per-mirror')),
  },
]
