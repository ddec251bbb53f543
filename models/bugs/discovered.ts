/** Bugs that were not named before the checker showed them, or not in this form. */
import { findingsIn, found, type Bug } from './bug.ts'

const in2017 = findingsIn('mirror-2017')
const in414 = findingsIn('mirror-4.14')
const in420 = findingsIn('mirror-4.20')
const inEvents = findingsIn('events-2016')
const inMigrate = findingsIn('migrate-vma')
const inMemory = findingsIn('device-memory')
const inOwner = findingsIn('owner-cow')

const series = 'v11 and v12 of the series, 2015 and 2016'

export const discoveredBugs: readonly Bug[] = [
  {
    id: 'D-01',
    title: '`hmm_release` takes a mirror out of the list before it calls the driver',
    versions: '4.17 to 5.2',
    commit: '"mm/hmm: hold mirrors_sem in hmm_release" (5.3), for another reason',
    unverified: true,
    known: 'checker',
    fix: 'call the driver while its mirror is in the list',
    note: 'A bracket in between finds no mirror to call, and frees the page under the device: B-16 one level higher.',
    place: found(
      in2017('without-release-before-unlink', 'exit', 'P-NOUAF', 'release-before-unlink'),
      in414('without-release-before-unlink', 'exit', 'P-NOUAF', 'release-before-unlink'),
      in420('without-release-before-unlink', 'exit', 'P-NOUAF', 'release-before-unlink'),
    ),
  },
  {
    id: 'D-02',
    title: 'A notifier that is registered inside a bracket does not count it, and its device installs an entry',
    versions: 'wherever B-15 is',
    known: 'checker',
    fix: 'as of B-15',
    note:
      'B-15 speaks of an end without a start. If the start was told to a `struct hmm` that has been freed since, ' +
      'the new one takes its first snapshot beside an open bracket.',
    place: found(
      in2017('without-take-all-locks', 'registration', 'P-INV', 'take-all-locks'),
      in414('without-take-all-locks', 'registration', 'P-INV', 'take-all-locks'),
      in420('without-take-all-locks', 'registration', 'P-INV', 'take-all-locks'),
    ),
  },
  {
    id: 'D-03',
    title: '`hmm_vma_range_done` on a `struct hmm` that was freed',
    versions: '4.17 to 5.1',
    commit: '704f3f2cf63c (5.2)',
    known: 'checker',
    fix: 'a range has a reference of `struct hmm`; or unbinding waits for the fault handler',
    note: '`hmm_vma_fault` calls it after it has dropped mmap_sem, and the last mirror may be unregistered meanwhile.',
    place: found(
      in414('without-hmm-kref', 'nonblocking', 'P-LIFE', 'hmm-kref'),
      in420('unbind-does-not-wait', 'registration', 'P-LIFE', 'hmm-kref', 'unbind-flushes'),
    ),
  },
  {
    id: 'D-04',
    title: 'A copy back from the device is not ordered with brackets',
    versions: series,
    known: 'checker',
    fix: 'list it as a device fault is: B-66, for the way back',
    place: found(inEvents('without-back-listed', 'migrate', 'P-NOUAF', 'back-listed')),
  },
  {
    id: 'D-05',
    title: 'A device fault during a migration gives the device its old entry again',
    versions: series,
    known: 'checker',
    fix: 'device faults and migrations of one address wait for each other',
    place: found(inEvents('without-faults-wait-for-migration', 'migrate', 'P-CONTENT', 'faults-wait-for-migration')),
  },
  {
    id: 'D-06',
    title: 'A dead mirror is filled',
    versions: series,
    known: 'checker',
    fix: 'look whether the mirror is dead where an entry is set',
    place: found(
      inEvents(
        'without-fill-checks-dead',
        'failures',
        'misuse: BUG_ON(hmm_pte_pfn(hmm_pte[i]) != pte_pfn(*ptep))',
        'fill-checks-dead',
      ),
    ),
  },
  {
    id: 'D-07',
    title: 'A bracket that changes nothing loses device memory',
    versions: series,
    known: 'checker',
    fix: 'HMM_MIGRATE leaves entries for device memory alone, as HMM_FORK does',
    place: found(
      inEvents('without-migrate-event-spares-device', 'dirty-memory', 'P-CONTENT', 'migrate-event-spares-device'),
    ),
  },
  {
    id: 'D-08',
    title: 'B-40 without MADV_DONTNEED: a CPU fault on a hole that was filled',
    versions: '4.14 to 6.12, drivers that map before finalize and rely on their callback',
    known: 'checker',
    fix: 'as of B-40',
    place: found(inMigrate('without-map-by-fault', 'cpu-fault', 'P-NOUAF', 'map-by-fault')),
  },
  {
    id: 'D-09',
    title: 'A sequence that is sampled after `migrate_vma_setup` does not correct B-40',
    versions: 'none known',
    known: 'checker',
    fix: 'sample it before, and do not count the own bracket (`driver-rechecks`, which holds)',
    place: found(inMigrate('driver-rechecks-late', 'dontneed', 'P-NOUAF', 'map-by-fault', 'device-map')),
  },
  {
    id: 'D-10',
    title: 'Eviction that asks the count ends too early, and removal waits for ever',
    versions: '5.18 to 6.0',
    commit: 'ef233450898f (6.1)',
    known: 'checker',
    fix: 'as of B-33: a free page has no reference',
    place: found(inMemory('without-free-at-zero', 'idle', 'deadlock', 'free-at-zero')),
  },
  {
    id: 'D-11',
    title: 'Eviction passes by a page that is just being given out, and removal waits for ever',
    versions: 'drivers that try every page once',
    known: 'checker',
    fix: 'evict until no page is in use',
    place: found(inMemory('without-evict-until-free', 'idle', 'deadlock', 'evict-until-free')),
  },
  {
    id: 'D-12',
    title: "Registration finds a `struct hmm` that another driver's last mirror frees",
    versions: '4.20 to 5.1',
    commit: '704f3f2cf63c (5.2)',
    known: 'checker',
    fix: 'who looks it up takes a reference',
    note:
      'Registration holds mmap_sem, unregistration does not, and the mirror that registers is in the list only ' +
      'after the other has found it empty.',
    place: found(in420('without-hmm-kref', 'registrars', 'P-LIFE', 'hmm-kref')),
  },
  {
    id: 'D-13',
    title: 'HMM_ISDIRTY gives a device the right to write back',
    versions: 'v11 and v12, 2015 and 2016',
    known: 'checker',
    fix: 'the event protects the entry for the device too',
    note:
      'Its mask is all ones, so that the next read fault of the device restores the right, and soft-dirty ' +
      'tracking misses what it writes.',
    place: found(inEvents('without-isdirty-protects', 'dirty', 'P-PERM', 'isdirty-protects')),
  },
  {
    id: 'D-14',
    title: 'amdkfd goes round for ever if `hmm_range_fault` alone is corrected for G6-02',
    versions: 'amdkfd of 6.1 and 6.12, if mm/hmm.c alone were corrected',
    known: 'checker',
    fix: 'amdkfd moves the page to system memory itself, before it walks again',
    note:
      'A fault of the own walk (`faulting_task`) returns 0 and changes nothing, and the walk begins again without ' +
      "a bound (G6-03), under the locks that a CPU's fault would need to help.",
    place: found(inOwner('without-driver-moves-own-pages', 'kfd', 'recoverable', 'driver-moves-own-pages')),
  },
]
