/** Somebody who takes a pin by GUP-fast, and writes through it: a network card, direct I/O. */
import {
  and,
  Await,
  Choose,
  current,
  Either,
  Ghost,
  Idle,
  If,
  IfIs,
  IfSome,
  Local,
  Loop,
  not,
  or,
  procedure,
  Reused,
  Source,
  Step,
  thread,
  yes,
} from 'hmmcheck'
import { is_present_entry, must_fault, Va } from 'hmmcheck/kernel'
import { gup_recheck } from './fixes.ts'
import { contents, mm, pin, try_grab_page, unpin_user_page } from './state.ts'

/**
 * No lock is taken: the entry is read, the pin is taken, and the entry is read again. Where nothing is present it
 * gives up.
 */
export const gup_pte_range = procedure(
  'gup_pte_range',
  [Va],
  (va) => {
    IfIs(mm.pte.at(va), 'present', ({ page, write }) => {
      Reused(page, 'try_grab_page() takes whatever the page is by then, and the entry is read again')
      If(write, () => {
        const grabbed = try_grab_page(page)
        If(grabbed, () =>
          Step('if (pte_val(pte) != pte_val(*ptep)) gup_put_folio()', () => {
            If(
              or(and(is_present_entry(mm.pte.at(va), page), not(must_fault(mm.pte.at(va), yes))), not(gup_recheck)),
              () => pin.at(current).kept.set(true),
            ).Else(() => unpin_user_page())
          }),
        )
      })
    })
  },
  { source: '6.1 mm/gup.c gup_pte_range', lockless: true },
)

export const gup = thread('gup', () => {
  const va = Local('va', Va)
  Source('whoever pins: a network card, direct I/O', () =>
    Loop(() => {
      Idle()
      Either(
        () => {
          Step('pin_user_pages_fast()', () => {
            const at = Choose('at', Va)
            Await(pin.at(current).page.isNone)
            va.set(at)
          })
          gup_pte_range(va)
        },
        () =>
          Step('writes through the pin', () => {
            Await(pin.at(current).kept)
            Ghost(() => {
              IfSome(pin.at(current).page, (page) => contents.write(page, va))
            })
          }),
        () =>
          Step('unpin_user_page()', () => {
            Await(pin.at(current).kept)
            unpin_user_page()
          }),
      )
    }),
  )
})
