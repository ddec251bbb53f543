/** Physical pages: struct page and the page allocator (include/linux/mm_types.h, mm/page_alloc.c). */
import {
  and,
  array,
  Assert,
  atomic,
  Choose,
  Held,
  If,
  lifetime,
  not,
  range,
  some,
  struct,
  type Bool,
  type Id,
  type Nothing,
  type PlaceOf,
  type Recorded,
} from '../language/index.ts'
import { Page, type RangeBound } from './sorts.ts'

/**
 * The part of a struct page that is kept: the number of references to it. A page without a reference is free.
 *
 * @param references the most that one page can have in the model
 */
export const structPage = (references: RangeBound) => struct('page', { refcount: range(0, references) })

/**
 * `mem_map`: all the pages there are, as a type: `shared('mem_map', memMap(2))`.
 *
 * @param references the most that one page can have in the model; more is a domain error
 */
export const memMap = (references: RangeBound) => array(Page, structPage(references))
type MemMap = PlaceOf<ReturnType<typeof memMap>>

/** The options of a page allocator, besides the map. */
export interface AllocatorOptions {
  /**
   * The fate of a page in the step that frees it: its attributes go back to zero, and every unreferenced pointer
   * to it turns stale.
   */
  readonly freed?: (page: Id<'Page'>) => Nothing
  /** The pages it gives out: all, or those of one zone (system memory, device memory). */
  readonly owns?: (page: Id<'Page'>) => Bool
}

/**
 * The page allocator over a memory map. It gives out any free page, so a page that has just been freed may come back
 * at once: an id that is carried from one transition into another must be looked at there
 * (docs/decisions/0006-pointers.md).
 *
 * @param mem_map all the pages
 * @param options `freed`: what becomes of a page that is freed. `owns`: which pages are given out
 */
export function pageAllocator(mem_map: MemMap, { freed = () => undefined, owns }: AllocatorOptions = {}) {
  /** No reference to the page is left. */
  const is_free = (page: Id<'Page'>): Bool => mem_map.at(page).refcount.eq(0)
  const may_give_out = (page: Id<'Page'>): Bool => (owns === undefined ? is_free(page) : and(owns(page), is_free(page)))

  lifetime(Page, mem_map, (page) => not(is_free(page)))

  /** Goes before the use of a page that was read in an earlier transition: somebody's reference has kept it. */
  const dereference = (page: Id<'Page'>, what: string): Recorded =>
    Assert('P-NOUAF', not(is_free(page)), `${what}: use after free`)

  /** Whether an allocation would succeed. */
  const has_free_page = (): Bool => some(Page, may_give_out)

  /** A free page, with a first reference. Not enabled without a free page: ask `has_free_page` first. */
  const alloc_page = atomic('alloc_page', [], () => {
    const page = Choose('page', Page, may_give_out)
    Held(page, 'the reference of alloc_page()')
    mem_map.at(page).refcount.set(1)
    return page
  })

  /** One more reference to a page that has a reference already. On a free page it breaks P-REF-ZERO. */
  const get_page = atomic('get_page', [Page], (page) => {
    Assert('P-REF-ZERO', not(is_free(page)), 'get_page() of a free page')
    mem_map.at(page).refcount.increment()
  })

  /**
   * One reference less; with the last one the page is free, and `freed` is done in this step. On a free page it breaks
   * P-REF-ZERO.
   */
  const put_page = atomic('put_page', [Page], (page) => {
    Assert('P-REF-ZERO', not(is_free(page)), 'put_page() of a free page')
    mem_map.at(page).refcount.decrement()
    If(is_free(page), () => freed(page))
  })

  return { is_free, has_free_page, alloc_page, get_page, put_page, dereference }
}
