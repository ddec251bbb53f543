/** Shared state of the threads of a migration. */
import {
  and,
  array,
  Bool,
  ForEach,
  ghost,
  Ghost,
  not,
  optional,
  or,
  setOf,
  shared,
  sort,
  some,
  struct,
  Thread,
  type Id,
} from 'hmmcheck'
import {
  copyOnePte,
  Cpu,
  CpuTlb,
  Device,
  DevicePageTable,
  DevicePte,
  memMap,
  memoryContents,
  Page,
  pageAllocator,
  pageLocks,
  pins,
  reverseMap,
  Rwsem,
  SwapPageTable,
  turn_stale,
  turn_tlb_stale,
  Va,
} from 'hmmcheck/kernel'
import { fork_protects_entries, swaps } from './fixes.ts'

/** Threads in which a driver migrates memory to its device. */
export const Migrator = sort('Migrator')
/** Threads of the process that call MADV_DONTNEED. */
export const Zapper = sort('Zapper')

/** struct mm_struct of the process whose memory is migrated. */
export const mm = shared('mm', struct('mm_struct', { mmap_sem: Rwsem, pte: SwapPageTable }))

/**
 * The vma around all addresses: VM_WRITE, and whether mprotect() is about to change what stands in the page table. It
 * is writable at the start.
 */
export const vma = shared('vma', struct('vm_area_struct', { write_protected: Bool, changing: Bool }))

/** fork() has returned: from now on neither process sees what the other writes. Only where CPUs have caches. */
export const child_is_whole = ghost('child_is_whole', Bool)

/** The process that fork() makes of it: it has a page table and does nothing. */
export const child = shared('child', struct('child_mm', { pte: SwapPageTable, alive: Bool }))

/** The entries of mm's page table that CPUs have cached. */
export const tlb = shared('tlb', CpuTlb)

/**
 * mm->tlb_flush_pending, by the threads that it counts: they take entries away, and have not flushed yet. Only where
 * CPUs have caches.
 */
export const tlb_flush_pending = shared('tlb_flush_pending', setOf(Thread))

/** A driver's side of the address space: its device's page table. An entry allows to write. */
export const driver = shared('driver', array(Device, struct('driver', { pte: DevicePageTable })))

/** Open brackets over an address, by the threads that opened them. */
export const open_brackets = shared('open_brackets', array(Va, setOf(Thread)))

/** The notifier's sequence, as what comparing it decides: the migrations whose sample of it is out of date. */
export const sequence_moved = shared('sequence_moved', setOf(Thread))

/** Pages of device memory: no CPU can address them. */
export const zone_device = shared('zone_device', setOf(Page))
export const is_zone_device_page = (page: Id<'Page'>): Bool => zone_device.has(page)

/**
 * The parts of struct page that only reclaim reads: PG_dirty; and the swap cache, by address, which holds a
 * reference.
 */
export const page_dirty = shared('page_dirty', setOf(Page))
export const swap_cache = shared('swap_cache', array(Va, optional(Page)))
/** Pages off the LRU: whoever isolates one has a reference for it. */
export const isolated = shared('isolated', setOf(Page))
/** PageAnonExclusive: the page belongs to this process alone. */
export const anon_exclusive = shared('anon_exclusive', setOf(Page))

/**
 * One entry of a migration, struct migrate_vma's src[i] and dst[i]: a page there holds a reference. `migrate` is
 * MIGRATE_PFN_MIGRATE; with it, and no page in src, the entry is a hole. `write` is MIGRATE_PFN_WRITE. `locked` is
 * MIGRATE_PFN_LOCKED of the older form: in the newer one every page in src is locked.
 */
const MigrateEntry = struct('migrate_vma', {
  src: optional(Page),
  dst: optional(Page),
  migrate: Bool,
  locked: Bool,
  write: Bool,
})

/** The migrations under way, by thread. */
export const migrate_vma = shared('migrate_vma', array(Thread, array(Va, MigrateEntry)))

/**
 * The one reference that a thread has beside those: to the page it faults on (vmf->page), has unmapped and will free,
 * reclaims, or copies to.
 */
export const held = shared('held', array(Thread, optional(Page)))

/**
 * The reference of a thread to the page that it copies on a write: until the copy has taken its place, it may not be
 * taken for unshared.
 */
export const copied = shared('copied', array(Thread, optional(Page)))

/** The reference of a thread that waits on a migration entry, in kernels where it takes one. */
export const waiter = shared('waiter', array(Thread, optional(Page)))

/** vmf->page of a fault on device memory: a pointer, which holds a reference or not. */
export const vmf_page = shared('vmf_page', array(Cpu, DevicePte))

const mem_map = shared('mem_map', memMap(6))

export const contents = memoryContents()

/** Resets the facts that a free page does not have, and every pointer to it that holds no reference. */
function forget(page: Id<'Page'>): void {
  page_dirty.remove(page)
  anon_exclusive.remove(page)
  turn_tlb_stale(tlb, page)
  ForEach(Cpu, (cpu) => turn_stale(vmf_page.at(cpu), page))
  ForEach(Device, (device) => ForEach(Va, (va) => turn_stale(driver.at(device).pte.at(va), page)))
  Ghost(() => contents.forget(page))
}

/** System memory. */
export const { is_free, has_free_page, alloc_page, get_page, put_page } = pageAllocator(mem_map, {
  freed: forget,
  owns: (page) => not(is_zone_device_page(page)),
})
/** Device memory. */
export const device_memory = pageAllocator(mem_map, { freed: forget, owns: is_zone_device_page })
export { mem_map }

export const { page_lock, is_locked, lock_page, trylock_page, unlock_page, wait_on_page_locked } = pageLocks()
export const { mapcount, page_mapped, page_add_anon_rmap, page_remove_rmap } = reverseMap(4)
export const { pin, page_maybe_dma_pinned, is_pinned, try_grab_page, unpin_user_page } = pins({
  is_free,
  get_page,
  put_page,
})

/** One more entry for the page. */
export const map_page = (page: Id<'Page'>): void => {
  get_page(page)
  page_add_anon_rmap(page)
}

export const copy_one_pte = copyOnePte({ dup_rmap: map_page, protect_nonpresent: fork_protects_entries })

/** The dirty bit of an entry, where anybody reads it; elsewhere all entries are alike. */
export const dirty_bit = (dirty: Bool): Bool => or(not(swaps), dirty)

/** The page has a copy in the backing store: only what is dirty is written there again. */
export const in_swap_cache = (page: Id<'Page'>): Bool =>
  and(
    swaps,
    some(Va, (va) => swap_cache.at(va).eq(page)),
  )
