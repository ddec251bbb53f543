/** Shared state: one process, its memory, and a driver that mirrors it and has memory of its own. */
import {
  array,
  Assert,
  Bool,
  Choose,
  current,
  every,
  Ghost,
  If,
  isCaseAnd,
  not,
  optional,
  or,
  setOf,
  shared,
  sizeOf,
  sort,
  struct,
  Thread,
  union,
  yes,
  type Bool as Condition,
  type Id,
  type PlaceOf,
  type SetPlace,
} from 'hmmcheck'
import {
  Device,
  folioLocks,
  memMap,
  MigrateEntry,
  mmuIntervals,
  Mutex,
  Page,
  pageAllocator,
  reverseMap,
  Va,
  VaRange,
} from 'hmmcheck/kernel'
import { reader_waits } from './fixes.ts'
import { contents } from './processes.ts'

/** struct mmu_interval_notifier of the driver. */
export const Sub = sort('Sub')
/** Threads of the process that call MADV_DONTNEED. */
export const Zapper = sort('Zapper')
/** Addresses of one operation: of a call, or of a bracket. */
export const Range = VaRange

/** At every use of a mirror by the core of the notifiers, or by a fault on a page that names it: it was not freed. */
export const mirror_lives = { property: 'P-LIFE' } as const
/** Mirrors that were freed: dmirror_fops_release() is done. */
export const freed_mirrors = shared('freed_mirrors', setOf(Sub))
export const intervals = mmuIntervals(Sub, {
  reader_waits,
  touches: (sub, what) =>
    Assert(mirror_lives.property, not(freed_mirrors.has(sub)), `${what} of a mirror that was freed`),
})

/**
 * An entry of the device's page table: a pointer, which holds no reference. `struct_page`: it leads to the struct page
 * of device memory, where it should lead to the memory.
 */
export const DeviceEntry = union('device_entry', {
  none: {},
  present: { page: Page, write: Bool },
  struct_page: { page: Page, write: Bool },
})

/** struct dmirror, struct nouveau_svmm: what the driver has for each time that its file was opened. */
export const driver = shared('driver', array(Sub, struct('dmirror', { mutex: Mutex, pte: array(Va, DeviceEntry) })))

/** What a device fault was told, and an access has loaded: pointers that hold no reference. */
export const Pfns = array(Va, DeviceEntry)
export const pfns = shared('pfns', array(Device, Pfns))
export const loaded = shared('loaded', array(Device, DeviceEntry))

/** Pages of device memory: no CPU can address them. What backs one lives as long as the page. */
export const zone_device = shared('zone_device', setOf(Page))
export const is_zone_device_page = (page: Id<'Page'>): Condition => zone_device.has(page)
/** page->zone_device_data: the mirror that has moved something there. */
export const zone_device_data = shared('zone_device_data', array(Page, Sub))

/** The migrations under way, by thread. */
export const migrate_vma = shared('migrate_vma', array(Thread, array(Va, MigrateEntry)))
/** This thread's entry of a migration for the address. */
export const migrate_entry = (va: Id<'Va'>) => migrate_vma.at(current).at(va)
/** The reference of a thread to the page on which it faults: vmf->page. */
export const held = shared('held', array(Thread, optional(Page)))
/** struct mmu_gather: the references of a thread to pages that it has unmapped, and will free. */
export const gather = shared('mmu_gather', array(Thread, setOf(Page)))

const mem_map = shared('mem_map', memMap(6))
export { mem_map }
const freed = (page: Id<'Page'>): void => {
  Ghost(() => contents.forget(page))
}

/** System memory. */
export const system_memory = pageAllocator(mem_map, { freed, owns: (page) => not(is_zone_device_page(page)) })
export const { is_free, has_free_page, alloc_page, get_page, put_page } = system_memory
/** Device memory: the driver's list of free pages. */
export const device_memory = pageAllocator(mem_map, { freed, owns: is_zone_device_page })

export const { is_locked, folio_lock, folio_trylock, folio_unlock, folio_wait_locked } = folioLocks()
export const { mapcount, page_mapped, page_add_anon_rmap, page_remove_rmap } = reverseMap(2)

/** One more entry for the page. */
export const map_page = (page: Id<'Page'>): void => {
  get_page(page)
  page_add_anon_rmap(page)
}

/** The mirror's entry of the address. */
export const entry_of = (mirror: Id<'Sub'>, va: Id<'Va'>): PlaceOf<typeof DeviceEntry> => driver.at(mirror).pte.at(va)
/** It leads to this page. */
export const leads_to = (mirror: Id<'Sub'>, va: Id<'Va'>, page: Id<'Page'>): Condition =>
  or(
    isCaseAnd(entry_of(mirror, va), 'present', (entry) => entry.page.eq(page)),
    isCaseAnd(entry_of(mirror, va), 'struct_page', (entry) => entry.page.eq(page)),
  )
/** The device may write through it. */
export const may_write = (mirror: Id<'Sub'>, va: Id<'Va'>): Condition =>
  or(
    isCaseAnd(entry_of(mirror, va), 'present', (entry) => entry.write),
    isCaseAnd(entry_of(mirror, va), 'struct_page', (entry) => entry.write),
  )

/** For a step: the entry is dropped. */
export const drop_entry = (mirror: Id<'Sub'>, va: Id<'Va'>): void => {
  entry_of(mirror, va).set(DeviceEntry.none)
}

/**
 * For a step: the addresses of an operation, one or all.
 *
 * @param where which addresses it may be about
 */
export const choose_range = (range: SetPlace<typeof Va>, where: (va: Id<'Va'>) => Condition = () => yes): void => {
  const first = Choose('first', Va, where)
  range.clear()
  range.add(first)
  If(sizeOf(Va).gt(1), () => {
    const whole = Choose('whole', Bool, (all) => or(not(all), every(Va, where)))
    If(whole, () => range.set(Range.all))
  })
}
