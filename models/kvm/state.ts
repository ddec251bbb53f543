/** The memory of the process, KVM's counts of brackets, the mappings of the guest, and a gfn-to-pfn cache. */
import {
  array,
  Assert,
  Bool,
  Cover,
  epoch,
  ForEach,
  Ghost,
  not,
  optional,
  range,
  setOf,
  shared,
  size,
  Thread,
  type Id,
} from 'hmmcheck'
import {
  DevicePageTable,
  DevicePte,
  memMap,
  pageAllocator,
  Page,
  PageTable,
  Spinlock,
  turn_stale,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'

export const mem_map = shared('mem_map', memMap(4))
export const page_table = shared('page_table', PageTable)
/** The VMA at an address: when it was replaced last. */
export const vma = epoch('vma', Va)
/** mmap_lock is held for writing. */
export const mmap_write = shared('mmap_write', Bool)

/** `mmu_lock`, a spinlock; on x86 a lock for readers and writers, but who maps a page here is alone. */
export const mmu_lock = shared('mmu_lock', Spinlock)
/** The lock of one entry of the guest's page table on PowerPC, which the zap takes, too. */
export const hpte_lock = shared('hpte_lock', Spinlock)
/** `mmu_invalidate_in_progress`: brackets over some memslot. */
export const in_progress = shared('in_progress', range(0, size(Thread)))
/** `mmu_invalidate_range_start` and `_end`: the addresses of all of them together. */
export const hull = shared('hull', setOf(Va))
export const mmu_invalidate_seq = epoch('mmu_invalidate_seq')
/** `mn_active_invalidate_count`: all brackets. */
export const mn_active = shared('mn_active', range(0, size(Thread)))
/** Memslots cover the addresses. */
export const memslots = shared('memslots', Bool)

/** The mapping of the guest for each address. */
export const spte = shared('spte', DevicePageTable)
/** The page that the APIC of a vCPU has, and whether it is asked to look for it anew before the guest runs. */
export const apic_page = shared('apic_page', DevicePte)
export const apic_request = shared('apic_request', Bool, true)

/** struct gfn_to_pfn_cache of one address. */
export const gpc_lock = shared('gpc_lock', Spinlock)
export const gpc_valid = shared('gpc_valid', Bool)
export const gpc_pfn = shared('gpc_pfn', DevicePte)
export const gpc_uhva = shared('gpc_uhva', Va)

/** The page of GUP, with its reference. */
export const pinned = shared('pinned', array(Thread, optional(Page)))
/** A page that was unmapped, and is freed when the bracket is over. */
export const gathered = shared('gathered', array(Thread, optional(Page)))

const forget = (page: Id<'Page'>): void => {
  ForEach(Va, (va) => turn_stale(spte.at(va), page))
  turn_stale(apic_page, page)
  turn_stale(gpc_pfn, page)
}
export const { alloc_page, get_page, put_page } = pageAllocator(mem_map, { freed: forget })

/** An access of the guest or of KVM through a pointer that holds no reference. */
export const access = (pointer: typeof apic_page, by: string): void => {
  Ghost(() => Cover(no_use_after_free.reached, pointer.is('present')))
  Assert(no_use_after_free.property, not(pointer.is('stale')), `${by}: the page was freed`)
}
