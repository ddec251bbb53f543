/** The callback of a block: it unmaps the range from the GPUs, and waits until they have done so. */
import {
  and,
  Await,
  Bool,
  Choose,
  Cover,
  current,
  ForEach,
  Ghost,
  If,
  Misuse,
  no,
  not,
  procedure,
  Return,
  Step,
  yes,
  type Id,
} from 'hmmcheck'
import { mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import {
  callback_lock,
  callback_raises_changed,
  callback_sets_seq,
  callback_unmaps,
  callback_waits,
  changes_by_block,
  context_ahead,
  own_subtracted,
  refuses_nonblockable,
  short_of_memory,
  split_refuses,
  splits,
} from './fixes.ts'
import {
  block_lock,
  changed_since,
  intervals,
  looking,
  maps,
  notifier,
  seqnum_since,
  tracker_is_done,
  unmapping,
  VaBlock,
} from './state.ts'

/** The channel has done all that was pushed. */
export const uvm_tracker_wait = (block: Id<'VaBlock'>): void => {
  Step('uvm_tracker_wait()', () => Await(tracker_is_done(block)))
}

/** For a step: the entries of GPUs are unmapped as soon as the channel comes to it. */
export const push_unmap = (block: Id<'VaBlock'>, va: Id<'Va'>): void => {
  If(maps(block, va), () => unmapping.at(block).add(va))
}

/**
 * For a step: `va_block->hmm.changed++`, and the same of the thread's own number. That one is of the thread, and not of
 * a block: a thread that looks at another block counts this change against that one.
 */
export const raise_changed = (block: Id<'VaBlock'>): void => {
  If(looking.at(block).isSome, () =>
    If(not(and(own_subtracted, looking.at(block).eq(current))), () => changed_since.at(block).increment()),
  )
  If(not(changes_by_block), () =>
    ForEach(VaBlock, (other) =>
      If(and(other.ne(block), looking.at(other).eq(current)), () => seqnum_since.at(other).increment()),
    ),
  )
}

/** Says whether it has done its part: the bracket must not go on otherwise. */
const hmm_invalidate = procedure(
  'hmm_invalidate',
  [VaBlock, Va, Bool.as('blockable'), intervals.CurSeq.as('cur_seq')],
  (block, va, blockable, cur_seq) => {
    If(splits, () => {
      If(and(refuses_nonblockable, not(blockable)), () => Return(no))
      If(not(refuses_nonblockable), () =>
        Step('uvm_mutex_lock()', () => Misuse('a callback sleeps in a bracket that must not block', blockable)),
      )
    })
    If(and(short_of_memory, not(context_ahead)), () => {
      const allocated = Step('uvm_va_block_context_alloc()', () => Choose('allocated', Bool))
      If(not(allocated), () => Return(yes))
    })
    If(callback_lock, () => mutex_lock(block_lock.at(block)))
    If(callback_raises_changed, () => Step('va_block->hmm.changed++', () => raise_changed(block)))
    If(callback_sets_seq, () => intervals.mmu_interval_set_seq(notifier.at(block), cur_seq))
    If(callback_unmaps, () =>
      Step('uvm_va_block_unmap()', () => {
        Ghost(() => Cover(no_use_after_free.reached, maps(block, va)))
        push_unmap(block, va)
      }),
    )
    If(callback_waits, () => uvm_tracker_wait(block))
    If(callback_lock, () => mutex_unlock(block_lock.at(block)))
    return yes
  },
  { source: '595.45.04 uvm_hmm.c hmm_invalidate' },
)

/** The callback of the notifier that stands in: it says yes, whatever the inner one says. */
const hmm_split_invalidate = procedure(
  'hmm_split_invalidate',
  [VaBlock, Va, Bool.as('blockable'), intervals.CurSeq.as('cur_seq')],
  (block, va, blockable, cur_seq) => {
    const done = hmm_invalidate(block, va, blockable, cur_seq)
    If(split_refuses, () => Return(done))
    return yes
  },
  { source: '595.45.04 uvm_hmm.c hmm_split_invalidate' },
)

export { hmm_invalidate, hmm_split_invalidate }
