/** Bugs of amdkfd's shared virtual memory. Those of which no report is known were read in its text. */
import { closed, findingsIn, found, type Bug } from './bug.ts'

const inKfd = findingsIn('kfd-svm')

const may_not_sleep = 'misuse: sleeping function called from invalid context'
const null_notifier = 'misuse: mmu_interval_read_begin() where notifier->mm is NULL'

/** Read in the text of 6.1 and 6.12. */
const read: readonly Bug[] = [
  {
    id: 'G6-20',
    title: 'amdkfd: the queues of a process outlive its memory',
    versions: '5.14 to 6.12',
    known: 'reading',
    fix: 'stop the queues in the release, before the process is taken out of the table',
    note: 'A userptr buffer of the same process hides it: its callback for the release stops the queues.',
    place: found(
      inKfd('without-release-quiesces', 'exit', 'P-NOUAF', 'release-quiesces'),
      inKfd('as-6.12', 'exit', 'P-NOUAF', 'release-quiesces'),
    ),
  },
  {
    id: 'G6-21',
    title: 'amdkfd: a range of several VMAs counts as mapped after its last part alone',
    versions: '5.14 to 6.12',
    commit: 'series of June 2026 (bitmap_mapped)',
    unverified: true,
    known: 'reading',
    fix: 'set it with the first entries, under `prange->lock`',
    note: 'In 6.1 one VMA is enough: the flag is set after the lock was given back.',
    place: found(
      inKfd('without-mapped-with-entries', 'map', 'P-NOUAF', 'mapped-with-entries'),
      inKfd('without-mapped-under-lock', 'map', 'P-NOUAF', 'mapped-under-lock'),
      inKfd('as-6.12', 'map', 'P-NOUAF', 'mapped-with-entries'),
    ),
  },
  {
    id: 'G6-22',
    title: 'amdkfd: the part of a range without VM_READ is given in bytes, and is never unmapped',
    versions: '6.10 to 6.17',
    commit: 'P. Yang, October 2025',
    unverified: true,
    known: 'reading',
    fix: 'give it in pages',
    place: found(
      inKfd('without-unmap-in-pages', 'protect', 'P-NOUAF', 'unmap-in-pages'),
      inKfd('as-6.12', 'protect', 'P-NOUAF', 'unmap-in-pages'),
    ),
  },
  {
    id: 'G6-23',
    title: "amdkfd: a GPU's fault spins in `hmm_range_fault` on a page of another GPU, with `svms->lock` held",
    versions: '5.17 to 6.14',
    known: 'reading',
    fix: 'a fault of the thread that validates ends the walk with an error',
    note: 'From 6.15 on the same two threads wait for each other: `svms->lock` and a folio lock. That form is not modelled.',
    place: found(
      inKfd('without-faulting-task-fails', 'foreign', 'recoverable', 'faulting-task-fails'),
      inKfd('as-6.12', 'foreign', 'recoverable', 'faulting-task-fails'),
    ),
  },
  {
    id: 'G6-24',
    title: 'amdkfd: after `mremap` the page in the memory of a GPU is in no range, and a fault on it is SIGBUS',
    versions: '5.14 to 6.12',
    known: 'reading',
    fix: 'migrate the page without its range',
    note: 'The null pointer that a GPU meets there (`prange->svm_bo`) is not modelled.',
    place: found(inKfd('without-fault-without-range', 'moved', 'P-FAULT', 'fault-without-range')),
  },
  {
    id: 'G6-25',
    title: "amdkfd: a child's fault on a page in the memory of a GPU is SIGBUS once its parent is gone",
    versions: '5.14 to 6.12',
    known: 'reading',
    fix: 'migrate the page without its range',
    place: found(inKfd('without-fault-without-range', 'child', 'P-FAULT', 'fault-without-range')),
  },
  {
    id: 'G6-26',
    title: 'amdkfd: the error of `mmu_interval_notifier_insert_locked` is dropped',
    versions: '5.14 to 6.12',
    known: 'reading',
    fix: 'give the error back',
    place: found(
      inKfd(
        'without-insert-checked',
        'insert',
        'misuse: mmu_interval_read_begin() where notifier->mm is NULL',
        'insert-checked',
      ),
    ),
  },
  {
    id: 'G6-27',
    title: 'amdkfd: the last put of a buffer takes a range out of its list, then its lock',
    versions: '5.17 to 6.12',
    known: 'reading',
    fix: 'look at the pointer under `prange->lock`, take a reference to the buffer, or wait for its release as `svm_range_validate_svm_bo` does',
    note: 'Two ways: the release locks a range that was freed (P-LIFE), or the work that frees the range takes the lock of a buffer that was freed (P-REF). One range and one page are enough.',
    place: found(
      inKfd('without-unlink-holds-buffer', 'buffer', 'P-LIFE', 'unlink-holds-buffer'),
      inKfd('without-unlink-holds-buffer', 'buffer', 'P-REF', 'unlink-holds-buffer'),
      inKfd('as-6.12', 'buffer', 'P-LIFE', 'unlink-holds-buffer'),
    ),
  },
  {
    id: 'G6-32',
    title: 'amdkfd: the eviction fence is signalled while a page is still in the buffer',
    versions: '5.14 to 6.12',
    known: 'reading',
    fix: 'signal when no page is left, and give `migrate_mutex` back between the tries',
    place: found(
      inKfd('without-signal-when-empty', 'vram', 'P-NOUAF', 'signal-when-empty'),
      inKfd('as-6.12', 'vram', 'P-NOUAF', 'signal-when-empty'),
    ),
  },
  {
    id: 'G6-34',
    title: 'amdkfd: pages that were copied count as migrated, and faults on those put back change nothing',
    versions: '6.12.117',
    commit: 'a450d2253278 (September 2025)',
    known: 'reading',
    fix: 'count after `migrate_vma_pages`',
    place: found(inKfd('without-count-after-pages', 'vram', 'recoverable', 'count-after-pages')),
  },
  {
    id: 'G6-35',
    title: 'amdkfd: a GPU that loses access keeps its entries',
    versions: '5.14 to 6.12',
    commit: 'series of June 2026 (bitmap_needs_unmap)',
    unverified: true,
    known: 'reading',
    fix: 'unmap what it has mapped, and remember what each GPU has mapped',
    place: found(
      inKfd('without-lost-access-unmaps', 'access', 'P-NOUAF', 'lost-access-unmaps'),
      inKfd('without-unmap-by-mapped', 'retry', 'P-NOUAF', 'unmap-by-mapped'),
      inKfd('as-6.12', 'access', 'P-NOUAF', 'lost-access-unmaps'),
    ),
  },
]

/** Shown by the checker first. */
const discovered: readonly Bug[] = [
  {
    id: 'D-20',
    title: 'amdkfd: a second callback goes on before the first one has stopped the queues',
    versions: '5.14 to 6.12, and with the series of June 2026',
    known: 'checker',
    fix: 'one lock around `evicted_ranges` and the queues, as the userptr part of the driver has',
    note: 'Two ranges, and one page of each is reclaimed at once. The second callback finds `evicted_ranges` at 2 and returns; `prange->lock` is another one for each range.',
    place: found(
      inKfd('without-evicted-together', 'ranges', 'P-NOUAF', 'evicted-together'),
      inKfd('as-june-2026', 'ranges', 'P-NOUAF', 'evicted-together'),
    ),
  },
  {
    id: 'D-21',
    title: 'amdkfd: what a GPU loses access to counts as unmapped before it is',
    versions: 'the series of June 2026, as posted',
    known: 'checker',
    fix: '`prange->lock` around the bit and the entries',
    place: found(
      inKfd('without-lost-access-lock', 'access', 'P-NOUAF', 'lost-access-lock'),
      inKfd('as-june-2026', 'retry', 'P-NOUAF', 'lost-access-lock'),
    ),
  },
  {
    id: 'D-30',
    title: 'amdkfd: a notifier is taken away and inserted anew, and a bracket between the two tells nobody',
    versions: '5.14 to 6.12',
    known: 'checker',
    fix: 'clear the entries of GPUs before the notifier goes, or insert the new one first, as `svm_range_set_attr` does',
    note: 'A part of a range is unmapped, and a page of the rest is reclaimed, which does not take mmap_lock. GPUs keep its entry for ever. The same for the part that comes off the child_list before it has a notifier.',
    place: found(
      inKfd('without-update-unmaps', 'behind', 'P-NOUAF', 'update-unmaps'),
      inKfd('as-6.12', 'behind', 'P-NOUAF', 'update-unmaps'),
    ),
  },
  {
    id: 'D-31',
    title: 'amdkfd: deferred work frees a range of a child_list over which a callback goes',
    versions: '5.14 to 6.12',
    known: 'checker',
    fix: '`prange->lock` while a range is taken from the child_list',
    place: found(
      inKfd('without-children-lock', 'split', 'P-LIFE', 'children-lock'),
      inKfd('as-6.12', 'split', 'P-LIFE', 'children-lock'),
    ),
  },
  {
    id: 'D-32',
    title: "amdkfd: a GPU's fault on a range of a child_list follows the null pointer of its notifier",
    versions: '5.14 to 6.12',
    known: 'checker',
    fix: 'try the fault again until deferred work has inserted the notifier',
    note: 'munmap() of the middle of a range makes the part behind it a range of its own. With GPUs that retry faults alone.',
    place: found(
      inKfd('without-child-retries', 'middle', null_notifier, 'child-retries'),
      inKfd('as-6.12', 'middle', null_notifier, 'child-retries'),
    ),
  },
  {
    id: 'D-33',
    title: "amdkfd: a GPU's fault fails because another part of its range has just lost its VMA",
    versions: '5.14 to 6.12',
    known: 'checker',
    fix: 'try the fault again: the callback of munmap() makes the range smaller',
    note: 'munmap() takes the VMA out of the tree, gives mmap_lock down to readers, and calls the callback then.',
    place: found(
      inKfd('without-missing-vma-retries', 'unmap', 'P-FAULT', 'missing-vma-retries'),
      inKfd('as-6.12', 'middle', 'P-FAULT', 'missing-vma-retries'),
    ),
  },
  {
    id: 'D-34',
    title: 'amdkfd: a fault that is being handled is in the ring no more, and munmap() does not see it',
    versions: '5.17 to 6.12',
    known: 'checker',
    fix: 'count a fault as on its way until it was handled (`processed_timestamp`)',
    note: '`amdgpu_ih_decode_iv` moves `rptr` on before the fault is handled. The test of 6.12 for a checkpoint and the wait of 6.1 both compare `rptr` with `wptr`.',
    place: found(inKfd('without-handled-fault-counts', 'unmap', 'P-FAULT', 'handled-fault-counts')),
  },
  {
    id: 'D-35',
    title: 'amdkfd: a range that could not be evicted keeps the pointer to its buffer, and is in its list no more',
    versions: '5.14 to 6.1, and 6.12 with the count of 6.1',
    known: 'checker',
    fix: 'as of G6-32: go on until no page is left; or put the range back into the list',
    note: "The eviction takes the range out of the list first, and gives up after three tries. When a fault has brought the page back and the last reference is put, the release clears the pointers of the list alone: the range's points to freed memory, which munmap() and the next migration to the GPU lock.",
    place: found(inKfd('without-signal-when-empty', 'buffer', 'P-REF', 'signal-when-empty')),
  },
]

/** Reported, and corrected. */
const reported: readonly Bug[] = [
  {
    id: 'E-22',
    title: 'amdkfd: `svm_bo` is put twice',
    versions: 'up to 6.6',
    commit: '709c34826161 (6.7, CVE-2023-52825)',
    known: 'report',
    fix: 'test and clear `ttm_res` under `prange->lock`',
    note: 'No race is needed: the pointer stays in the range when its pages have gone back, and the range gives the reference back again when it is freed. The lock of the correction is redundant in the model.',
    place: found(
      inKfd('without-put-once', 'buffer', 'P-REF', 'put-once'),
      inKfd('without-put-once', 'buffer', 'misuse: refcount_t: underflow; use-after-free', 'put-once'),
    ),
  },
  {
    id: 'E-23',
    title: 'amdkfd: whether to drain retry faults is decided outside of mmap_lock',
    versions: '5.14 to 5.15',
    commit: 'a44fe9ee051a (5.17)',
    known: 'report',
    fix: 'a flag, looked at under mmap_lock',
    place: found(inKfd('drains-outside-lock', 'unmap', 'P-FAULT', 'checkpoint-ts', 'drain-under-lock')),
  },
  {
    id: 'E-24',
    title: 'amdkfd: deferred work of a callback in an exiting process uses its mm',
    versions: 'up to 5.18',
    commit: 'fa582c6f3684 (5.19)',
    known: 'report',
    fix: '`mmget_not_zero`',
    place: closed(
      'in the text that was read (6.1) the callbacks of `exit_mmap` come after `hash_del_rcu`, find no process, and add no work; others of an mm without users are no munmap()',
    ),
  },
  {
    id: 'E-25',
    title: 'amdkfd: the last `mmput` in deferred work closes a circle of waits',
    versions: 'up to 6.7',
    commit: '2a9de42e8d3c (6.8)',
    known: 'report',
    fix: '`mmput_async`',
    note: 'Lockdep warned.',
    place: closed(
      'who waits for the work with the lock of the circle held, `svm_range_set_attr` or `svm_range_restore_work`, has a user of the mm himself, so that the one of the work is not the last',
    ),
  },
  {
    id: 'E-26',
    title: 'amdkfd: `svms->lock`, eviction work, mmap_lock',
    versions: 'up to 6.7',
    commit: '47bf0f83fc86 (6.8)',
    known: 'report',
    fix: 'the eviction has a reference to the buffer, so that its release waits for nothing',
    note: 'Its author says that it cannot happen: lockdep warned.',
    place: closed(
      'the eviction takes mmap_lock with a reference to the buffer alone, and whoever releases the buffer has found none',
      { model: 'kfd-svm', variant: 'without-evict-work-counts', scenario: 'buffer' },
    ),
  },
  {
    id: 'E-27',
    title: "amdkfd: `hmm_range_fault` faults into its caller's own lock",
    versions: '5.14 to 5.16',
    commit: 'a6283010e290 (5.17)',
    known: 'report',
    fix: 'a fault of the thread that validates leaves the lock alone',
    place: found(
      inKfd(
        'without-faulting-task-checked',
        'foreign',
        'misuse: mutex_lock() by the thread that holds it',
        'faulting-task-checked',
      ),
    ),
  },
  {
    id: 'E-28',
    title: 'amdkfd: `page_free` sleeps under the page table lock',
    versions: '5.14 to 5.16',
    commit: '"drm/amdkfd: svm_bo release async" (December 2021)',
    unverified: true,
    known: 'report',
    fix: 'release the buffer by work',
    note: 'A child unmaps the page last, when the range of its parent has given its reference back.',
    place: found(inKfd('without-release-async', 'buffer-child', may_not_sleep, 'release-async')),
  },
]

export const kfdBugs: readonly Bug[] = [...read, ...discovered, ...reported]
