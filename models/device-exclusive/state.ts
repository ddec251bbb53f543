/** Shared state: one address of a process, its pages, and drivers with an entry for it in their devices. */
import {
  and,
  array,
  Bool,
  Ghost,
  ghost,
  If,
  isCaseAnd,
  or,
  optional,
  setOf,
  shared,
  struct,
  Thread,
  union,
  type Bool as Condition,
  type Id,
  type Recorded,
} from 'hmmcheck'
import {
  Device,
  ExclusivePte,
  folioLocks,
  has_page,
  memMap,
  mmap_read_lock,
  mmap_read_unlock,
  mmuIntervals,
  MmapLock,
  Mutex,
  Page,
  pageAllocator,
  reverseMap,
} from 'hmmcheck/kernel'
import { has_writers, reader_waits } from './fixes.ts'

/** The entry of the address in the process's page table. */
export const pte = shared('pte', ExclusivePte)
/** That of a child, after a fork: a page that it may read. */
export const child_pte = shared('child_pte', optional(Page))
/** VM_WRITE is not there: mprotect(). */
export const vma_read_only = shared('vma_read_only', Bool)
/** mprotect() has returned, and nobody may write. */
export const protected_by_now = ghost('protected', Bool)

export const mmap_lock = shared('mmap_lock', MmapLock)
/** For reading; where nobody ever takes it for writing it is left out. */
export const read_lock = (): void => {
  If(has_writers, () => mmap_read_lock(mmap_lock))
}
export const read_unlock = (): void => {
  If(has_writers, () => mmap_read_unlock(mmap_lock))
}

/** An entry of a device: it holds no reference. `atomic`: the device changes memory through it, and else only reads. */
export const DeviceEntry = union('device_entry', { none: {}, present: { page: Page, atomic: Bool } })
/** struct nouveau_svmm, struct dmirror: the driver of each device. */
export const svmm = shared('svmm', array(Device, struct('svmm', { mutex: Mutex, pte: DeviceEntry })))
/** What a walk of hmm_range_fault() has found: a pointer without a reference. */
export const pfn = shared('hmm_pfn', array(Device, optional(Page)))

export const intervals = mmuIntervals(Device, { reader_waits })

/** struct mmu_gather: pages that a thread has unmapped, and puts when no CPU can have them cached. */
export const gather = shared('mmu_gather', array(Thread, optional(Page)))
/** The reference of isolate_lru_folio(), of get_hwpoison_page(). */
export const isolated = shared('isolated', array(Thread, optional(Page)))

/** PG_hwpoison. */
export const hwpoison = shared('hwpoison', setOf(Page))
/** memory_failure() has taken the page out of use. */
export const out_of_use = ghost('out_of_use', setOf(Page))

/** The pages that have the newest value of the address. */
const newest = ghost('newest', setOf(Page))
/** Contents, as far as they matter: for Ghost blocks. */
export const contents = {
  is_newest: (page: Id<'Page'>): Condition => newest.has(page),
  /** The first value of the address. */
  fill: (page: Id<'Page'>): Recorded =>
    Ghost(() => {
      newest.clear()
      newest.add(page)
    }),
  write: (page: Id<'Page'>): Recorded =>
    Ghost(() =>
      If(newest.has(page), () => {
        newest.clear()
        newest.add(page)
      }),
    ),
  copy: (to: Id<'Page'>, from: Id<'Page'>): Recorded =>
    Ghost(() => {
      If(newest.has(from), () => newest.add(to))
    }),
  /** The address was zapped. */
  discard: (): Recorded => Ghost(() => newest.clear()),
}

const mem_map = shared('mem_map', memMap(6))
export { mem_map }
export const { is_free, has_free_page, alloc_page, get_page, put_page, dereference } = pageAllocator(mem_map, {
  freed: (page) => Ghost(() => newest.remove(page)),
})
export const { folio_lock, folio_trylock, folio_unlock, folio_wait_locked, holds_folio_lock } = folioLocks()
export const { mapcount, page_mapped, page_add_anon_rmap, page_remove_rmap } = reverseMap(2)

/** One more entry for the page. */
export const map_page = (page: Id<'Page'>): void => {
  get_page(page)
  page_add_anon_rmap(page)
}

/** The device's entry leads to this page. */
export const leads_to = (device: Id<'Device'>, page: Id<'Page'>): Condition =>
  isCaseAnd(svmm.at(device).pte, 'present', (entry) => entry.page.eq(page))
/** The device may change the page. */
export const is_atomic = (device: Id<'Device'>, page: Id<'Page'>): Condition =>
  isCaseAnd(svmm.at(device).pte, 'present', (entry) => and(entry.atomic, entry.page.eq(page)))
/** A CPU can use the page: of the process, or of its child. */
export const cpu_maps = (page: Id<'Page'>): Condition =>
  or(
    isCaseAnd(pte, 'present', (entry) => entry.page.eq(page)),
    child_pte.eq(page),
  )
export { has_page }
