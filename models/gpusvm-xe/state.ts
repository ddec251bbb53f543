/**
 * The parts of the protocol: the process's page table, and for each GPU its VM: the ranges of its gpusvm with their
 * flags, the pages mapped for DMA, its page table and its TLB.
 */
import {
  and,
  array,
  Bool,
  epoch,
  every,
  ghost,
  isCaseAnd,
  not,
  oneOf,
  optional,
  or,
  setOf,
  shared,
  some,
  sort,
  struct,
  union,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { Device, MmapLock, mm_state, mmuIntervals, Mutex, Rwsem, Va } from 'hmmcheck/kernel'
import { devmem_pins_mm, exits } from './fixes.ts'

/** struct drm_gpusvm_range: the part of the address space that is mapped together. */
export const Range = sort('Range')

/** The page table: an entry is known by when it was changed last. With a change the page that it led to is gone. */
export const pte = epoch('pte', Va)
/** Where the page is: nowhere yet, in RAM, in the memory of a GPU, or on its way. */
export const Entry = union('entry', {
  none: {},
  ram: {},
  device_private: { device: Device },
  migration: { from: optional(Device) },
})
export const entry = shared('entry', array(Va, Entry))
/** The VMA of an address. */
export const vma = shared('vma', array(Va, oneOf('anonymous', 'file', 'none')))
/** A page behind the end of its file: a fault on it is VM_FAULT_SIGBUS. */
export const hole = shared('hole', optional(Va))
/** The range that an address is in. */
export const range_of = shared('range_of', array(Va, Range))

export const mmap_lock = shared('mmap_lock', MmapLock)
/** The folio lock that do_swap_page() holds while the driver migrates a device page (from 6.15 on). */
export const folio_locked = shared('folio_locked', setOf(Va))

/** vm->lock: all who take it here take it for writing. */
export const vm_lock = shared('vm_lock', array(Device, Mutex))
/** gpusvm->notifier_lock */
export const notifier_lock = shared('notifier_lock', array(Device, Rwsem))
/** The VM is closed: vm->size is 0. */
export const closed = shared('closed', setOf(Device))
/** The page tables of the VM are destroyed. */
export const tables_gone = shared('tables_gone', setOf(Device))
/** drm_gpusvm_fini() is through: it has given its reference to the mm back. */
export const finished = shared('finished', setOf(Device))

/** Ranges in the tree of their notifier. */
export const ranges = shared('ranges', array(Device, setOf(Range)))
const flag = (name: string) => shared(name, array(Device, setOf(Range)))
/** range->pages.flags */
export const migrate_devmem = flag('migrate_devmem')
export const unmapped = flag('unmapped')
export const partial_unmap = flag('partial_unmap')
export const has_devmem_pages = flag('has_devmem_pages')
export const has_dma_mapping = flag('has_dma_mapping')
/** range->tile_present and range->tile_invalidated, of the one tile that a GPU has here. */
export const tile_present = flag('tile_present')
export const tile_invalidated = flag('tile_invalidated')
/** range->garbage_collector_link */
export const garbage = flag('garbage')
/** vm->svm.garbage_collector.work is queued, or runs. */
export const work_queued = shared('work_queued', setOf(Device))
export const work_runs = shared('work_runs', setOf(Device))

/** A translation: of DMA, of the GPU's page table, of its TLB. */
const Translation = struct('translation', { mapped: Bool, pte: pte.Sample })
const translations = array(Device, array(Va, Translation))
/** range->pages.dma_addr */
export const dma_addr = shared('dma_addr', translations)
export const gpu_pte = shared('gpu_pte', translations)
export const gpu_tlb = shared('gpu_tlb', translations)
/** A job that writes entries was made, and its fence is not signalled. */
export const job_pending = shared('job_pending', setOf(Device))
/** The entries that it writes. */
export const job_pte = shared('job_pte', translations)
/**
 * Ranges that a job is to unbind, made before the one that writes entries, and those for which the TLB is flushed then.
 * With vm->lock nothing comes behind a job that writes entries: the fault waits for it.
 */
export const unbind_pending = flag('unbind_pending')
export const unbind_flushes = flag('unbind_flushes')

/** One notifier for each VM: it covers more addresses than one range has. */
export const intervals = mmuIntervals(Device)

/** The buffer object that pages are migrated to: its lock, and that a migration has a reference to its memory. */
export const bo_lock = shared('bo_lock', array(Device, Mutex))
export const bo_used = shared('bo_used', setOf(Device))
/** A job that clears the memory of the buffer object was made, and is not done. */
export const clearing = shared('clearing', setOf(Device))
/** Data was copied to it. */
export const filled = ghost('filled', setOf(Device))
/** TTM has a reference to the buffer object, to evict it. */
export const evicting = shared('evicting', setOf(Device))
/** driver_migrate_lock of xe_svm_alloc_vram(). */
export const driver_migrate_lock = shared('driver_migrate_lock', Rwsem)
/** A child shares the pages that the GPU has in its memory. */
export const child_shares = shared('child_shares', setOf(Device))

/** Addresses whose VMA was taken since the range was inserted. */
export const taken = ghost('taken', array(Device, array(Range, setOf(Va))))
/** Ranges of which one munmap() has taken a part. */
export const taken_partly = ghost('taken_partly', array(Device, setOf(Range)))
/** Addresses whose VMA is taken already, and whose entry is not. */
export const being_unmapped = ghost('being_unmapped', setOf(Va))
/** Addresses whose page is in device memory that was given to somebody else. */
export const given_away = ghost('given_away', setOf(Va))

export const is_in = (va: Id<'Va'>, range: Id<'Range'>): Condition => range_of.at(va).eq(range)

/** The page is in the memory of this GPU. */
export const is_on = (va: Id<'Va'>, device: Id<'Device'>): Condition =>
  isCaseAnd(entry.at(va), 'device_private', (one) => one.device.eq(device))
/** The page comes from the memory of this GPU, and is on its way. */
export const leaves = (va: Id<'Va'>, device: Id<'Device'>): Condition =>
  isCaseAnd(entry.at(va), 'migration', (one) => one.from.eq(device))

/** Jobs of the VM were made, and their fences, in vm->resv, are not signalled. */
export const has_jobs = (device: Id<'Device'>): Condition =>
  or(job_pending.has(device), not(unbind_pending.at(device).isEmpty))

/** The GPU can reach the address: through its page table, or through its TLB. */
export const reaches = (device: Id<'Device'>, va: Id<'Va'>): Condition =>
  or(gpu_pte.at(device).at(va).mapped, gpu_tlb.at(device).at(va).mapped)

/** A page of an allocation in the memory of this GPU is left: devmem->detached is not complete. */
export const has_pages = (device: Id<'Device'>): Condition =>
  or(
    some(Va, (va) => or(is_on(va, device), leaves(va, device))),
    bo_used.has(device),
    child_shares.has(device),
  )

/** The last reference (mm_count) to the mm_struct is gone. */
export const mm_is_freed = (): Condition =>
  and(
    exits,
    mm_state.eq('exited'),
    every(Device, (device) => finished.has(device)),
    not(
      and(
        devmem_pins_mm,
        some(Device, (device) => or(has_pages(device), evicting.has(device))),
      ),
    ),
  )
