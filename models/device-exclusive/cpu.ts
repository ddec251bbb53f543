/** A CPU that runs a thread of the process, and the threads that change the entry otherwise. */
import {
  and,
  Assert,
  Bool,
  Choose,
  Cover,
  current,
  Either,
  Ghost,
  Idle,
  If,
  IfIs,
  Local,
  Loop,
  Match,
  not,
  or,
  isCaseAnd,
  Source,
  Step,
  thread,
  threadPer,
  type Bool as Condition,
} from 'hmmcheck'
import {
  Cpu,
  ExclusivePte,
  mmap_write_lock,
  mmap_write_unlock,
  protect_exclusive_pte,
  zap_exclusive_pte,
} from 'hmmcheck/kernel'
import { newest_value, no_use_after_free } from 'hmmcheck/properties'
import { invalidate_range_end, invalidate_range_start, taken_away } from './bracket.ts'
import { handle_mm_fault, mm_of_fault, options, put_gathered } from './fault.ts'
import { protect_invalidates } from './fixes.ts'
import { not_poisoned } from './properties.ts'
import {
  contents,
  gather,
  is_free,
  mmap_lock,
  out_of_use,
  page_remove_rmap,
  protected_by_now,
  pte,
  read_lock,
  read_unlock,
  vma_read_only,
} from './state.ts'

/** The access as it stands now: it goes through, or faults. */
const allowed = (write: Condition): Condition =>
  or(
    isCaseAnd(pte, 'present', (entry) => entry.write),
    and(not(write), pte.is('present')),
  )

const page_fault = (): void => {
  const write = Local('write', Bool)
  Step('page_fault', () => {
    const writes = Choose('writes', Bool, (one) => not(allowed(one)))
    write.set(writes)
  })
  read_lock()
  handle_mm_fault(write)
  read_unlock()
}

/** Translation and access are one transition. */
const access = (): void => {
  Step('the CPU reads or writes', () => {
    const write = Choose('write', Bool, allowed)
    IfIs(pte, 'present', ({ page }) => {
      Assert(no_use_after_free.property, not(is_free(page)), 'the CPU uses a page that was freed')
      Assert(not_poisoned.property, not(out_of_use.has(page)), 'the CPU uses a page that has failed')
      Ghost(() => Cover(newest_value.reached))
      Assert(newest_value.property, contents.is_newest(page), 'the CPU reads an old value')
      If(write, () => Ghost(() => contents.write(page)))
    })
  })
}

export const cpu = threadPer(Cpu, 'cpu', () => {
  Source('the CPU', () =>
    Loop(() => {
      Idle()
      Either(page_fault, access)
    }),
  )
})

/** MADV_DONTNEED, with mmap_lock for reading like a fault. A present page is put when no CPU can have it cached. */
export const dontneed = thread('dontneed', () => {
  Loop(() => {
    Idle()
    Source('6.1 mm/memory.c zap_page_range_single', () => {
      read_lock()
      invalidate_range_start()
      Step('zap_pte_range(): spin_lock(ptl): ptep_get_and_clear()', () => {
        Match(
          pte,
          {
            present: ({ page }) => {
              taken_away(page)
              page_remove_rmap(page)
              gather.at(current).set(page)
              pte.set(ExclusivePte.none)
            },
            device_exclusive: ({ page }) => {
              taken_away(page)
              zap_exclusive_pte(mm_of_fault, page, options)
            },
          },
          () => pte.set(ExclusivePte.none),
        )
        Ghost(() => contents.discard())
      })
      invalidate_range_end()
      put_gathered()
      read_unlock()
    })
  })
})

const change_protection = (): void => {
  Step('change_pte_range(): spin_lock(ptl)', () => {
    IfIs(pte, 'present', ({ page }) => pte.set(ExclusivePte.present({ page, write: false })))
    protect_exclusive_pte(mm_of_fault, options)
  })
}
/** mprotect(PROT_READ), and mprotect(PROT_READ | PROT_WRITE) again. */
export const protect = thread('mprotect', () => {
  Loop(() => {
    Idle()
    Source('6.1 mm/mprotect.c mprotect_fixup', () => {
      mmap_write_lock(mmap_lock)
      Step('vma->vm_flags &= ~VM_WRITE', () => vma_read_only.set(true))
      If(protect_invalidates, () => invalidate_range_start())
      change_protection()
      If(protect_invalidates, () => invalidate_range_end())
      Step('mprotect() returns', () => {
        Ghost(() => protected_by_now.set(true))
        mmap_write_unlock(mmap_lock)
      })
    })
    Idle()
    Source('6.1 mm/mprotect.c mprotect_fixup', () => {
      mmap_write_lock(mmap_lock)
      Step('vma->vm_flags |= VM_WRITE; mprotect() returns', () => {
        vma_read_only.set(false)
        Ghost(() => protected_by_now.set(false))
        mmap_write_unlock(mmap_lock)
      })
    })
  })
})
