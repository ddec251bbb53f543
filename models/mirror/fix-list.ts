/**
 * Locks and checks of the merged mirror, which both of its models have. Each is a constant of the same name in
 * fixes.ts.
 */
import type { Fix } from 'hmmcheck'

const merged = '4.14 mm/hmm.c'
const pattern = "hmm.h of 4.20, the driver's side"
const core = 'mm/ of 4.14'

export const locks: readonly Fix[] = [
  { name: 'fault-mmap-sem', kind: 'lock', source: core, summary: "a CPU's page fault holds mmap_sem in read mode" },
  { name: 'munmap-mmap-sem', kind: 'lock', source: core, summary: 'munmap holds mmap_sem in write mode' },
  { name: 'mprotect-mmap-sem', kind: 'lock', source: core, summary: 'mprotect holds mmap_sem in write mode' },
  {
    name: 'device-fault-mmap-sem',
    kind: 'lock',
    source: pattern,
    summary: "a driver's fault handler holds mmap_sem in read mode around snapshot and installation",
  },
  {
    name: 'register-mmap-sem',
    kind: 'lock',
    source: `${merged}: "THE mm->mmap_sem MUST BE HELD IN WRITE MODE !"`,
    summary: 'hmm_mirror_register is called with mmap_sem in write mode',
  },
  {
    name: 'mirrors-sem-callback',
    kind: 'lock',
    source: merged,
    summary: 'hmm_invalidate_range walks the mirrors with mirrors_sem in read mode',
  },
  {
    name: 'mirrors-sem-register',
    kind: 'lock',
    source: merged,
    summary: 'hmm_mirror_register adds to the mirrors with mirrors_sem in write mode',
  },
  {
    name: 'mirrors-sem-unregister',
    kind: 'lock',
    source: merged,
    summary: 'hmm_mirror_unregister takes from the mirrors with mirrors_sem in write mode',
  },
  {
    name: 'mirrors-sem-release',
    kind: 'lock',
    source: '4.17 and 5.3 mm/hmm.c hmm_release',
    summary: 'hmm_release holds mirrors_sem',
  },
  {
    name: 'hmm-lock',
    kind: 'lock',
    source: merged,
    summary: 'hmm->lock is taken around the list of ranges, their valid flags and the count of brackets',
  },
  {
    name: 'driver-lock',
    kind: 'lock',
    source: pattern,
    summary: "the driver's lock is taken in its callback, and around hmm_vma_range_done and installation",
  },
  {
    name: 'page-table-lock',
    kind: 'lock',
    source: merged,
    summary: 'mm->page_table_lock is taken around the test and setting of mm->hmm',
  },
  {
    name: 'pte-lock',
    kind: 'lock',
    source: core,
    summary: 'the page table lock is taken around the second test and setting of an entry in a fault',
  },
  {
    name: 'rmap-lock',
    kind: 'lock',
    source: core,
    summary: 'a walk of the reverse map holds i_mmap_rwsem or an anon_vma lock',
  },
  {
    name: 'take-all-locks',
    kind: 'lock',
    source: core,
    summary: 'registering a notifier takes every lock under which a bracket may run',
  },
  {
    name: 'synchronize-srcu',
    kind: 'lock',
    source: core,
    summary: 'exit waits for methods that still run; and so does unregistration, where it waits',
  },
  {
    name: 'fault-mmget',
    kind: 'lock',
    source: pattern,
    summary: "a driver's fault handler holds a reference of mm_users",
  },
  { name: 'bind-mmget', kind: 'lock', source: pattern, summary: 'binding a device holds a reference of mm_users' },
]

export const checks: readonly Fix[] = [
  {
    name: 'range-done-check',
    kind: 'check',
    source: 'hmm.h of 4.20; B-88 (b)',
    summary: 'what hmm_vma_range_done answers is looked at',
  },
  {
    name: 'end-invalidates-ranges',
    kind: 'check',
    source: merged,
    summary: 'invalidate_range_end makes the ranges invalid too, as it does up to 5.1',
  },
  {
    name: 'present-check',
    kind: 'check',
    source: merged,
    summary: 'hmm_register first looks whether there is a struct hmm',
  },
  {
    name: 'loser-check',
    kind: 'check',
    source: merged,
    summary: 'hmm_register looks once more before it sets mm->hmm',
  },
  {
    name: 'pte-none-check',
    kind: 'check',
    source: core,
    summary: 'a fault tests once more that the entry is none before it sets it',
  },
  {
    name: 'bound-check',
    kind: 'check',
    source: pattern,
    summary: "a driver's fault handler tests that the device is still bound, before the snapshot",
  },
  {
    name: 'bound-recheck',
    kind: 'check',
    source: pattern,
    summary: 'and once more, under its lock, before the installation',
  },
  {
    name: 'unbind-clears',
    kind: 'check',
    source: pattern,
    summary: 'a driver clears the device page table when it unbinds',
  },
  {
    name: 'rmap-brackets',
    kind: 'check',
    source: '369ea8242c0f (4.14), B-08',
    summary: 'the reverse map announces a change before it, in a bracket; up to 4.13, by invalidate_page after it',
  },
  {
    name: 'core-releases-first',
    kind: 'check',
    source: '3ad3d901bbcf (3.6), B-16 (a)',
    summary: 'exit calls release of a notifier while it is still in the list; up to 3.5, it took it out first',
  },
  {
    name: 'unhook-twice',
    kind: 'check',
    source: 'd34883d4e35c (3.10), B-16 (b)',
    summary: 'a notifier may be taken out of the list by exit and by its unregistration: hlist_del_init_rcu()',
  },
]

/** The corrections that both lack, in the words of those that brought them. */
export const corrections = {
  count_open_brackets: {
    name: 'count-open-brackets',
    kind: 'correction',
    source: 'a3e0d41c2b1f (5.2), B-02',
    summary: 'hmm->notifiers counts open brackets; a range that is listed while it is not 0 is invalid from the start',
  },
  release_before_unlink: {
    name: 'release-before-unlink',
    kind: 'correction',
    source: 'mail "mm/hmm: Fix error flows / hold mirrors_sem in hmm_release" (5.3), found in mirror-2017 for brackets',
    summary:
      'hmm_release calls a driver while its mirror is still in the list; as it came, it takes the mirror out first',
  },
  last_clears_mm: {
    name: 'last-clears-mm',
    kind: 'correction',
    source: 'B-62, by reading of 4.17 mm/hmm.c',
    summary: 'hmm->mm is cleared by the last mirror only; as it came, by any',
  },
  hmm_kref: {
    name: 'hmm-kref',
    kind: 'correction',
    source: '704f3f2cf63c (5.2), B-89',
    summary:
      'struct hmm is counted: each mirror and each range has a reference; as it was, it goes with the last mirror in the list',
  },
  retry_only_nonblocking: {
    name: 'retry-only-nonblocking',
    kind: 'correction',
    source: 'mail "mm/hmm: Only set FAULT_FLAG_ALLOW_RETRY for non-blocking" (5.3), B-64',
    summary: 'hmm_vma_fault drops mmap_sem only if `block` is false',
  },
  again_means_dropped: {
    name: 'again-means-dropped',
    kind: 'correction',
    source: 'hmm.h of 4.20 and mm/hmm.c of 5.2, B-64',
    summary: 'hmm_vma_fault says -EAGAIN when it has dropped mmap_sem, as documented; as it was, -EBUSY',
  },
  fault_checks_vma: {
    name: 'fault-checks-vma',
    kind: 'correction',
    source: 'mail "mm/hmm: hmm_range_fault() infinite loop" (5.4), B-10',
    summary: 'hmm_vma_fault refuses to fault for writing where the vma does not let it; as it was, it faults for ever',
  },
} as const satisfies Record<string, Fix>

/** The corrections that 4.20 has already, and 4.14 lacks. */
export const by420 = {
  invalidate_at_start: {
    name: 'invalidate-at-start',
    kind: 'correction',
    source: 'ec131b2d7fa6 (4.20), B-01',
    summary:
      'ranges become invalid and mirrors are called in invalidate_range_start; up to 4.19, in invalidate_range_end',
  },
  release_callback: {
    name: 'release-callback',
    kind: 'correction',
    source: 'mail "HMM should have a callback before MM is destroyed" (4.17), B-78',
    summary: "the notifier has a release method, through which drivers stop before the process's pages are freed",
  },
  publish_before_callback: {
    name: 'publish-before-callback',
    kind: 'correction',
    source: 'mail "fix race between hmm_mirror_unregister() and mmu_notifier callback" (4.20), B-79',
    summary: 'mm->hmm is set before the notifier is registered; up to 4.19, after it',
  },
  unregister_unhooks: {
    name: 'unregister-unhooks',
    kind: 'correction',
    source: 'mail "mm/hmm: unregister mmu_notifier when last HMM client quit" (4.17), B-17',
    summary:
      'the last hmm_mirror_unregister takes the notifier away and frees struct hmm; up to 4.16, both stay for ever',
  },
  unhook_before_unpublish: {
    name: 'unhook-before-unpublish',
    kind: 'correction',
    source: 'mail "fix race between hmm_mirror_unregister() and mmu_notifier callback" (4.20), B-03',
    summary: 'the notifier is taken away before mm->hmm is cleared; in 4.17, after it',
  },
  unregister_guard: {
    name: 'unregister-guard',
    kind: 'correction',
    source: '4.17 mm/hmm.c hmm_mirror_unregister, B-84',
    summary: 'hmm_mirror_unregister of a mirror that is not registered does nothing',
  },
} as const satisfies Record<string, Fix>
