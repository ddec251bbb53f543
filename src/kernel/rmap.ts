/** The reverse map, as far as it counts: how many page table entries refer to a page (mm/rmap.c). */
import { array, atomic, Misuse, range, shared, type Bool, type Id } from '../language/index.ts'
import { Page, type RangeBound } from './sorts.ts'

/**
 * page->_mapcount of all pages. Entries are added and removed under the page table lock, in the step that changes the
 * entry.
 *
 * @param mappings the most that one page can have in the model
 */
export function reverseMap(mappings: RangeBound) {
  /** The number of entries that refer to each page: a variable of the state. */
  const mapcount = shared('mapcount', array(Page, range(0, mappings)))

  return {
    mapcount,
    /** Some entry refers to the page. */
    page_mapped: (page: Id<'Page'>): Bool => mapcount.at(page).gt(0),
    /** One more entry refers to the page: for the step that makes the entry. */
    page_add_anon_rmap: atomic('page_add_anon_rmap', [Page], (page) => mapcount.at(page).increment(), {
      source: '6.1 mm/rmap.c page_add_anon_rmap',
    }),
    /** One less: for the step that removes the entry. Without an entry that refers to the page: misuse. */
    page_remove_rmap: atomic(
      'page_remove_rmap',
      [Page],
      (page) => {
        Misuse('page_remove_rmap() of a page that no entry refers to', mapcount.at(page).gt(0))
        mapcount.at(page).decrement()
      },
      { source: '6.1 mm/rmap.c page_remove_rmap' },
    ),
  }
}
