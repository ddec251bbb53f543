/**
 * The parts of device memory: its pages and their counts, the map they belong to, the driver's list of free ones, and
 * the pointers to them.
 */
import {
  and,
  array,
  Assert,
  atomic,
  Bool,
  cond,
  Cover,
  current,
  ForEach,
  Ghost,
  If,
  IfSome,
  none,
  not,
  optional,
  or,
  procedure,
  range,
  setOf,
  shared,
  some,
  Step,
  struct,
  Thread,
  whenSome,
  type Id,
  type Int,
} from 'hmmcheck'
import {
  complete,
  Completion,
  Cpu,
  DevicePte,
  memMap,
  memoryContents,
  Page,
  pageAllocator,
  pageLocks,
  percpu_ref_put,
  PercpuRef,
  pins,
  SwapPageTable,
  turn_stale,
} from 'hmmcheck/kernel'
import { never_below_zero, no_use_after_free, no_use_after_kfree } from 'hmmcheck/properties'
import { free_at_zero, old_count, pgmap_on_stack, pgmap_reference } from './fixes.ts'

/** The process's page table. */
export const mm = shared('mm', struct('mm_struct', { pte: SwapPageTable }))

/** Pages of device memory. */
export const zone_device = shared('zone_device', setOf(Page))
export const is_zone_device_page = (page: Id<'Page'>): Bool => zone_device.has(page)

/** The driver's free pages, and the flag that it gives out no more: both under the lock of the list. */
export const free_list = shared('free_list', setOf(Page))
export const chunk_removed = shared('chunk_removed', Bool)

/**
 * struct dev_pagemap, from 4.14 to 5.2 inside a struct hmm_devmem. `gone`: the memmap is unplugged and the struct
 * freed.
 */
export const pgmap = shared('pgmap', struct('dev_pagemap', { ref: PercpuRef, done: Completion, gone: Bool }))

/** The file that a mirror belongs to: who is inside a call on it, and whether it was closed. */
export const file = shared('file', struct('file', { users: setOf(Thread), closed: Bool }))

/** The driver's mirror of the process, and the pages whose zone_device_data points to it. */
export const mirror_freed = shared('mirror_freed', Bool)
export const zone_device_data = shared('zone_device_data', setOf(Page))

/** The page that a thread has a reference to, for a fault, an eviction, or because it has just been allocated. */
export const held = shared('held', array(Thread, optional(Page)))
/** The page that a thread has taken out of the free list and not initialised yet. */
export const popped = shared('popped', array(Thread, optional(Page)))

/** The page that a thread has given back to the driver, and whose map it has still to put. */
const freeing = shared('freeing', array(Thread, optional(Page)))

/** vmf->page of a fault on device memory: a pointer, which holds a reference or not. */
export const vmf_page = shared('vmf_page', array(Cpu, DevicePte))

export const mem_map = shared('mem_map', memMap(6))
export const contents = memoryContents()
export const { page_lock, trylock_page, unlock_page } = pageLocks()

const Bias = range(0, 1)
const literal = (n: number) => Bias.expr(Bias.lift(n))
/** Up to 5.17 the last user leaves one reference, which is not accounted for: the "off by one". */
export const leaves_one = and(not(free_at_zero), old_count.eq('one-more'))
const bias = cond(leaves_one, literal(1), literal(0))

/**
 * The references that a free page of device memory has. From 5.18 to 6.0 the one is put back when the page is freed.
 */
export const idle_count = cond(free_at_zero, literal(0), literal(1))

/** References that somebody accounts for, of a page that is in use. */
export const users = (page: Id<'Page'>): Int => mem_map.at(page).refcount.minus(bias)

/** Goes before every use of the map, or of the driver's struct around it. */
export const dereference_pgmap = (what: string): void => {
  Ghost(() => Cover(no_use_after_kfree.reached))
  Assert(no_use_after_kfree.property, not(pgmap.gone), `${what}: the map was removed, and the driver's struct freed`)
}
/** Goes before every use of a struct page of device memory. */
export const dereference_page = (what: string): void => {
  Ghost(() => Cover(no_use_after_free.reached))
  Assert(no_use_after_free.property, not(pgmap.gone), `${what}: the struct page is gone with its memmap`)
}

/** Every pointer to the page that holds no reference. */
function forget(page: Id<'Page'>): void {
  ForEach(Cpu, (cpu) => turn_stale(vmf_page.at(cpu), page))
  Ghost(() => contents.forget(page))
}

/** put_dev_pagemap(), and what the last one releases. */
const put_dev_pagemap = (): void => {
  const released = percpu_ref_put(pgmap.ref)
  If(released, () => complete(pgmap.done))
}

/**
 * free_zone_device_page(): dev_pagemap_ops.page_free, and up to 5.3 hmm_devmem_ops.free: the driver has the page
 * back.
 */
const free_zone_device_page = (page: Id<'Page'>): void => {
  free_list.add(page)
  zone_device_data.remove(page)
  forget(page)
  If(and(not(free_at_zero), old_count.eq('reset-to-one')), () => mem_map.at(page).refcount.set(1))
  If(pgmap_reference, () => {
    If(pgmap_on_stack, () => put_dev_pagemap()).Else(() => freeing.at(current).set(page))
  })
}

/**
 * After every step that may free a page of device memory: `percpu_ref_put_many(&folio->pgmap->ref)`, which reads the
 * page once more where the map was not read before the driver had the page back.
 */
export const put_pgmap_of_freed = procedure(
  'put_pgmap_of_freed',
  [],
  () => {
    If(not(pgmap_on_stack), () => {
      If(freeing.at(current).isSome, () =>
        Step('percpu_ref_put_many(&folio->pgmap->ref)', () => {
          Assert(
            no_use_after_free.property,
            whenSome(freeing.at(current), (page) => free_list.has(page)),
            'folio->pgmap of a page that the driver has given out again',
          )
          put_dev_pagemap()
          freeing.at(current).set(none)
        }),
      )
    })
  },
  { source: '6.19 mm/memremap.c free_zone_device_folio' },
)

/** System memory. */
export const {
  is_free,
  has_free_page,
  alloc_page,
  get_page: get_system_page,
  put_page: put_system_page,
} = pageAllocator(mem_map, {
  freed: forget,
  owns: (page) => not(is_zone_device_page(page)),
})

export const get_page = atomic('get_page', [Page], (page) => {
  If(is_zone_device_page(page), () => {
    dereference_page('get_page()')
    mem_map.at(page).refcount.increment()
  }).Else(() => get_system_page(page))
})

export const put_page = atomic(
  'put_page',
  [Page],
  (page) => {
    If(is_zone_device_page(page), () => {
      dereference_page('put_page()')
      Assert(never_below_zero.property, not(free_list.has(page)), 'put_page() of a page that is in the free list')
      mem_map.at(page).refcount.decrement()
      If(mem_map.at(page).refcount.eq(bias), () => free_zone_device_page(page))
    }).Else(() => put_system_page(page))
  },
  { source: '6.1 mm/memremap.c free_zone_device_page' },
)

/**
 * The put of a batch, as release_pages() did it up to 5.2: it takes the page of device memory for another, and never
 * sees that it is free.
 */
export const release_page_as_any = atomic(
  'release_page_as_any',
  [Page],
  (page) => {
    dereference_page('release_pages()')
    mem_map.at(page).refcount.decrement()
  },
  { source: '4.14 mm/swap.c release_pages' },
)

/** Nobody uses the page: the driver has it, or is about to give it out. */
export const is_idle = (page: Id<'Page'>): Bool =>
  or(
    free_list.has(page),
    some(Thread, (thread) => popped.at(thread).eq(page)),
  )

export const { pin, page_maybe_dma_pinned, is_pinned, try_grab_page, unpin_user_page } = pins({
  is_free,
  get_page,
  put_page,
})

/** The reference that this thread has beside its pin goes back. */
export const put_held = (): void => {
  IfSome(held.at(current), (page) => put_page(page))
  held.at(current).set(none)
}
