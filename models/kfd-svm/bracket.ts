/** Who changes the page table: reclaim, through the reverse map and without mmap_lock; and mprotect(), with it. */
import {
  Assert,
  Choose,
  cond,
  Cover,
  every,
  ForEach,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  implies,
  not,
  or,
  procedure,
  some,
  Source,
  Step,
  thread,
  threadPer,
  yes,
  type Block,
  type Bool as Condition,
  type Id,
  type Sample,
} from 'hmmcheck'
import { Cpu, Device, mmap_write_lock, mmap_write_unlock, Va } from 'hmmcheck/kernel'
import { svm_range_cpu_invalidate_pagetables } from './callback.ts'
import { has_deferred, xnack } from './fixes.ts'
import { stopped_before_change } from './properties.ts'
import { intervals, maps, mmap_lock, no_read, notified, Prange, prange_of, pte, queues_run, vma } from './state.ts'

/** The callback of a range. */
type Callback = (prange: Id<'Prange'>, va: Id<'Va'>, cur_seq: Sample<'invalidate_seq'>) => void

/** The address is in the interval of the range's notifier. */
const hears = (prange: Id<'Prange'>, va: Id<'Va'>): Condition =>
  cond(has_deferred, notified.at(prange).has(va), prange_of.at(va).eq(prange))

/** A bracket around the change of one entry. */
export const in_bracket = (va: Id<'Va'>, change: string, changes: Block, invalidate: Callback): void => {
  Source('6.12 mm/mmu_notifier.c mn_itree_invalidate', () => {
    const cur_seq = Local('cur_seq', intervals.CurSeq)
    const found = intervals.mn_itree_inv_start_range((one) => hears(one, va), cur_seq)
    ForEach(Prange, (one) => If(found.has(one), () => invalidate(one, va, cur_seq)))
  })
  Step(change, () => {
    Ghost(() =>
      Cover(
        stopped_before_change.reached,
        or(
          xnack,
          some(Device, (device) => maps(device, va)),
        ),
      ),
    )
    Assert(
      stopped_before_change.property,
      every(Device, (device) => implies(queues_run(), not(maps(device, va)))),
      'the queues run, and a GPU has the entry still',
    )
    changes()
  })
  intervals.mn_itree_inv_end()
}

const try_to_unmap_one = procedure(
  'try_to_unmap_one',
  [Va],
  (va) => in_bracket(va, 'ptep_clear_flush()', () => pte.at(va).bump(), svm_range_cpu_invalidate_pagetables),
  {
    source: '6.12 mm/rmap.c try_to_unmap_one',
  },
)
/** Reclaim, without end: it holds locks of the page and of the reverse map alone. */
export const reclaim = threadPer(Cpu, 'reclaim', () => {
  Source('6.12 mm/vmscan.c shrink_folio_list', () => {
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('shrink_folio_list()', () => {
        const of = Choose('of', Va, (one) => cond(has_deferred, vma.has(one), yes))
        va.set(of)
      })
      try_to_unmap_one(va)
    })
  })
})

const mprotect_fixup = procedure(
  'mprotect_fixup',
  [],
  () => {
    mmap_write_lock(mmap_lock)
    const va = Local('va', Va)
    Step('vma_lookup()', () => {
      const of = Choose('of', Va)
      va.set(of)
    })
    in_bracket(
      va,
      'change_protection()',
      () => If(no_read.has(va), () => no_read.remove(va)).Else(() => no_read.add(va)),
      svm_range_cpu_invalidate_pagetables,
    )
    mmap_write_unlock(mmap_lock)
  },
  { source: '6.12 mm/mprotect.c mprotect_fixup' },
)
/** mprotect(PROT_NONE), and back. */
export const mprotect = thread('mprotect', () => {
  Loop(() => {
    Idle()
    mprotect_fixup()
  })
})
