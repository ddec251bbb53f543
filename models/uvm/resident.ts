/** A fault of a GPU that maps the page where it is: hmm_range_fault(), with va_block->lock given back meanwhile. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Cover,
  current,
  Ghost,
  If,
  Let,
  Local,
  Loop,
  none,
  not,
  oneOf,
  or,
  procedure,
  some,
  Step,
  type Bool as Condition,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import { mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { no_use_after_free, snapshot_is_valid } from 'hmmcheck/properties'
import { in_bracket, taken_away, zap } from './bracket.ts'
import { has_cow, has_gpu_memory, populate_checks_changed, populate_lock, reclaims, walk_checks_seq } from './fixes.ts'
import {
  block_lock,
  changed_since,
  cow,
  gpu_pte,
  has_address,
  hmm_pfns,
  intervals,
  looking,
  newest,
  notifier,
  notifier_seq,
  pte,
  ram,
  seqnum_since,
  tracker_is_done,
  VaBlock,
  vram,
} from './state.ts'

/** What the walk has read: nothing yet, nothing since the number has changed, or a page of either memory. */
const Walked = oneOf('nothing', '-EBUSY', 'ram', 'vram').as('walked')

/** A page for an address that has none. To find one, memory of another block may be taken away. */
const do_anonymous_page = procedure(
  'do_anonymous_page',
  [VaBlock, Va],
  (block, va) => {
    If(reclaims, () => {
      const reclaim = Step('alloc_pages(): is there no free page?', () => Choose('reclaim', Bool))
      If(reclaim, () => shrink_another(block))
    })
    Step('spin_lock(ptl): if (pte_none(*ptep)) set_pte_at()', () =>
      If(pte.at(block).at(va).eq('none'), () => {
        pte.at(block).at(va).set('present')
        Ghost(() => {
          newest.at(va).ram.set(true)
          newest.at(va).vram.set(false)
        })
      }),
    )
  },
  { source: '6.12 mm/memory.c do_anonymous_page' },
)

/** Direct reclaim, by the thread that wants a page: it takes one of another block away. */
function shrink_another(block: Id<'VaBlock'>): void {
  const other = Local('other', VaBlock)
  const at = Local('at', Va)
  const found = Step('shrink_folio_list()', () => {
    const any = Local('any', Bool)
    any.set(
      some(VaBlock, (one) =>
        and(
          one.ne(block),
          some(Va, (va) => is_reclaimable(one, va)),
        ),
      ),
    )
    return any
  })
  If(found, () => {
    Step('try_to_unmap()', () => {
      const its = Choose('its', VaBlock, (one) =>
        and(
          one.ne(block),
          some(Va, (va) => has_address(one, va)),
        ),
      )
      const va = Choose('va', Va, (one) => has_address(its, one))
      other.set(its)
      at.set(va)
    })
    in_bracket(other, at, () => zap(other, at))
  })
}
const is_reclaimable = (block: Id<'VaBlock'>, va: Id<'Va'>) =>
  and(has_address(block, va), pte.at(block).at(va).eq('present'))

/** A write to a page that a child has, too: the process gets a copy. The bracket is of the thread that faults. */
const wp_page_copy = procedure(
  'wp_page_copy',
  [VaBlock, Va],
  (block, va) =>
    in_bracket(block, va, () =>
      Step('ptep_clear_flush(); set_pte_at()', () =>
        If(and(pte.at(block).at(va).eq('present'), cow.has(va)), () => {
          taken_away(block, va)
          ram.at(va).bump()
          cow.remove(va)
        }),
      ),
    ),
  { source: '6.12 mm/memory.c wp_page_copy' },
)

/** hmm_range_fault() for writing. Returns what it has read; the pages may be gone by then. */
const hmm_range_fault = procedure(
  'hmm_range_fault',
  [VaBlock, Va],
  (block, va) => {
    const walked = Local('walked', Walked, 'nothing')
    const wait = Local('wait', Bool, false)
    walked.set('nothing')
    Loop(() => {
      Step('mmu_interval_check_retry()', () =>
        If(and(walk_checks_seq, notifier_seq.at(current).isStale), () => walked.set('-EBUSY')),
      )
      If(walked.eq('-EBUSY'), () => Break())
      Step('pte = ptep_get(ptep)', () => {
        wait.set(pte.at(block).at(va).eq('migration'))
        If(and(pte.at(block).at(va).eq('present'), not(cow.has(va))), () => {
          walked.set('ram')
          hmm_pfns.at(current).ram.set(ram.at(va).now)
        })
        If(pte.at(block).at(va).eq('device'), () => {
          walked.set('vram')
          hmm_pfns.at(current).vram.set(vram.at(va).now)
        })
      })
      If(walked.ne('nothing'), () => Break())
      If(and(has_gpu_memory, wait), () =>
        Step('migration_entry_wait()', () => Await(pte.at(block).at(va).ne('migration'))),
      ).Else(() => {
        If(has_cow, () => If(cow.has(va), () => wp_page_copy(block, va)).Else(() => do_anonymous_page(block, va))).Else(
          () => do_anonymous_page(block, va),
        )
      })
    })
    return walked
  },
  { source: '6.12 mm/hmm.c hmm_range_fault' },
)

/** For a step: the look at the changes is over, and so is the number of the notifier. */
const end_of_look = (block: Id<'VaBlock'>): void => {
  looking.at(block).set(none)
  changed_since.at(block).set(0)
  seqnum_since.at(block).set(0)
  notifier_seq.at(current).set(intervals.never)
}

/** For a step: what was read is not looked at again. */
const forget = (): void => {
  hmm_pfns.at(current).ram.set(ram.never)
  hmm_pfns.at(current).vram.set(vram.never)
}

/** populate_region(): what the driver takes over is there still. A page of system memory may be mapped at once. */
const populate = (block: Id<'VaBlock'>, va: Id<'Va'>, found: PlaceOf<typeof Walked>, mapped: Condition): void => {
  Step('populate_region()', () => {
    If(found.eq('ram'), () =>
      Assert(snapshot_is_valid.property, hmm_pfns.at(current).ram.isCurrent, 'the entry that was read has changed'),
    ).Else(() =>
      Assert(
        no_use_after_free.property,
        hmm_pfns.at(current).vram.isCurrent,
        'gpu_chunk_add() of a page of the GPU that was freed',
      ),
    )
  })
  const map = (): void => {
    Step('uvm_va_block_service_finish(): the GPU maps it', () => {
      Await(tracker_is_done(block))
      gpu_pte.at(block).at(va).to.set('ram')
      gpu_pte.at(block).at(va).ram.set(hmm_pfns.at(current).ram)
      forget()
    })
  }
  If(has_gpu_memory, () =>
    If(and(mapped, found.eq('ram')), map).Else(() => Step('gpu_chunk_add(), cpu_mapping_set()', forget)),
  ).Else(map)
}

/**
 * With va_block->lock, as before and behind it. Says which page was found: nothing, if all is to be done again. If it
 * is `mapped`, the GPU maps a page of system memory.
 */
export const hmm_make_resident_cpu = procedure(
  'hmm_make_resident_cpu',
  [VaBlock, Va, Bool.as('mapped')],
  (block, va, mapped) => {
    Step('hmm_range_fault_begin()', () => looking.at(block).set(current))
    mutex_unlock(block_lock.at(block))
    intervals.mmu_interval_read_begin(notifier.at(block), notifier_seq.at(current))
    const found = hmm_range_fault(block, va)
    If(populate_lock, () => mutex_lock(block_lock.at(block)))
    Step('hmm_range_fault_retry()', () => {
      const retry = Let('retry', changed_since.at(block).ne(seqnum_since.at(block)))
      Ghost(() => Cover(snapshot_is_valid.reached, and(found.ne('-EBUSY'), retry)))
      If(or(found.eq('-EBUSY'), and(populate_checks_changed, retry)), () => {
        found.set('nothing')
        forget()
      })
      end_of_look(block)
    })
    If(found.ne('nothing'), () => populate(block, va, found, mapped))
    If(not(populate_lock), () => mutex_lock(block_lock.at(block)))
    return found
  },
  { source: '595.45.04 uvm_hmm.c hmm_make_resident_cpu' },
)
