/** A bracket around a change of the page table, and reclaim, which makes one without mmap_lock. */
import {
  Assert,
  Choose,
  every,
  ForEach,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  no,
  not,
  procedure,
  setOf,
  Source,
  Step,
  threadPer,
  yes,
  type Block,
  type Bool,
  type Id,
  type SetOf,
  type ValueOf,
} from 'hmmcheck'
import { Cpu, Device, Va } from 'hmmcheck/kernel'
import { xe_svm_invalidate } from './callback.ts'
import { zapped_before_change } from './properties.ts'
import { entry, Entry, given_away, intervals, pte, reaches } from './state.ts'

/** The entry changes, and its page is gone. For a step. */
export const change_entry = (va: Id<'Va'>, to: ValueOf<typeof Entry>): void => {
  Ghost(() => {
    Assert(
      zapped_before_change.property,
      every(Device, (device) => not(reaches(device, va))),
      'a GPU has the entry still',
    )
    given_away.remove(va)
  })
  pte.at(va).bump()
  entry.at(va).set(to)
}

/**
 * A bracket over these addresses. Every VM has one notifier, which covers them all.
 *
 * @param unmaps the event is MMU_NOTIFY_UNMAP
 */
export const in_bracket = (vas: SetOf<typeof Va>, unmaps: Bool, changes: Block): void => {
  Source('6.12 mm/mmu_notifier.c mn_itree_invalidate', () => {
    const cur_seq = Local('cur_seq', intervals.CurSeq)
    const found = intervals.mn_itree_inv_start_range(() => yes, cur_seq)
    ForEach(Device, (device) => If(found.has(device), () => xe_svm_invalidate(device, vas, cur_seq, unmaps)))
  })
  changes()
  intervals.mn_itree_inv_end()
}

const try_to_unmap_one = procedure(
  'try_to_unmap_one',
  [Va],
  (va) => {
    const vas = Local('vas', setOf(Va), setOf(Va).empty)
    vas.add(va)
    in_bracket(vas, no, () =>
      Step('ptep_clear_flush()', () => If(entry.at(va).is('ram'), () => change_entry(va, Entry.none))),
    )
  },
  { source: '6.12 mm/rmap.c try_to_unmap_one' },
)

/** Reclaim, without end: it holds locks of the page and of the reverse map alone, and leaves device memory alone. */
export const reclaim = threadPer(Cpu, 'reclaim', () => {
  Source('6.12 mm/vmscan.c shrink_folio_list', () => {
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('shrink_folio_list()', () => {
        const of = Choose('of', Va, (one) => entry.at(one).is('ram'))
        va.set(of)
      })
      try_to_unmap_one(va)
    })
  })
})
