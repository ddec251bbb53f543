/** The parts of the protocol: page tables, blocks with their locks, what GPUs map, and what they have yet to do. */
import {
  and,
  array,
  Bool,
  epoch,
  ghost,
  oneOf,
  optional,
  or,
  saturating,
  setOf,
  shared,
  some,
  sort,
  struct,
  Thread,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { mmuIntervals, Mutex, Rwsem, Va } from 'hmmcheck/kernel'
import { reader_waits, shares_pages, splits } from './fixes.ts'

/** uvm_va_block_t: at most 2 MiB of a process. */
export const VaBlock = sort('VaBlock')
/** struct mmu_interval_notifier of a block, and the one that stands in for it during a split. */
export const Sub = sort('Sub')

/** Each address has one page of system memory and one of a GPU at most; these say how often it was given back. */
export const ram = epoch('ram', Va)
export const vram = epoch('vram', Va)

/** An entry: it leads to the address's page of system memory, or to its page of a GPU (device private). */
export const Pte = oneOf('none', 'present', 'device', 'migration').as('pte')
/**
 * The page tables, by the block that an address is in. Only where pages are shared, several blocks have one
 * address.
 */
export const pte = shared('pte', array(VaBlock, array(Va, Pte)))
export const block_of = shared('block_of', array(Va, VaBlock))
export const has_address = (block: Id<'VaBlock'>, va: Id<'Va'>): Condition =>
  or(shares_pages, block_of.at(va).eq(block))
/** Entries that forbid writing, since a child has the page too. */
export const cow = shared('cow', setOf(Va))
/**
 * Addresses of which a migration has locked a page: the one that it takes away, or the one that it has filled a hole
 * with. Whoever clears the entry meanwhile does not free that page: the migration has a reference until it ends.
 */
export const locked = shared('page_locked', setOf(Va))
/** References of faults of CPUs to the GPU's page of an address: vmf->page. */
export const page_refs = shared('page_refs', array(Va, setOf(Thread)))

/** va_block->lock and va_block->hmm.migrate_lock. */
export const block_lock = shared('va_block_lock', array(VaBlock, Mutex))
export const block_migrate_lock = shared('migrate_lock', array(VaBlock, Mutex))
/** va_space->lock */
export const va_space_lock = shared('va_space_lock', Rwsem)

/**
 * va_block->hmm.changed and uvm_thread_context()->hmm_invalidate_seqnum, from the moment at which the thread takes the
 * first over into the second: how much the two have grown since. It is only asked whether both have the same number.
 */
export const looking = shared('looking', array(VaBlock, optional(Thread)))
export const changed_since = shared('changed_since', array(VaBlock, saturating(0, 2)))
export const seqnum_since = shared('seqnum_since', array(VaBlock, saturating(0, 1)))

/** range.notifier_seq of a thread. */
export const intervals = mmuIntervals(Sub, {
  reader_waits,
  is_sampled: (): Condition =>
    and(
      splits,
      some(Thread, (thread) => notifier_seq.at(thread).isCurrent),
    ),
})
export const notifier_seq = shared('notifier_seq', array(Thread, intervals.IntervalSeq))
/** What a walk has read, for each thread: a page of either memory, without a reference. */
export const hmm_pfns = shared('hmm_pfns', array(Thread, struct('hmm_pfns', { ram: ram.Sample, vram: vram.Sample })))
/** va_block->hmm.notifier */
export const notifier = shared('notifier', array(VaBlock, Sub))

/** An entry of the page table of the block's GPUs. */
export const GpuPte = struct('gpu_pte', { to: oneOf('none', 'ram', 'vram'), ram: ram.Sample, vram: vram.Sample })
export const gpu_pte = shared('gpu_pte', array(VaBlock, array(Va, GpuPte)))
/** va_block->tracker: what was pushed to a channel of a GPU and is not done. A copy is done after the unmappings. */
export const unmapping = shared('unmapping', array(VaBlock, setOf(Va)))
export const copying = shared('copying', array(VaBlock, optional(Va)))
export const copies_to_gpu = shared('copies_to_gpu', array(VaBlock, Bool))

/** Which of an address's pages has what was written last. */
export const newest = ghost('newest', array(Va, struct('newest', { ram: Bool, vram: Bool })))

/** A GPU maps it. */
export const maps = (block: Id<'VaBlock'>, va: Id<'Va'>): Condition => gpu_pte.at(block).at(va).to.ne('none')

/** For a step: the GPU's entry is gone. */
export const clear_gpu_pte = (block: Id<'VaBlock'>, va: Id<'Va'>): void => {
  gpu_pte.at(block).at(va).to.set('none')
  gpu_pte.at(block).at(va).ram.set(ram.never)
  gpu_pte.at(block).at(va).vram.set(vram.never)
}
/** For a step: the GPU maps the page of system memory, or the one of the GPU. */
export const set_gpu_pte = (block: Id<'VaBlock'>, va: Id<'Va'>, to: 'ram' | 'vram'): void => {
  gpu_pte.at(block).at(va).to.set(to)
  if (to === 'ram') gpu_pte.at(block).at(va).ram.set(ram.at(va).now)
  else gpu_pte.at(block).at(va).vram.set(vram.at(va).now)
}

/** The channel has done all that was pushed for the block. */
export const tracker_is_done = (block: Id<'VaBlock'>): Condition =>
  and(unmapping.at(block).isEmpty, copying.at(block).isNone)

/** The bracket of a change in the block calls this notifier. */
export const overlaps = (block: Id<'VaBlock'>, sub: Id<'Sub'>): Condition => or(splits, notifier.at(block).eq(sub))
