/** Brackets around changes of a page table, and who brings them: MADV_DONTNEED, and the OOM reaper. */
import {
  Assert,
  Bool,
  Choose,
  Cover,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  no,
  not,
  some,
  Source,
  Step,
  thread,
  yes,
  type Block,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { mn_itree_invalidate, Va } from 'hmmcheck/kernel'
import { hmm_invalidate, hmm_split_invalidate } from './callback.ts'
import { splits } from './fixes.ts'
import { unmapped_before_change } from './properties.ts'
import { cow, has_address, intervals, locked, maps, notifier, overlaps, pte, ram, Sub, VaBlock, vram } from './state.ts'

/** How a bracket is told. */
interface Kind {
  /** Whether its callbacks may sleep. */
  readonly blockable?: Condition
  /** Whether the callback of the block does nothing for it: a bracket of the own thread, or of the own driver. */
  readonly ignored?: Condition
}

/** A bracket around the change of one entry of the block. */
export const in_bracket = (
  block: Id<'VaBlock'>,
  va: Id<'Va'>,
  changes: Block,
  { blockable = yes, ignored = no }: Kind = {},
): void => {
  If(splits, () => {
    const refused = mn_itree_invalidate(Sub, intervals, {
      overlaps: (sub) => overlaps(block, sub),
      blockable,
      invalidate: (sub, cur_seq) => {
        const done = Local('done', Bool, true)
        done.set(true)
        If(not(ignored), () =>
          If(notifier.at(block).eq(sub), () => done.set(hmm_invalidate(block, va, blockable, cur_seq))).Else(() =>
            done.set(hmm_split_invalidate(block, va, blockable, cur_seq)),
          ),
        )
        return done
      },
    })
    If(not(refused), () => {
      changes()
      intervals.mn_itree_inv_end()
    })
  }).Else(() => {
    // Here the block's own notifier is in the tree, and no other one of the range.
    Source('6.12 mm/mmu_notifier.c mn_itree_invalidate', () => {
      const cur_seq = Local('cur_seq', intervals.CurSeq)
      intervals.mn_itree_inv_start_range((sub) => overlaps(block, sub), cur_seq)
      If(not(ignored), () => {
        hmm_invalidate(block, va, blockable, cur_seq)
      })
    })
    changes()
    intervals.mn_itree_inv_end()
  })
}

/** For a step that takes the page of an address away, or copies it to where it moves. */
export const taken_away = (block: Id<'VaBlock'>, va: Id<'Va'>): void => {
  Ghost(() => Cover(unmapped_before_change.reached))
  Assert(unmapped_before_change.property, not(maps(block, va)), 'a GPU has an entry for the address still')
}

/** zap_pte_range(): the process gives the page back. What a migration has locked is freed when that ends. */
export const zap = (block: Id<'VaBlock'>, va: Id<'Va'>): void => {
  Step('zap_pte_range(): spin_lock(ptl): ptep_get_and_clear()', () => {
    taken_away(block, va)
    If(not(locked.has(va)), () => {
      If(pte.at(block).at(va).eq('present'), () => ram.at(va).bump())
      If(pte.at(block).at(va).eq('device'), () => vram.at(va).bump())
    })
    cow.remove(va)
    pte.at(block).at(va).set('none')
  })
}

const of_a_block = (where: (block: Id<'VaBlock'>, va: Id<'Va'>) => Condition) => {
  const block = Local('block', VaBlock)
  const va = Local('va', Va)
  return {
    block,
    va,
    choose: (): void => {
      const its = Choose('its', VaBlock, (one) => some(Va, (at) => where(one, at)))
      const at = Choose('at', Va, (one) => where(its, one))
      block.set(its)
      va.set(at)
    },
  }
}

export const dontneed = thread('dontneed', () => {
  Source('6.12 mm/memory.c zap_page_range_single', () =>
    Loop(() => {
      Idle()
      const { block, va, choose } = of_a_block((one, at) => has_address(one, at))
      Step('mmu_notifier_range_init(MMU_NOTIFY_CLEAR)', choose)
      in_bracket(block, va, () => zap(block, va))
    }),
  )
})

/** The OOM reaper skips what it is refused. */
export const reap = thread('reap', () => {
  Source('6.12 mm/oom_kill.c __oom_reap_task_mm', () =>
    Loop(() => {
      Idle()
      const { block, va, choose } = of_a_block((one, at) => has_address(one, at))
      Step('mmu_notifier_range_init(MMU_NOTIFY_UNMAP)', choose)
      in_bracket(block, va, () => zap(block, va), { blockable: no })
    }),
  )
})

export { of_a_block }
