/**
 * The end of an address space, in its order (mm/mmap.c exit_mmap(), mm/mmu_notifier.c): the notifiers, the page table, its
 * pages.
 */
import { Source, Step, yes, type Bool as Condition, type Id, type Sample, type SortType } from '../language/index.ts'
import { mm_state } from './mm-users.ts'
import { mn_itree_invalidate, type Intervals } from './range-start.ts'

/**
 * The pass of the release over the interval notifiers: a bracket that may block, over all addresses, in which nothing
 * is changed. Each stays where it is, and is called again when its range is unmapped. The classic list is not called.
 *
 * @param Subscription the sort that `mmuIntervals` was made of
 * @param intervals what it gave
 * @param invalidate the callback; it may not refuse
 */
export function mn_itree_release<const Sort extends string>(
  Subscription: SortType<Sort>,
  intervals: Intervals<Sort>,
  invalidate: (subscription: Id<Sort>, cur_seq: Sample<'invalidate_seq'>) => Condition,
): void {
  Source('6.1 mm/mmu_notifier.c mn_itree_release', () => {
    mn_itree_invalidate(Subscription, intervals, { overlaps: () => yes, blockable: yes, invalidate })
    intervals.mn_itree_inv_end()
  })
}

/** The parts of `exit_mmap`: what a model has of each. One that is left out does nothing. */
export interface ExitMmap {
  /** The interval notifiers, first: `mn_itree_release`. */
  readonly mn_itree_release?: () => void
  /** The classic ones, which are called no more after it: `mn_hlist_release` of `mmuNotifierList`. */
  readonly mn_hlist_release?: () => void
  /** One bracket around the change of all entries. A page is not put here: CPUs may have cached the entry. */
  readonly unmap_vmas: () => void
  /** For a step: what was unmapped is put, after the end of the bracket. */
  readonly tlb_finish_mmu: () => void
}

/**
 * exit_mmap(): for the thread that has dropped the last reference of mm_users (`exit_mm`, `mmput_and_exit`), or for one
 * that stands for whoever it was (`exit_begins`). Files of the process are no part of it: exit_files() comes later in
 * the thread that exits, but earlier than all of this where somebody else drops the last reference.
 *
 * @param parts the parts, which are done one after the other
 */
export function exit_mmap(parts: ExitMmap): void {
  Source('6.1 mm/mmu_notifier.c __mmu_notifier_release', () => {
    parts.mn_itree_release?.()
    parts.mn_hlist_release?.()
  })
  Source('6.1 mm/memory.c unmap_vmas', () => parts.unmap_vmas())
  Source('6.1 mm/mmap.c exit_mmap', () =>
    Step('free_pgtables(); tlb_finish_mmu()', () => {
      parts.tlb_finish_mmu()
      mm_state.set('exited')
    }),
  )
}
