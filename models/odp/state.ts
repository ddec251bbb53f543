/** The parts of the protocol: a page table of one address, memory regions and their umems, and the device's tables. */
import {
  array,
  Assert,
  Bool,
  Cover,
  ForEach,
  Ghost,
  ghost,
  optional,
  range,
  saturating,
  setOf,
  shared,
  size,
  sort,
  Thread,
  type Id,
} from 'hmmcheck'
import {
  HmmPfn,
  memMap,
  Mutex,
  mmuIntervals,
  Page,
  pageAllocator,
  Rwsem,
  Spinlock,
  SwapPte,
  turn_pfn_stale,
} from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'

/** struct mlx5_ib_mr with its umem: an explicit one, or a child of the implicit one. All are about one address. */
export const Mr = sort('Mr')
/** A queue pair: the page faults of several run in parallel. */
export const Qp = sort('Qp')

/** The page table of the process, at the address. */
export const pte = shared('pte', SwapPte)

/** Memory regions that exist. */
export const allocated = shared('allocated', setOf(Mr))
/** umem_odp->umem_mutex */
export const umem_mutex = shared('umem_mutex', array(Mr, Mutex))
/** umem_odp->private is not NULL. */
export const has_private = shared('private', setOf(Mr))
/** umem_odp->npages */
export const npages = shared('npages', array(Mr, saturating(0, 2)))
/** umem_odp->pfn_list, of the region's one page. It has no reference, and a page may be freed under it. */
export const pfn_list = shared('pfn_list', array(Mr, HmmPfn))
/** The pages of the process, each with the reference of its entry. The driver holds none. */
export const mem_map = shared('mem_map', memMap(1))
export const pages = pageAllocator(mem_map, {
  freed: (page) => ForEach(Mr, (mr) => turn_pfn_stale(pfn_list.at(mr), page)),
})
/** HMM_PFN_DMA_MAPPED in pfn_list, from 6.16 on. */
export const dma_mapped = shared('dma_mapped', setOf(Mr))
/** umem_odp->dma_list, or that of hmm_dma_map: the page that the address leads to. */
export const dma_list = shared('dma_list', array(Mr, optional(Page)))
/** Regions whose page is mapped for DMA. From 6.16 on the list keeps the address when it is not. */
export const dma_mappings = shared('dma_mappings', setOf(Mr))

/** mmkey.usecount of each region. */
export const usecount = shared('usecount', array(Mr, range(0, size(Thread, 2))))
/** dev->odp_mkeys: regions that a fault of the device finds. */
export const odp_mkeys = shared('odp_mkeys', setOf(Mr))
/** Threads that have walked that xarray without its lock, and are about to change it. */
export const walked_mkeys = shared('walked_mkeys', setOf(Thread))

/** The device's keys that are enabled. */
export const mkeys = shared('mkeys', setOf(Mr))
/** The device's table of each region. */
export const mtt = shared('mtt', array(Mr, optional(Page)))

/** The implicit region, parent of the others: it exists. */
export const imr_allocated = shared('imr_allocated', Bool)
/** It is in dev->odp_mkeys. */
export const imr_registered = shared('imr_registered', Bool)
/** Its mmkey.usecount. */
export const imr_usecount = shared('imr_usecount', range(0, size(Thread, 3)))
/** The umem_mutex of its umem. */
export const imr_mutex = shared('imr_mutex', Mutex)
/** The lock of its xarray of children. */
export const children_lock = shared('children_lock', Spinlock)
/** Its xarray of children, at the address. */
export const implicit_children = shared('implicit_children', optional(Mr))
/** The device's key of it is enabled. */
export const imr_mkey = shared('imr_mkey', Bool)
/** The device's table of it. */
export const ksm = shared('ksm', optional(Mr))
/** Children that queued work is to destroy. */
export const odp_destroy = shared('odp_destroy', setOf(Mr))
/** Threads that have changed implicit_children, and have yet to bring the device's table up to date. */
export const owing = ghost('owing', setOf(Thread))

/** per_mm->umem_rwsem of 5.0 to 5.2: from the start of a bracket to its end. */
export const umem_rwsem = shared('umem_rwsem', Rwsem)
/** Threads that are in a bracket of it. */
export const in_bracket = ghost('in_bracket', setOf(Thread))

/** Goes before every use of a region's memory. */
export const dereference = (mr: Id<'Mr'>, what: string): void => {
  Ghost(() => Cover(no_use_after_kfree.reached))
  Assert(no_use_after_kfree.property, allocated.has(mr), `${what}: the region was freed`)
}

export const intervals = mmuIntervals(Mr, { touches: dereference })
