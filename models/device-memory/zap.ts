/** The process gives memory back: a page of device memory is put at once, under the page table lock, or in a batch. */
import { Await, Choose, Ghost, Idle, If, Loop, Match, not, procedure, Step, thread } from 'hmmcheck'
import { SwapPte, Va } from 'hmmcheck/kernel'
import { release_pages_frees } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import { contents, mm, put_page, put_pgmap_of_freed, release_page_as_any } from './state.ts'

export const zap_pte_range = procedure(
  'zap_pte_range',
  [],
  () => {
    Step('spin_lock(ptl): ptep_get_and_clear(); put_page()', () => {
      const va = Choose('va', Va)
      Await(not(mm.pte.at(va).is('none')))
      returned_unlocked()
      Match(
        mm.pte.at(va),
        {
          present: ({ page }) => put_page(page),
          // Later kernels put it directly; earlier ones gave it to release_pages() with the others.
          device_private: ({ page }) =>
            If(release_pages_frees, () => put_page(page)).Else(() => release_page_as_any(page)),
        },
        () => undefined,
      )
      mm.pte.at(va).set(SwapPte.none)
      Ghost(() => contents.discard(va))
    })
    put_pgmap_of_freed()
  },
  { source: '6.1 mm/memory.c zap_pte_range' },
)

export const zap = thread('zap', () => {
  Loop(() => {
    Idle()
    zap_pte_range()
  })
})
