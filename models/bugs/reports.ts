/**
 * Bugs that were reported of other users of the notifier, or of the kernel around HMM, and that a model here shows;
 * and why it shows no more of them.
 */
import { findingsIn, found, inexpressible, type Bug } from './bug.ts'

const in420 = findingsIn('mirror-4.20')
const inMigrate = findingsIn('migrate-vma')
const inMemory = findingsIn('device-memory')

const maySleep = 'misuse: sleeping function called from invalid context'

export const reportedBugs: readonly Bug[] = [
  {
    id: 'E-01',
    title: 'The OOM reaper unmaps and tells no notifier',
    versions: '4.6 to 4.13',
    commit: '4d4bbd8526a8 (4.14)',
    known: 'report',
    fix: 'leave an mm with notifiers alone; from 4.19 on, a bracket that does not block',
    place: found(
      in420('without-reaper-brackets', 'oom', 'P-NOUAF', 'reaper-brackets'),
      in420('without-reaper-brackets', 'oom', 'P-INV-CHANGE', 'reaper-brackets'),
    ),
  },
  {
    id: 'E-02',
    title: 'khugepaged takes page tables of file mappings away and tells no notifier',
    versions: '4.8 to 6.0',
    commit: 'f268f6cf875f (6.1; CVE-2022-48991)',
    known: 'report',
    fix: 'a bracket around both places',
    place: found(
      in420('without-collapse-brackets', 'huge-pages', 'P-NOUAF', 'collapse-brackets'),
      in420('without-collapse-brackets', 'huge-pages', 'P-AGREE', 'collapse-brackets'),
    ),
  },
  {
    id: 'E-03',
    title: 'A bracket is opened with the page table lock held',
    versions: '4.14 to 4.18',
    commit: '"mm/thp: fix call to mmu_notifier in set_pmd_migration_entry() v2" (4.19)',
    unverified: true,
    known: 'report',
    fix: 'the caller opens the bracket before it takes the lock',
    place: found(in420('without-bracket-outside-ptl', 'huge-pages', maySleep, 'bracket-outside-ptl')),
  },
  {
    id: 'E-04',
    title: "`mmput()` with the driver's lock held is the last one",
    versions: '5.10 to 5.19 (mlx5)',
    commit: '85eaeb5058f0 (6.0)',
    known: 'report',
    fix: '`mmput_async()`, or the lock is given back first',
    place: found(in420('without-mmput-unlocked', 'exit', 'deadlock', 'mmput-unlocked')),
  },
  {
    id: 'E-05',
    title: 'The callback gets no memory, and returns as if it had invalidated',
    versions: 'nvidia-uvm up to 595.45.04 (2026)',
    known: 'reading',
    fix: 'no allocation in the callback',
    note: 'P-RETRY holds in the model: HMM itself makes the ranges invalid before it calls the driver.',
    place: found(in420('callback-without-memory', 'snapshot', 'P-NOUAF', 'callback-does')),
  },
  {
    id: 'E-06',
    title: "The last `mmput()` is the callback's own",
    versions: '5.19 to 6.15 (amdkfd)',
    commit: 'cf234231fcbc (CVE-2025-38520)',
    unverified: true,
    known: 'report',
    fix: 'the callback takes no reference; its deferred work takes one of its own',
    note:
      'The kernel stops at a lock of the reverse map, which the walker holds. The model stops one step earlier, ' +
      'at `synchronize_srcu()`, as its notifiers are called inside SRCU.',
    place: found(in420('callback-mmput', 'exit', 'deadlock', 'callback-does')),
  },
  {
    id: 'E-07',
    title: 'The driver gives a device page out again before the CPU fault has put its reference',
    versions: '6.1 to 6.17 at least (amdkfd)',
    known: 'report',
    fix: 'give it out again only after `page_free()`',
    place: found(inMemory('without-reuse-waits-for-free', 'life', 'P-REF', 'reuse-waits-for-free')),
  },
  {
    id: 'E-08',
    title: '`folio->pgmap` is read after `->folio_free()`',
    versions: '6.19 to 7.0',
    commit: '399289849560 (7.1)',
    known: 'report',
    fix: 'read the map before the page is given back',
    place: found(inMemory('without-pgmap-on-stack', 'life', 'P-NOUAF', 'pgmap-on-stack')),
  },
  {
    id: 'E-09',
    title: "The last notifier's reference was the last of the mm",
    versions: 'hfi1 to 5.17, arm-smmu-v3-sva to 5.18, amdxdna',
    commit: 'cbd23144f766 (5.19)',
    known: 'report',
    fix: 'a reference of mm_count around what looks at the mm afterwards',
    place: inexpressible(
      'the pattern of B-17b, in drivers that are not modelled: `mirror-4.20@without-hmm-mmgrab` shows it',
    ),
  },
  {
    id: 'E-10',
    title: 'Two MADV_DONTNEED of one range: the second returns before the first has flushed',
    versions: 'up to 4.12',
    commit: '99baac21e458 (4.13)',
    known: 'report',
    fix: 'count who has not flushed yet, and flush for the other',
    note: 'One thread that calls MADV_DONTNEED hides it, and with it that a model lacks the count.',
    place: found(inMigrate('without-flush-nested', 'two-zappers', 'P-TLB', 'flush-nested')),
  },
  {
    id: 'E-17',
    title: 'An error path frees a notifier without a grace period',
    versions: 'amdkfd to 5.3',
    commit: '"drm/amdkfd: fix a use after free race with mmu_notifer unregister" (5.4)',
    known: 'report',
    fix: 'nothing is unwound after the registration',
    place: inexpressible(
      'the pattern of B-04, in a driver that is not modelled: `mirror-2017@without-synchronize-srcu` shows it',
    ),
  },
  {
    id: 'E-18',
    title: 'An error path frees a region whose notifier is registered',
    versions: 'mshv 6.19',
    commit: '34861bdc0c01 (CVE-2026-23432)',
    known: 'report',
    fix: 'unregister before it is freed',
    note: 'Of the patch only the advisory was read.',
    place: found(in420('without-bind-unwinds', 'failed-bind', 'P-LIFE', 'bind-unwinds')),
  },
  {
    id: 'E-19',
    title: '`synchronize_rcu()` in `invalidate_range_start`',
    versions: 'vhost, 5.3-rc',
    commit: '"vhost: do not use RCU to synchronize MMU notifier with worker"',
    unverified: true,
    known: 'report',
    fix: 'a counter that is odd while the map is in use',
    place: inexpressible(
      'the driver vhost, which is not modelled. That the callback waits for every reader of the system is a ' +
        "matter of time; whether the counter's barriers suffice, of store buffers",
    ),
  },
  {
    id: 'E-20',
    title: 'The OOM reaper against a write of the same process',
    versions: '4.6 to 4.13',
    commit: '6b31d5955cb2 (4.14)',
    known: 'report',
    fix: 'a fault brings nothing in once the reaper takes memory away',
    place: found(in420('without-stable-check', 'oom-write', 'P-CONTENT', 'stable-check')),
  },
  {
    id: 'E-42',
    title: '`migrate_vma` keeps the PMD lock where the OOM reaper was there',
    versions: '6.19 to 7.0',
    commit: '63451de16e0a (7.1)',
    known: 'report',
    fix: '`goto unlock_abort`',
    note: 'An address stands for what one PMD maps, and the PMD lock is a lock of its own there.',
    place: found(
      inMigrate('without-abort-unlocks', 'huge', 'misuse: spin_lock() by the thread that holds it', 'abort-unlocks'),
    ),
  },
  {
    id: 'E-21',
    title: 'fork against a write fault that takes no mmap_lock',
    versions: '6.4',
    commit: 'fb49c455323f (6.5)',
    known: 'report',
    fix: 'fork locks the vmas of the parent',
    note: 'For fork and a fault that holds no more than the lock of its vma it is as if fork took no lock.',
    place: found(inMigrate('without-fork-mmap-sem', 'fork-tlb', 'P-CONTENT', 'fork-mmap-sem')),
  },
]
