/**
 * What madvise() and reclaim do with pages that are not used: MADV_COLD, MADV_PAGEOUT and MADV_FREE, as in mm/madvise.c and
 * mm/rmap.c of 6.1. No kept recording has their lines.
 */
import { and, Await, type Bool as Condition, IfSome, none, Step } from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import { change, exchange, forget, type Line, PRESENT, type Seen } from './page-table.ts'
import { content, discards } from './state.ts'

type Covers = (seen: Pick<Seen, 'mm' | 'va'>) => Condition

/** An entry is cleared and put back: it is old, or clean, behind that. */
const putBack = (into: Line, by: string, covers?: Covers): void =>
  exchange(
    into,
    { by, old: PRESENT, ...(covers === undefined ? {} : { when: covers }) },
    { by, old: ['none'], now: PRESENT, when: (seen) => seen.now.eq(into.old) },
  )

/** madvise_cold_or_pageout_pte_range(): MADV_COLD and MADV_PAGEOUT clear an entry and put it back, without a range. */
export const cooled = (into: Line): void => putBack(into, 'madvise_cold_or_pageout_pte_range')

/** do_swap_page(): the page that comes back has the words that were written to swap, which no line tells. */
export const swappedIn = (into: Line): void =>
  change(into, {
    by: 'do_swap_page',
    old: ['swap'],
    now: ['present_r', 'present_w'],
    then: ({ npage }) => IfSome(npage, (page) => content.at(page).set(none)),
  })

/** try_to_unmap_one() clears an entry by itself, or, if it does not defer the flush, by ptep_clear_flush(). */
const CLEARS = ['ptep_clear_flush', 'try_to_unmap_one'] as const
const MAPPED = ['present_r', 'present_w'] as const

/** What is done in a range: that of madvise_free_single_vma(), or one of try_to_unmap_one() for a page. */
export const reclaiming = (into: Line, covers: Covers): readonly (() => void)[] => [
  // madvise_free_pte_range(): a page that may be discarded, and one in swap, which is
  () => {
    putBack(into, 'madvise_free_pte_range', covers)
    Step('mark_page_lazyfree()', () => discards.at(into.mm).set(true))
  },
  () => change(into, { by: 'madvise_free_pte_range', old: ['swap'], now: ['none'], when: covers, loses: true }),
  ...CLEARS.map((by) => (): void => unmap(into, by, covers)),
]

/** try_to_unmap_one() of a page: it goes to swap, it is put back, or, if it may be, it is discarded. */
function unmap(into: Line, by: (typeof CLEARS)[number], covers: Covers): void {
  change(into, { by, old: MAPPED, now: ['none'], when: covers })
  alternatives([
    () =>
      change(into, {
        by: 'try_to_unmap_one',
        old: ['none'],
        now: ['swap', ...MAPPED],
        when: (seen) => and(seen.mm.eq(into.mm), seen.va.eq(into.va)),
      }),
    () =>
      Step('try_to_unmap_one(): discard', () => {
        Await(discards.at(into.mm))
        forget(into)
      }),
  ])
}
