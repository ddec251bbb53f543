/** Known bugs that no model here shows, and why: livelocks, and bugs of what none of them has. */
import { findingsIn, found, inexpressible, temporal, type Bug } from './bug.ts'

const inKfd = findingsIn('kfd-svm')

const events = 'v11 and v12 of the series, 2015 and 2016'

/** Every state of them is as it should be, and from each there is a way out. */
const livelocks: readonly Bug[] = [
  {
    id: 'B-26',
    title: 'Two CPU faulters keep the device page from being migrated',
    versions: '6.1 to 6.14',
    commit: '1afaeb8293c9 (6.15)',
    known: 'report',
    fix: '`trylock_page` under the page table lock first; who does not get it waits without a reference',
    place: temporal('both fail and try again, for ever, though either could succeed'),
  },
  {
    id: 'B-28',
    title: 'Spinning device-private faulters starve the holder',
    versions: '6.15 to 7.0-rc',
    commit: 'b570f37a2ce4 (7.0)',
    known: 'report',
    fix: 'sleep on the folio lock without a reference',
    place: temporal(
      'a faulter that goes round keeps a work item from its CPU: without preemption, under an unfair scheduler',
    ),
  },
  {
    id: 'B-68',
    title: 'ABA in the wait conditions of brackets and faults',
    versions: events,
    known: 'reading',
    fix: 'wait for those faults that were listed, not for another number of them',
    place: temporal('a wake-up is missed, and made good by the next change: a stall'),
  },
  {
    id: 'B-70',
    title: 'No wait on locked entries',
    versions: events,
    known: 'reading',
    fix: 'sleep until the entry is unlocked',
    place: temporal('faulters go round until the migration ends, which under priorities it never does'),
  },
]

/** Bugs of HMM and the core. */
const core: readonly Bug[] = [
  {
    id: 'B-07',
    title: 'Waiters starve behind unrelated invalidations',
    versions: '5.2 to 5.4',
    known: 'reading',
    fix: 'wait for the brackets over the range alone',
    place: temporal(
      'brackets over other addresses follow each other for ever, and who waits runs out of time again and again; from each state it can be served',
    ),
  },
  {
    id: 'B-30',
    title: 'Indeterminate entry for an unsupported ZONE_DEVICE page in a hole',
    versions: '4.14 to 5.12',
    commit: '34f5e9b9d199 (5.13)',
    known: 'report',
    fix: 'refuse the page',
    place: inexpressible('an uninitialised variable, and a kind of page that no model here has'),
  },
  {
    id: 'B-35',
    title: 'Folio that will be freed is put on the LRU',
    versions: '4.14 to 6.13',
    commit: '41cddf83d8b0 (6.14; CVE-2025-21861)',
    known: 'report',
    fix: 'put on the LRU what stays',
    place: inexpressible('the LRU and its batches'),
  },
  {
    id: 'B-36',
    title: 'Bracket smaller than the entries changed',
    versions: 'up to 4.18',
    commit: '017b1660df89 (4.19)',
    known: 'report',
    fix: 'widen the range before its start',
    place: inexpressible('huge pages and shared page tables'),
  },
  {
    id: 'B-77',
    title: 'Index slips over several directories',
    versions: events,
    known: 'inference',
    fix: 'map the directory of the address, and test `dst[idx]`',
    place: inexpressible('directories of the mirror page table: a model has one entry an address'),
  },
  {
    id: 'B-90',
    title: '`mm_hmm_migrate` loops',
    versions: events,
    known: 'reading',
    fix: 'clear `ret` before the retry, and `backoff` before the fault',
    place: inexpressible('huge pages, and an event that the caller uses again: one thread that goes round'),
  },
]

/** Bugs of drivers and other users of the notifier. */
const users: readonly Bug[] = [
  {
    id: 'B-48',
    title: 'amdkfd: exit, removal of a vma and a foreign mm in fault handling',
    versions: '5.14 to 6.0',
    commit: 'a0c55ecee100, 7ad153db5859, 3a876060892b',
    known: 'report',
    fix: 'drain faults before teardown; a vma that is gone is no error; use the mm of the fault',
    note: 'The second of the three, an old fault where the VMA is gone. The first is closed in 6.1 by the drain of `svm_range_list_fini`, and G6-25 has the rest of the third.',
    place: found(inKfd('without-missing-vma-dropped', 'unmap', 'P-FAULT', 'missing-vma-dropped')),
  },
]

export const bugsElsewhere: readonly Bug[] = [...livelocks, ...core, ...users]
