/**
 * The parts of the protocol: the process's page table, its SVM ranges, what GPUs map of them, and its user mode
 * queues.
 */
import {
  and,
  not,
  oneOf,
  array,
  Bool,
  epoch,
  optional,
  queueOf,
  range,
  setOf,
  shared,
  size,
  sort,
  struct,
  Thread,
  yes,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { Device, MmapLock, Mutex, mmuIntervals, ttmBos, Va } from 'hmmcheck/kernel'

/** struct svm_range, with the interval notifier that is embedded in it. */
export const Prange = sort('Prange')

/** The page table: an entry is known by when it was changed last. With a change the page that it led to is freed. */
export const pte = epoch('pte', Va)
/** The range that an address is in. Each address is one VMA of its own. */
export const prange_of = shared('prange_of', array(Va, Prange))
/** The address that a range ends with: the last one that a walk comes to. */
export const last_of = shared('last_of', array(Prange, Va))
/** VMAs without VM_READ: mprotect(PROT_NONE). */
export const no_read = shared('no_read', setOf(Va))
/** A VMA whose pages hmm_range_fault() does not give: VM_PFNMAP, or a file that has become shorter. */
export const unfaultable = shared('unfaultable', optional(Va))

export const mmap_lock = shared('mmap_lock', MmapLock)
/** svms->lock, and with it the migrate_mutex of each range. */
export const svms_lock = shared('svms_lock', Mutex)

/** An entry of a GPU's page table. */
export const gpu_pte = shared('gpu_pte', array(Device, array(Va, struct('gpu_pte', { mapped: Bool, pte: pte.Sample }))))

export const prange_lock = shared('prange_lock', array(Prange, Mutex))
/** GPUs that may use the range: prange->bitmap_access. */
export const access = shared('access', array(Prange, setOf(Device)))
/** GPUs that have mapped it, as the driver remembers: bitmap_mapped; mapped_to_gpu is that it is not empty. */
export const mapped = shared('mapped', array(Prange, setOf(Device)))

/**
 * A counter that grows until one thread sets it to 0, if it has not grown since: cmpxchg(). It is asked whether it is
 * 0, and whether it is what it was.
 */
export const invalid = shared('invalid', array(Prange, Bool))
export const invalid_count = epoch('invalid_count', Prange)
/** svms->evicted_ranges, in the same form. */
export const evicted = shared('evicted', Bool)
export const evicted_count = epoch('evicted_count')
/** That `evicted-together` holds it around evicted_ranges and the queues. */
export const evict_lock = shared('evict_lock', Mutex)

/** qpd->evicted: for how many reasons the queues of the process are stopped. They run while it is 0. */
export const queues_evicted = shared('queues_evicted', range(0, 3))
/** kfd_process_wq_release(): the queues of the process are destroyed. */
export const queues_gone = shared('queues_gone', Bool)
export const queues_run = (): Condition => and(queues_evicted.eq(0), not(queues_gone))
/** svms->restore_work is queued. */
export const restore_queued = shared('restore_queued', Bool)

export const intervals = mmuIntervals(Prange)

/** The process is found by its mm: it is in kfd_processes_table. */
export const hashed = shared('hashed', Bool, true)

/** A GPU maps an address of the range. */
export const maps = (device: Id<'Device'>, va: Id<'Va'>): Condition => gpu_pte.at(device).at(va).mapped

// The memory of a GPU: one range, whose pages are in one buffer object.

/** Addresses whose entry leads to the memory of a GPU (device private). */
export const in_vram = shared('in_vram', setOf(Va))
/** Of them, those with a migration entry for the moment. */
export const migrating = shared('migrating', setOf(Va))
/** References of faults to the page of the GPU there. */
export const page_refs = shared('page_refs', array(Va, setOf(Thread)))
/** Addresses that are in no range any more: mremap() has moved the page there. */
export const moved = shared('moved', setOf(Va))
/** prange->actual_loc: the range has pages in the memory of a GPU. */
export const actual_loc = shared('actual_loc', Bool)
/** prange->vram_pages. */
export const vram_pages = shared('vram_pages', range(0, size(Va)))
export const migrate_mutex = shared('migrate_mutex', Mutex)
/** svms->faulting_task */
export const faulting_task = shared('faulting_task', optional(Thread))
export const ttm = ttmBos(1, { gives_up: yes })
/** The buffer object of the range: its fence is the eviction fence, and its memory may be given to another process. */
export const bo = shared('bo', ttm.TtmBo)

// Ranges that are split and freed after munmap(), and faults of GPUs that are on their way meanwhile.

/** Addresses with a VMA. */
export const vma = shared('vma', setOf(Va), setOf(Va).all)
/** The range is on the child_list of another, or it has been freed. */
export const range_is = shared('range_is', array(Prange, oneOf('new', 'listed', 'child', 'freed')))
/** The range on whose child_list it is. */
export const parent_of = shared('parent_of', array(Prange, optional(Prange)))
/** svms->objects: the range under which an address is found. */
export const objects = shared('objects', array(Va, optional(Prange)))
/** The interval that the range's notifier was inserted with. */
export const notified = shared('notified', array(Prange, setOf(Va)))
/** prange->work_item.op */
export const work_op = shared(
  'work_op',
  array(Prange, oneOf('SVM_OP_NULL', 'SVM_OP_UNMAP_RANGE', 'SVM_OP_UPDATE_RANGE_NOTIFIER', 'SVM_OP_ADD_RANGE')),
)
/** svms->deferred_range_list */
export const deferred_range_list = shared('deferred_range_list', queueOf(Prange, size(Prange)))
/** svms->deferred_list_work is queued. */
export const deferred_queued = shared('deferred_queued', Bool)
/** svms->drain_pagefaults: whether it is 0, and whether it is what it was. */
export const drain_pagefaults = shared('drain_pagefaults', Bool)
export const drain_count = epoch('drain_count')

/** The ring of retry faults, by address: between rptr and wptr. */
export const ih_ring = shared('ih_ring', setOf(Va))
/** The fault that is being handled: rptr is behind it already. */
export const ih_handled = shared('ih_handled', optional(Va))
/** Of both, those that were there when a checkpoint was taken. */
export const ih_old = shared('ih_old', setOf(Va))
export const ih_handled_old = shared('ih_handled_old', Bool)
/** svms->checkpoint_ts is not 0: faults that are older than it are dropped. */
export const checkpoint_ts = shared('checkpoint_ts', Bool)
/** Where the wave of the job waits for its fault to be served. */
export const waits_at = shared('waits_at', optional(Va))
/** Addresses that the process has no job for any more. */
export const given_up = shared('given_up', setOf(Va))
