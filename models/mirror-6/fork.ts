/** fork(): the child gets a copy of the page table, and neither may write what both have. */
import { Await, ForEach, Ghost, Idle, If, Local, Loop, not, procedure, Source, Step, thread } from 'hmmcheck'
import { copyOnePte, Va } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start } from './bracket.ts'
import { fork_invalidates, fork_locks_mmap, fork_protects_nonpresent, fork_protects_present } from './fork-fixes.ts'
import { child_lives, contents, mmap_write_lock, mmap_write_unlock, pte_of } from './processes.ts'
import { map_page, Range } from './state.ts'

const copy_one_pte = copyOnePte({
  dup_rmap: map_page,
  protect_present: fork_protects_present,
  protect_nonpresent: fork_protects_nonpresent,
})

const copy_page_range = procedure(
  'copy_page_range',
  [],
  () => {
    If(fork_invalidates, () => {
      const range = Local('range', Range, Range.empty)
      range.set(Range.all)
      invalidate_range_start(range)
    })
    ForEach(Va, (va) =>
      Step('copy_pte_range(): spin_lock(ptl) of both: set_pte_at()', () => {
        copy_one_pte(pte_of('parent', va), pte_of('child', va))
        Ghost(() => contents.inherit(va))
      }),
    )
    If(fork_invalidates, () => invalidate_range_end())
  },
  { source: '6.1 mm/memory.c copy_page_range' },
)

/** One child at a time. Nobody else has its mm before it runs, so that the lock of that is left out. */
export const fork = thread('fork', () => {
  Loop(() => {
    Idle()
    Source('6.1 kernel/fork.c dup_mmap', () => {
      Step('fork()', () => Await(not(child_lives)))
      If(fork_locks_mmap, () => mmap_write_lock())
      copy_page_range()
      If(fork_locks_mmap, () => mmap_write_unlock())
      Step('wake_up_new_task()', () => child_lives.set(true))
    })
  })
})
