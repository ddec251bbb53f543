/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = 'kfd_svm.c of 6.12, svm_range_evict: "Stop all queues of the process"'
const migrates = 'memremap.h of 6.12, migrate_to_ram: "Must migrate the page back to a CPU accessible page"'
const scenarios = ['map', 'protect', 'ranges', 'access', 'retry', 'insert', 'exit', 'crowd']
const unmap_scenarios = ['unmap', 'split', 'middle', 'behind']
const unmaps =
  'kfd_svm.c of 6.12, svm_range_cpu_invalidate_pagetables: "unmap range from GPUs, remove prange from svms"'
const buffer_scenarios = ['buffer', 'buffer-child', 'buffer-split']
const counted = 'kfd_svm.h of 6.12, struct svm_range_bo: kref'
const vram_scenarios = ['vram', 'foreign', 'moved', 'child']

/** Queues run and have an entry of a page that is given back. */
const reaches = ['P-INV', 'P-NOUAF']
/** The same, since what is mapped has changed since it was read. */
const stale = [...reaches, 'P-RETRY']
const not_counted = 'a part is mapped, and the callback finds that the range is not'
const not_stopped = 'a second callback finds a range evicted already, and goes on before the queues are stopped'
const series =
  'the bit is cleared before the entries are, and without prange->lock: a callback between them finds nothing'

const emptied =
  'the fault that is being handled is in the ring no more: munmap() takes no checkpoint, and the range is freed first'
const missing = 'a part of the range has lost its VMA, and the callback has not come: -EFAULT for all of it'
const between =
  'the work takes the notifier away and inserts it anew: a bracket between the two tells nobody, and entries stay'
const childless = 'a range on a child_list has no notifier yet: mmu_interval_read_begin() follows its null pointer'
const listless = 'the callback goes over the child_list under prange->lock; the work frees what is on it without'
const removed_twice = 'misuse: mmu_interval_notifier_remove() of what is not inserted'
const null_notifier = 'misuse: mmu_interval_read_begin() where notifier->mm is NULL'

const let_go =
  'G6-27: the release takes the range out of the list, then its lock; the work frees the range, or follows its pointer to the buffer'
const put_twice = 'E-22: a range that has given its reference back still points to the buffer, and gives it back again'
const underflow = 'misuse: refcount_t: underflow; use-after-free'
const gives_up =
  'the eviction gives up, and leaves the range out of the list, with its pointer: the release does not clear it'

const exits = 'G6-20: the callback ignores the release, and finds the process no more when the pages go'
const signalled =
  'G6-32: the fence is signalled while a fault holds a page back, and the fault copies from what TTM has given away'
const spins = 'G6-23: the fault of the thread that validates changes nothing, and hmm_range_fault() begins again'
const uncounted = 'a page that was copied and put back counts as gone: every fault on it returns without a change'
/** A fault that is not served ends its process, so that nothing brings its thread to rest. */
const unserved = ['P-FAULT', 'recoverable']

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),
  ...vram_scenarios.map((scenario) => holds('fixed', scenario, migrates)),
  ...buffer_scenarios.map((scenario) => holds('fixed', scenario, counted)),
  ...unmap_scenarios.map((scenario) => holds('fixed', scenario, unmaps)),

  violated('as-merged', 'map', reaches, `G6-21 of 6.1: ${not_counted}`),
  holds('as-merged', 'protect', 'G6-22 is not in 6.1: the validation fails, and the queues stay stopped (G6-28)'),
  violated('as-merged', 'ranges', reaches, not_stopped),
  violated('as-merged', 'access', reaches, 'G6-21 of 6.1, with one address; G6-35'),
  violated('as-merged', 'retry', reaches, 'G6-21 of 6.1, with one address; G6-35'),
  violated('as-6.12', 'map', reaches, `G6-21 of 6.12: ${not_counted}`),
  violated('as-6.12', 'protect', reaches, 'G6-22'),
  violated('as-6.12', 'access', reaches, 'G6-35: the queues of both GPUs run again, and one is not visited any more'),
  violated('as-6.12', 'retry', reaches, 'G6-35: a GPU that has lost access is not visited any more'),
  violated('as-6.12', 'exit', reaches, exits),
  violated('as-6.12', 'vram', ['P-NOUAF'], signalled),
  violated('as-6.12', 'foreign', ['recoverable'], spins),
  violated('as-6.12', 'moved', unserved, 'G6-24: the new address is in no range'),
  violated('as-6.12', 'child', ['P-FAULT'], 'G6-25: the process is gone, or not found by its mm'),
  violated('as-6.12.117', 'vram', ['P-NOUAF', 'recoverable'], `G6-34: ${uncounted}; G6-32`),
  violated('as-6.12', 'unmap', [...reaches, 'P-FAULT'], `${missing}; ${between}; ${emptied}`),
  violated('as-6.12', 'split', [...reaches, 'P-LIFE'], `${between}; ${listless}`),
  violated('as-6.12', 'middle', [...reaches, 'P-FAULT', null_notifier], `${childless}; ${missing}; ${between}`),
  violated('as-6.12', 'behind', reaches, between),
  violated('as-6.12', 'buffer', ['P-REF', 'P-LIFE'], let_go),
  violated('as-6.12', 'buffer-child', ['P-REF', 'P-LIFE'], let_go),
  violated('as-merged', 'buffer', ['P-REF', 'P-LIFE'], let_go),
  violated('evicts-uncounted', 'buffer', ['P-REF'], 'the work uses a buffer that was released'),
  violated(
    'drains-outside-lock',
    'unmap',
    ['P-FAULT'],
    'E-23: the work looks at what it is to do with a range, and frees its child without a drain',
  ),
  violated('as-june-2026', 'exit', reaches, exits),
  violated('as-june-2026', 'ranges', reaches, not_stopped),
  violated('as-june-2026', 'access', reaches, series),
  violated('as-june-2026', 'retry', reaches, series),

  // Without one correction.
  violated('without-mapped-under-lock', 'map', reaches, 'G6-21 of 6.1: a callback between the entries and the flag'),
  violated('without-mapped-with-entries', 'map', reaches, `G6-21: ${not_counted}`),
  holds(
    'without-no-read-unmaps',
    'protect',
    'redundant for what GPUs reach: the validation fails, so the queues stay stopped (G6-28)',
  ),
  violated('without-unmap-in-pages', 'protect', reaches, 'G6-22: restored with the old entry'),
  violated(
    'without-lost-access-unmaps',
    'access',
    reaches,
    'G6-35: the restore maps for the others, and all queues run',
  ),
  holds('without-lost-access-unmaps', 'retry', 'G6-35: with the bitmap of what is mapped the callback visits the GPU'),
  violated('without-lost-access-lock', 'access', reaches, series),
  violated('without-lost-access-lock', 'retry', reaches, series),
  holds(
    'without-unmap-by-mapped',
    'access',
    'redundant by the text alone: without retry faults a callback unmaps nothing, it stops the queues',
  ),
  violated(
    'without-unmap-by-mapped',
    'retry',
    reaches,
    'G6-35: a callback between the loss of access and the unmapping does not visit the GPU',
  ),
  violated('without-evicted-together', 'ranges', reaches, not_stopped),
  violated('without-release-quiesces', 'exit', reaches, exits),
  violated(
    'without-insert-checked',
    'insert',
    ['misuse: mmu_interval_read_begin() where notifier->mm is NULL'],
    'G6-26: -EINTR of the first insertion is dropped',
  ),
  violated('without-signal-when-empty', 'vram', ['P-NOUAF'], signalled),
  violated('without-faulting-task-fails', 'foreign', ['recoverable'], spins),
  violated('without-fault-without-range', 'moved', unserved, 'G6-24: the new address is in no range'),
  violated('without-fault-without-range', 'child', ['P-FAULT'], 'G6-25: the process is gone, or not found by its mm'),
  holds(
    'without-checkpoint-ts',
    'unmap',
    'redundant with the drain of a44fe9ee051a: faults are drained before a range is freed',
  ),
  violated('without-handled-fault-counts', 'unmap', ['P-FAULT'], emptied),
  violated('without-missing-vma-retries', 'unmap', ['P-FAULT'], missing),
  violated('without-update-unmaps', 'split', reaches, between),
  violated('without-update-unmaps', 'behind', reaches, between),
  violated('without-child-retries', 'middle', [null_notifier], childless),
  violated('without-children-lock', 'split', ['P-LIFE'], listless),

  violated('without-unlink-holds-buffer', 'buffer', ['P-REF', 'P-LIFE'], let_go),
  violated('without-signal-when-empty', 'buffer', ['P-REF', 'recoverable', 'deadlock'], gives_up),

  // Without one lock.
  holds('without-free-lock', 'buffer', 'redundant here: migrate_mutex and mmap_lock keep two who free apart'),
  violated(
    'without-work-mmap-lock',
    'split',
    ['P-LIFE', removed_twice],
    'comment in svm_range_deferred_list_work: unmap_from_cpu adds the range to the list again',
  ),
  holds('without-work-list-lock', 'unmap', 'redundant: who looks for a range holds mmap_lock, too'),
  holds(
    'without-child-lock',
    'behind',
    "redundant: the parent's lock is held, and nobody maps a range on a child_list",
  ),
  holds(
    'without-migrate-lock',
    'vram',
    'redundant here: migration entries and references keep two migrations of one page apart',
  ),
  violated(
    'without-callback-lock',
    'map',
    stale,
    'R-SEQ: a range is mapped between the number and the test of the flag',
  ),
  violated('without-commit-lock', 'map', stale, 'R-RETRY: a callback between the retry and the entries'),
  holds(
    'without-restore-write-lock',
    'protect',
    'redundant: mprotect() has a bracket of its own, and what it changes meanwhile is validated again',
  ),
  holds('without-list-lock', 'access', 'redundant here: mmap_lock keeps the restore worker and the ioctl apart'),
  holds(
    'without-list-lock',
    'retry',
    'redundant here: what a GPU maps after it has lost access is in the bitmap, so callbacks find it',
  ),

  // Without one check.
  violated('without-put-once', 'buffer', ['P-REF', underflow], put_twice),
  violated('without-put-once', 'buffer-split', ['P-REF', underflow], put_twice),
  violated(
    'without-release-async',
    'buffer-child',
    ['misuse: sleeping function called from invalid context'],
    'E-28: the last page goes under the page table lock, and the release of its buffer sleeps',
  ),
  holds(
    'without-evict-work-counts',
    'buffer',
    'E-26: redundant with the release that waits; what lockdep warned of cannot happen',
  ),
  holds('without-release-cancels', 'buffer', 'redundant with the reference of the eviction'),
  violated('without-page-counts', 'buffer-child', ['P-REF'], 'the buffer goes while a page of it is in use'),
  violated(
    'without-list-del-under-lock',
    'split',
    ['P-LIFE', removed_twice],
    'comment in svm_range_deferred_list_work: the range is added to the list again, and freed twice',
  ),
  violated(
    'without-callback-visits-children',
    'behind',
    reaches,
    'the range behind is on the child_list, and the notifier is that of its parent',
  ),
  violated(
    'without-commit-checks-children',
    'middle',
    reaches,
    'what was split off while it was read counts for the parent: the callback finds the child not mapped',
  ),
  violated(
    'without-missing-vma-dropped',
    'unmap',
    ['P-FAULT'],
    'B-48: the VMA is gone, the work has not freed the range yet, and an old fault of a GPU finds it',
  ),
  holds(
    'without-drain-under-lock',
    'unmap',
    'redundant by the text alone: where the checkpoint of 6.12 is taken, this drain has no part',
  ),
  violated('without-count-after-pages', 'vram', ['recoverable'], `G6-34: ${uncounted}`),
  violated(
    'without-faulting-task-checked',
    'foreign',
    ['misuse: mutex_lock() by the thread that holds it'],
    'E-27: the fault takes svms->lock, which its own thread holds',
  ),
  violated(
    'without-callback-sets-seq',
    'map',
    stale,
    'A.6.4: a callback between the sample and the entries is not seen',
  ),
  violated(
    'without-commit-checks-seq',
    'map',
    stale,
    'A.6.4: a callback between the sample and the entries is not seen',
  ),
  violated(
    'without-restore-checks-invalid',
    'map',
    reaches,
    'D3: a part that was validated is evicted while the next one is, and counts as restored',
  ),
  violated(
    'without-restore-checks-evicted',
    'map',
    reaches,
    'D4: a range is evicted after it was restored, and before the queues run',
  ),
]
