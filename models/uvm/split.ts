/** A block is split: its notifier is taken out of the tree, and comes back for a shorter range. */
import { Choose, every, Idle, If, Local, Loop, procedure, Source, Step, thread } from 'hmmcheck'
import { down_write, mutex_lock, mutex_unlock, up_write } from 'hmmcheck/kernel'
import { split_lock, split_stand_in } from './fixes.ts'
import { block_lock, intervals, notifier, Sub, va_space_lock, VaBlock } from './state.ts'

/**
 * The lower part, which all addresses are in. The upper part has its own notifier before this one goes.
 *
 * mmap_lock is held for reading by those who make an external range, a channel or a pool, so that MADV_DONTNEED and
 * the OOM reaper may come. mmap() of managed memory holds it for writing.
 */
const hmm_split_block = procedure(
  'hmm_split_block',
  [VaBlock],
  (block) => {
    const stand_in = Local('stand_in', Sub)
    mutex_lock(block_lock.at(block))
    Step('uvm_va_block_split_locked()', () => {
      const free = Choose('free', Sub, (one) => every(VaBlock, (its) => notifier.at(its).ne(one)))
      stand_in.set(free)
    })
    mutex_unlock(block_lock.at(block))
    If(split_stand_in, () => intervals.__mmu_interval_notifier_insert(stand_in))
    intervals.mmu_interval_notifier_remove(notifier.at(block))
    intervals.__mmu_interval_notifier_insert(notifier.at(block))
    If(split_stand_in, () => intervals.mmu_interval_notifier_remove(stand_in))
  },
  { source: '595.45.04 uvm_hmm.c hmm_split_block' },
)

export const split = thread('split', () => {
  Source('595.45.04 uvm_hmm.c uvm_hmm_va_block_reclaim, split_block_if_needed', () =>
    Loop(() => {
      Idle()
      const block = Local('block', VaBlock)
      Step('a range of its own for the upper part of the block', () => {
        const its = Choose('its', VaBlock)
        block.set(its)
      })
      If(split_lock, () => down_write(va_space_lock))
      hmm_split_block(block)
      If(split_lock, () => up_write(va_space_lock))
    }),
  )
})
