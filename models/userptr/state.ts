/** The process's memory, the buffers made of it, and what a GPU and its driver have of them. */
import { array, Assert, Cover, ForEach, Ghost, not, setOf, shared, sort, range, Thread, type Id } from 'hmmcheck'
import {
  DevicePte,
  folioLocks,
  memMap,
  mmuIntervals,
  Mutex,
  pageAllocator,
  PageTable,
  turn_stale,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'

/** A buffer object made of user memory, with the `struct mmu_interval_notifier` in it: one page at one address. */
export const Bo = sort('Bo')
/** A submitter with its list of buffers, which is one buffer. It has one job at a time on the GPU. */
export const List = sort('List')

/** References to a page: those of an entry, of two pins of i915, and of a reclaimer. */
export const mem_map = shared('mem_map', memMap(4))
/** The addresses that are in some VMA. */
export const vmas = shared('vmas', setOf(Va), setOf(Va).all)
/** The threads that hold mmap_lock for reading over a bracket. */
export const mm_readers = shared('mm_readers', setOf(Thread))
export const page_table = shared('page_table', PageTable)

/** The address of a buffer. */
export const address = shared('address', array(Bo, Va))
/** The buffer of a list. */
export const listed = shared('listed', array(List, Bo))

/** `ttm->pages[]`, `userptr.sg`, `userptr.pvec`: the page that the driver takes for the buffer's. */
export const pages = shared('pages', array(Bo, DevicePte))
/** The pages that a walk of this thread has found: `hmm_pfns[]`, or those of GUP. */
export const user_pages = shared('user_pages', array(Thread, DevicePte))
/** The entry of the GPU's page table for the buffer. */
export const gpu_pte = shared('gpu_pte', array(Bo, DevicePte))
/** The buffers that ttm_bo_validate() has moved to where the GPU reaches them. */
export const bound = shared('bound', setOf(Bo))

/** The fences of jobs in the reservation object of a buffer. */
export const fences = shared('fences', array(Bo, setOf(List)))
/** The jobs that the GPU has. */
export const running = shared('running', setOf(List))
/** `qpd->evicted` of KFD: how often the queues were stopped and not resumed. */
export const evicted = shared('evicted', range(0, 2))

export const intervals = mmuIntervals(Bo)
/** The notifier lock of the driver. xe's is a semaphore, but nobody here meets another reader. */
export const notifier_lock = shared('notifier_lock', Mutex)
/** `bo->tbo.base.resv` */
export const resv = shared('resv', array(Bo, Mutex))

export const { folio_lock, folio_unlock } = folioLocks()

/** handler->root of hfi1: the node of the one address, with its page, which is pinned. */
export const mmu_rb_node = shared('mmu_rb_node', DevicePte)

/** Every pointer to a page that holds no reference to it, or may lose it. */
const forget = (page: Id<'Page'>): void => {
  ForEach(Bo, (bo) => {
    turn_stale(pages.at(bo), page)
    turn_stale(gpu_pte.at(bo), page)
  })
  turn_stale(mmu_rb_node, page)
  ForEach(Thread, (thread) => turn_stale(user_pages.at(thread), page))
}
export const { has_free_page, alloc_page, get_page, put_page } = pageAllocator(mem_map, { freed: forget })

/** An access of the GPU to a buffer. */
export const access = (bo: Id<'Bo'>, by: string): void => {
  Ghost(() => Cover(no_use_after_free.reached, gpu_pte.at(bo).is('present')))
  Assert(no_use_after_free.property, not(gpu_pte.at(bo).is('stale')), `${by}: the page was freed`)
}
