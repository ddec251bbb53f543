/** fork(), and the child's end. */
import {
  Assert,
  Idle,
  If,
  IfSome,
  Local,
  Loop,
  Break,
  Match,
  none,
  not,
  optional,
  or,
  Reused,
  Source,
  Step,
  thread,
  yes,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import {
  ExclusivePte,
  mmap_write_lock,
  mmap_write_unlock,
  Page,
  restore_exclusive_pte,
  try_restore_exclusive_pte,
} from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start, taken_away } from './bracket.ts'
import { mm_of_fault, options } from './fault.ts'
import { fork_invalidates, fork_restores, fork_trylocks, fork_waits } from './fixes.ts'
import { forks_always } from './properties.ts'
import { child_pte, folio_wait_locked, map_page, mmap_lock, page_remove_rmap, pte, put_page } from './state.ts'

/** copy_present_pte(): both processes have the page, and neither may write. */
const copy_present_pte = (page: Id<'Page'>): void => {
  taken_away(page)
  map_page(page)
  child_pte.set(page)
  pte.set(ExclusivePte.present({ page, write: not(yes) }))
}

/** copy_nonpresent_pte() of an exclusive entry. `busy` has its page where that is locked: -EBUSY. */
const copy_exclusive_pte = (page: Id<'Page'>, busy: PlaceOf<ReturnType<typeof optional<typeof Page>>>): void => {
  If(fork_restores, () =>
    If(fork_trylocks, () => {
      const restored = try_restore_exclusive_pte(mm_of_fault, page, options)
      If(restored, () => copy_present_pte(page)).Else(() => busy.set(page))
    }).Else(() => {
      restore_exclusive_pte(mm_of_fault, page, options)
      copy_present_pte(page)
    }),
  ).Else(() => {
    map_page(page)
    child_pte.set(page)
  })
}

const dup_mmap = (busy: PlaceOf<ReturnType<typeof optional<typeof Page>>>): void => {
  If(fork_invalidates, () => invalidate_range_start())
  Step('copy_pte_range(): spin_lock(ptl)', () => {
    busy.set(none)
    Match(
      pte,
      {
        present: ({ page }) => copy_present_pte(page),
        device_exclusive: ({ page }) => copy_exclusive_pte(page, busy),
      },
      () => undefined,
    )
  })
  If(fork_invalidates, () => invalidate_range_end())
}

/** Of the child nothing matters but that it has the page. */
const child_exits = (): void => {
  Step('the child exits: zap_pte_range()', () => {
    IfSome(child_pte, (page) => {
      page_remove_rmap(page)
      put_page(page)
    })
    child_pte.set(none)
  })
}

export const fork = thread('fork', () => {
  Loop(() => {
    Idle()
    Source('6.1 kernel/fork.c dup_mmap', () => {
      const busy = Local('busy', optional(Page), none)
      mmap_write_lock(mmap_lock)
      Loop(() => {
        dup_mmap(busy)
        If(or(busy.isNone, not(fork_waits)), () => Break())
        IfSome(busy, (page) => {
          Reused(page, 'whoever has it by then may be waited for')
          folio_wait_locked(page)
        })
      })
      mmap_write_unlock(mmap_lock)
      Step('fork() returns', () => {
        Assert(forks_always.property, busy.isNone, 'fork() fails with -ENOMEM for a page that is locked')
        busy.set(none)
      })
    })
    Idle()
    Source('6.1 mm/mmap.c exit_mmap', child_exits)
  })
})
