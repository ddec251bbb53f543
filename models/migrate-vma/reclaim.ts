/** Reclaim: a page goes to the swap cache, out of the page table, to the backing store if it is dirty, and is freed. */
import {
  and,
  atomic,
  Choose,
  current,
  Ghost,
  Held,
  Idle,
  If,
  IfIs,
  IfSome,
  Local,
  Loop,
  none,
  not,
  procedure,
  Step,
  thread,
} from 'hmmcheck'
import { is_present_entry, Page, SwapPte, Va } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start } from './brackets.ts'
import { rmap_bracket } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import {
  contents,
  get_page,
  held,
  is_locked,
  isolated,
  mem_map,
  mm,
  page_dirty,
  page_remove_rmap,
  put_page,
  swap_cache,
  trylock_page,
  unlock_page,
} from './state.ts'

/** isolate_lru_pages() and the first lines of shrink_folio_list(): a page that no other thread works on. */
const isolate_lru_page = atomic(
  'isolate_lru_page',
  [],
  () => {
    const va = Choose('va', Va, (one) => mm.pte.at(one).is('present'))
    returned_unlocked()
    IfIs(mm.pte.at(va), 'present', ({ page }) => {
      If(and(not(isolated.has(page)), not(is_locked(page))), () => {
        isolated.add(page)
        get_page(page)
        held.at(current).set(page)
        trylock_page(page)
      })
    })
    return va
  },
  { source: '6.1 mm/vmscan.c shrink_folio_list' },
)

const shrink_folio_list = procedure(
  'shrink_folio_list',
  [],
  () => {
    const page = Local('page', Page)
    Held(page, 'the reference of isolate_lru_page()')
    const va = isolate_lru_page()
    IfSome(held.at(current), (isolated_page) => {
      page.set(isolated_page)
      Step('if (!folio_test_swapcache()) add_to_swap()', () => {
        If(swap_cache.at(va).ne(page), () => {
          swap_cache.at(va).set(page)
          get_page(page)
          page_dirty.add(page)
        })
      })
      Step('try_to_unmap(): mmu_notifier_invalidate_range_start(MMU_NOTIFY_CLEAR)', () =>
        invalidate_range_start(va, rmap_bracket),
      )
      Step(
        'try_to_unmap_one(): spin_lock(ptl): ptep_clear_flush(); set_pte_at(swap entry); ' +
          'mmu_notifier_invalidate_range_end()',
        () => {
          If(is_present_entry(mm.pte.at(va), page), () => {
            IfIs(mm.pte.at(va), 'present', ({ dirty }) => If(dirty, () => page_dirty.add(page)))
            mm.pte.at(va).set(SwapPte.swap)
            page_remove_rmap(page)
            put_page(page)
          })
          invalidate_range_end(va)
        },
      )
      Step('if (folio_test_dirty()) pageout()', () => {
        If(page_dirty.has(page), () => {
          page_dirty.remove(page)
          Ghost(() => contents.page_out(page, va))
        })
      })
      Step('__remove_mapping(): folio_ref_freeze(); unlock_page(); put_page()', () => {
        If(and(swap_cache.at(va).eq(page), mem_map.at(page).refcount.eq(2), not(page_dirty.has(page))), () => {
          swap_cache.at(va).set(none)
          put_page(page)
        })
        unlock_page(page)
        isolated.remove(page)
        put_page(page)
        held.at(current).set(none)
      })
    })
  },
  { source: '6.1 mm/vmscan.c shrink_folio_list' },
)

export const reclaim = thread('reclaim', () => {
  Loop(() => {
    Idle()
    shrink_folio_list()
  })
})
