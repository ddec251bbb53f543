/** The reverse map, as far as it counts: how many page table entries refer to a page (mm/rmap.c). */
import { array, atomic, Misuse, range, shared, type Bool, type Id } from '../../src/language/index.ts'
import { Page } from './sorts.ts'

/**
 * page->_mapcount of all pages. Entries are added and removed under the page table lock, in the step that changes the entry.
 *
 * @param mappings the most that one page can have in the model
 */
export function reverseMap(mappings: Parameters<typeof range>[1]) {
  const mapcount = shared('mapcount', array(Page, range(0, mappings)))

  return {
    mapcount,
    page_mapped: (page: Id<'Page'>): Bool => mapcount.at(page).gt(0),
    page_add_anon_rmap: atomic('page_add_anon_rmap', [Page], (page) => mapcount.at(page).increment(), { source: '6.1 mm/rmap.c page_add_anon_rmap' }),
    page_remove_rmap: atomic('page_remove_rmap', [Page], (page) => {
      Misuse('page_remove_rmap() of a page that no entry refers to', mapcount.at(page).gt(0))
      mapcount.at(page).decrement()
    }, { source: '6.1 mm/rmap.c page_remove_rmap' }),
  }
}
