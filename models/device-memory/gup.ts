/**
 * Somebody takes a pin and keeps it: FOLL_LONGTERM. On device memory GUP-fast gives up, and the slow path faults
 * until the page is the system's.
 */
import {
  and,
  Break,
  Choose,
  current,
  If,
  Local,
  Loop,
  Match,
  not,
  or,
  procedure,
  Reused,
  Source,
  Step,
  thread,
} from 'hmmcheck'
import { is_device_private_entry, maps_page, Page, SwapPte, Va } from 'hmmcheck/kernel'
import { do_anonymous_page, migrate_to_system } from './fault.ts'
import { gup_recheck, pins_device_page } from './fixes.ts'
import { get_page, held, mm, pin, put_held, put_pgmap_of_freed, try_grab_page, unpin_user_page } from './state.ts'

/** Without a lock: the pin is taken, and kept if the entry has not changed. */
export const gup_pte_range = procedure(
  'gup_pte_range',
  [Va, Page],
  (va, page) => {
    Reused(page, 'try_grab_page() takes whatever the page is by then, and the entry is read again')
    const grabbed = try_grab_page(page)
    If(grabbed, () =>
      Step('if (pte_val(pte) != pte_val(*ptep)) gup_put_folio()', () => {
        If(or(maps_page(mm.pte.at(va), page), not(gup_recheck)), () => pin.at(current).kept.set(true)).Else(() =>
          unpin_user_page(),
        )
      }),
    )
  },
  { source: '6.1 mm/gup.c gup_pte_range', lockless: true },
)

/**
 * faultin_page(): the fault that every CPU would have. What it should return is that the page is to be looked up
 * again.
 */
const faultin_page = procedure(
  'faultin_page',
  [Va, Page],
  (va, page) => {
    const same = Local('same', SwapPte)
    Step('spin_lock(ptl): if (pte_same()) get_page(vmf->page)', () => {
      same.set(mm.pte.at(va))
      If(is_device_private_entry(same, page), () => {
        If(pins_device_page.eq('fault'), () => {
          try_grab_page(page)
          pin.at(current).kept.set(true)
        }).Else(() => {
          get_page(page)
          held.at(current).set(page)
        })
      })
    })
    If(and(is_device_private_entry(same, page), not(pins_device_page.eq('fault'))), () => {
      Step('migrate_to_ram(vmf); put_page(vmf->page)', () => {
        migrate_to_system(va)
        put_held()
      })
      put_pgmap_of_freed()
    })
  },
  { source: '6.1 mm/gup.c faultin_page' },
)

const pin_user_pages = procedure(
  'pin_user_pages',
  [],
  () => {
    const va = Local('va', Va)
    Step('pin_user_pages(FOLL_LONGTERM)', () => {
      const at = Choose('at', Va)
      va.set(at)
    })
    Loop(() => {
      const pte = Local('pte', SwapPte)
      Step('pte = *ptep', () => pte.set(mm.pte.at(va)))
      Match(
        pte,
        {
          none: () => do_anonymous_page(va),
          present: ({ page }) => gup_pte_range(va, page),
          device_private: ({ page }) =>
            If(pins_device_page.eq('gup-fast'), () => gup_pte_range(va, page)).Else(() => faultin_page(va, page)),
        },
        () => undefined,
      )
      If(pin.at(current).kept, () => Break())
    })
  },
  { source: '6.1 mm/gup.c pin_user_pages' },
)

export const gup = thread('gup', () => {
  Source('whoever pins', () => pin_user_pages())
})
