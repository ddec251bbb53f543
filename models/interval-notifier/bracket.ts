/**
 * Who changes the page table: in a bracket that may block, in one that must not, or in a fault under its VMA's
 * lock.
 */
import {
  and,
  Assert,
  Bool,
  Choose,
  Cover,
  current,
  every,
  ForEach,
  Ghost,
  Idle,
  If,
  implies,
  Local,
  Loop,
  no,
  not,
  procedure,
  setOf,
  some,
  Step,
  thread,
  threadPer,
  yes,
  type Id,
  type PlaceOf,
  type Sample,
  type SetPlace,
} from 'hmmcheck'
import { Cpu, mn_itree_invalidate, mmuNotifierList, Va } from 'hmmcheck/kernel'
import { invalidate, invalidate_finish } from './callback.ts'
import {
  classic_listed,
  failed_list_ends,
  finish_before_change,
  passes,
  refused_list_ends,
  refused_tree_ends,
  registers,
  subscribes,
} from './fixes.ts'
import { balanced_brackets, zapped_before_change } from './properties.ts'
import {
  brackets,
  device_pte,
  failing,
  interval,
  intervals,
  mm_locks,
  non_blockable,
  Notifier,
  pte,
  Sub,
  told,
  vma_locks,
} from './state.ts'

/** The classic list: notifiers that count brackets, as KVM does, and one that fails where it must not block. */
export const classic = mmuNotifierList(
  Notifier,
  {
    invalidate_range_start: (one) => {
      const done = Step('ops->invalidate_range_start()', () => {
        If(not(failing.has(one)), () => told.at(one).add(current))
        return not(and(failing.has(one), non_blockable.has(current)))
      })
      return done
    },
    invalidate_range_end: (one) => Step('ops->invalidate_range_end()', () => told.at(one).remove(current)),
    has_end: (one) => not(failing.has(one)),
  },
  failed_list_ends,
)

/** The lock under which a page table is changed, and whether the bracket may block. */
interface Kind {
  readonly locked: typeof mm_locks
  readonly blockable: boolean
}

/** __mmu_notifier_invalidate_range_start(): says whether somebody has refused. */
const range_start = (va: Id<'Va'>, { blockable }: Kind, late: SetPlace<typeof Sub>): PlaceOf<typeof Bool> => {
  const may_block = blockable ? yes : no
  const ops = {
    overlaps: (one: Id<'Sub'>) => interval.at(one).eq(va),
    blockable: may_block,
    invalidate: (one: Id<'Sub'>, cur_seq: Sample<'invalidate_seq'>) => invalidate(one, may_block, cur_seq),
  }
  const invalidate_finish_or_later = (one: Id<'Sub'>): void => {
    If(finish_before_change, () => invalidate_finish(one)).Else(() => late.add(one))
  }
  const two_pass_ops = { ...ops, invalidate_finish: invalidate_finish_or_later }
  const refused = Local('refused', Bool, false)
  const ends = blockable ? no : refused_tree_ends
  If(subscribes, () =>
    If(passes.eq('two'), () => refused.set(mn_itree_invalidate(Sub, intervals, two_pass_ops, ends))).Else(() =>
      refused.set(mn_itree_invalidate(Sub, intervals, ops, ends)),
    ),
  ).Else(() => {
    const cur_seq = Local('cur_seq', intervals.CurSeq)
    intervals.mn_itree_inv_start_range(ops.overlaps, cur_seq)
  })
  If(classic_listed, () =>
    If(not(refused), () => {
      const failed = classic.mn_hlist_invalidate_range_start(may_block)
      if (!blockable)
        If(failed, () => {
          If(refused_list_ends, () => intervals.mn_itree_inv_end())
          refused.set(true)
        })
    }),
  )
  return refused
}

/** __mmu_notifier_invalidate_range_end(), if somebody has registered by now. */
const range_end = (started: Bool): void => {
  If(registers, () => {
    const ends = Local('ends', Bool)
    Step('mm_has_notifiers()', () => {
      ends.set(intervals.has_itree)
      Assert(balanced_brackets.property, implies(ends, started), 'an end of a bracket that had no start')
    })
    If(ends, () => intervals.mn_itree_inv_end())
  }).Else(() => intervals.mn_itree_inv_end())
  If(classic_listed, () => classic.mn_hlist_invalidate_end())
}

/** One change of one entry. */
const changes = (name: string, source: string, kind: Kind) =>
  procedure(
    name,
    [],
    () => {
      const va = Local('va', Va)
      const started = Local('started', Bool, true)
      const late = Local('late', setOf(Sub), setOf(Sub).empty)
      const leave = (): void => {
        brackets.remove(current)
        If(registers, () => kind.locked.remove(current))
        if (!kind.blockable) non_blockable.remove(current)
      }
      Step('mmu_notifier_range_init()', () => {
        const at = Choose('at', Va)
        va.set(at)
        brackets.add(current)
        If(registers, () => kind.locked.add(current))
        if (!kind.blockable) non_blockable.add(current)
      })
      If(registers, () => Step('mm_has_notifiers()', () => started.set(intervals.has_itree)))
      const refused = Local('refused', Bool, false)
      If(started, () => refused.set(range_start(va, kind, late)))
      const change = (): void => {
        Step('ptep_get_and_clear()', () => {
          Ghost(() =>
            Cover(
              zapped_before_change.reached,
              some(Sub, (one) => and(interval.at(one).eq(va), intervals.is_in_tree(one))),
            ),
          )
          Assert(
            zapped_before_change.property,
            every(Sub, (one) => implies(interval.at(one).eq(va), not(device_pte.at(one).mapped))),
            'the device still has an entry',
          )
          pte.at(va).bump()
        })
        If(not(finish_before_change), () => ForEach(Sub, (one) => If(late.has(one), () => invalidate_finish(one))))
        range_end(started)
        Step('the bracket is over', leave)
      }
      // One that may block is not refused: mn_itree_invalidate() would call it misuse.
      if (kind.blockable) change()
      else If(refused, () => Step('-EAGAIN', leave)).Else(change)
    },
    { source },
  )

const zap_page_range = changes('zap_page_range', '6.1 mm/memory.c zap_page_range', {
  locked: mm_locks,
  blockable: true,
})
const oom_reap_task_mm = changes('oom_reap_task_mm', '6.1 mm/oom_kill.c __oom_reap_task_mm', {
  locked: mm_locks,
  blockable: false,
})
const wp_page_copy = changes('wp_page_copy', '6.4 mm/memory.c wp_page_copy', { locked: vma_locks, blockable: true })

const again = (change: () => unknown) => (): void => {
  Loop(() => {
    Idle()
    change()
  })
}
/** Changes of the page table under mmap_lock, without end. */
export const zap = threadPer(Cpu, 'zap', again(zap_page_range))
/** The OOM reaper, whose brackets must not block. */
export const reap = thread('reap', again(oom_reap_task_mm))
/** A fault that copies a page under the lock of its VMA alone. */
export const cow = thread('cow', again(wp_page_copy))
