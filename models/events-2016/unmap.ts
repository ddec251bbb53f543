/**
 * The operations that take pages away, or the right to write: munmap() and madvise(MADV_DONTNEED) of the process, the
 * kernel by the reverse map (reclaim, write-back), and clear_refs.
 */
import {
  and,
  atomic,
  Choose,
  Cover,
  current,
  Either,
  Ghost,
  Idle,
  If,
  IfSome,
  Let,
  Loop,
  none,
  not,
  or,
  procedure,
  setOf,
  Source,
  Step,
  thread,
  type Bool,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, mmget, mmput, Va } from 'hmmcheck/kernel'
import { accounted } from 'hmmcheck/properties'
import {
  clear_refs_mmap_sem,
  dirty_bits,
  dontneed_mmap_sem,
  munmap_mmap_sem,
  munmaps,
  rights,
  rmap_brackets,
  rmap_lock,
} from './fixes.ts'
import { acquired, mmap_sem, released, returned_unlocked } from './locks.ts'
import { contents, failed, get_page, held, mm, notifiers, owed, page_dirty, Pte, put_page } from './state.ts'
import {
  mmu_notifier_invalidate_page,
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from './update.ts'

/** pte_clear() */
const clear = (va: Id<'Va'>): Recorded =>
  mm.pte.at(va).set(Pte.value({ page: none, write: false, dirty: false, hmm: 'none' }))

/** A thread of the process does something at an address. */
function process_begins(locks: Bool): Id<'Va'> {
  const va = Choose('va', Va)
  mmget()
  returned_unlocked()
  If(locks, mmap_sem.wanted)
  return va
}

/**
 * The address is unmapped for good: page or special entry. The page is freed as soon as it is out of the page table,
 * the earliest there is.
 */
const zap_pte_range = (va: Id<'Va'>): Recorded =>
  Step('spin_lock(ptl): pte = ptep_get_and_clear_full(ptep); put_page()', () => {
    const { page } = mm.pte.at(va)
    const pte = Let('pte', page)
    clear(va)
    Ghost(() => {
      contents.discard(va)
      failed.remove(va)
    })
    IfSome(pte, (old) => {
      Ghost(() => Cover(accounted.reached))
      put_page(old)
    })
  })

const munmap = atomic('munmap', [], () => process_begins(munmap_mmap_sem))

const do_munmap = procedure(
  'do_munmap',
  [],
  () => {
    const va = munmap()
    If(munmap_mmap_sem, mmap_sem.down_write)
    mmu_notifier_invalidate_range_start(va, 'HMM_MUNMAP')
    zap_pte_range(va)
    Step('mmu_notifier_invalidate_range_end(); up_write(&mm->mmap_sem); mmput(mm)', () => {
      mmu_notifier_invalidate_range_end()
      If(munmap_mmap_sem, mmap_sem.up_write)
      mmput()
    })
  },
  { source: '4.5 mm/mmap.c do_munmap' },
)

const madvise = atomic('madvise', [], () => process_begins(dontneed_mmap_sem))

const madvise_dontneed = procedure(
  'madvise_dontneed',
  [],
  () => {
    const va = madvise()
    If(dontneed_mmap_sem, mmap_sem.down_read)
    mmu_notifier_invalidate_range_start(va, 'HMM_MUNMAP')
    zap_pte_range(va)
    Step('mmu_notifier_invalidate_range_end(); up_read(&mm->mmap_sem); mmput(mm)', () => {
      mmu_notifier_invalidate_range_end()
      If(dontneed_mmap_sem, mmap_sem.up_read)
      mmput()
    })
  },
  { source: '4.5 mm/madvise.c madvise_dontneed' },
)

/** The process gives memory back. */
export const unmap = thread('unmap', () => {
  Loop(() => {
    Idle()
    Source('the process', () =>
      If(munmaps, () =>
        Either(
          () => do_munmap(),
          () => madvise_dontneed(),
        ),
      ).Else(() => madvise_dontneed()),
    )
  })
})

/** A walk of the reverse map from a page that an entry leads to. */
const rmap_begins = (): Id<'Va'> => {
  const va = Choose('va', Va, (one) => mm.pte.at(one).page.isSome)
  returned_unlocked()
  If(rmap_lock, () => {
    acquired('anon_vma->rwsem')
    notifiers.rmap_lock()
  })
  return va
}

const rmap_walk = atomic('rmap_walk', [], rmap_begins)

/** The entry is cleared. Its page is held until it is saved and freed. */
const try_to_unmap_one = (va: Id<'Va'>): Recorded =>
  Step('spin_lock(ptl): pte = ptep_clear_flush(ptep)', () => {
    const { page, dirty } = mm.pte.at(va)
    Ghost(() => {
      If(not(rmap_brackets), () => {
        owed.at(current).va.set(va)
        owed.at(current).devices.set(setOf(Device).all)
      })
    })
    IfSome(page, (old) => {
      held.at(current).set(old)
      // It goes to swap in this very step; what is marked dirty afterwards is saved once more.
      If(or(not(dirty_bits), dirty, page_dirty.has(old)), () => {
        page_dirty.remove(old)
        Ghost(() => contents.page_out(old, va))
      })
      clear(va)
    })
  })

/** Reclaim: the page is unmapped, saved if it is dirty, and freed. */
const try_to_unmap = procedure(
  'try_to_unmap',
  [],
  () => {
    const va = rmap_walk()
    If(rmap_brackets, () => {
      mmu_notifier_invalidate_range_start(va, 'HMM_MIGRATE')
      try_to_unmap_one(va)
    }).Else(() => {
      try_to_unmap_one(va)
      mmu_notifier_invalidate_page(va)
    })
    Step('mmu_notifier_invalidate_range_end(); pageout(); put_page(page)', () => {
      If(rmap_brackets, () => mmu_notifier_invalidate_range_end())
      IfSome(held.at(current), (page) => {
        Ghost(() => {
          Cover(accounted.reached)
          If(dirty_bits, () => {
            If(page_dirty.has(page), () => contents.page_out(page, va))
          })
        })
        held.at(current).set(none)
        put_page(page)
      })
      If(rmap_lock, () => {
        released('anon_vma->rwsem')
        notifiers.rmap_unlock()
      })
    })
  },
  { source: '4.5 mm/vmscan.c shrink_page_list, mm/rmap.c try_to_unmap_one' },
)

const clear_page_dirty_for_io = atomic('clear_page_dirty_for_io', [], rmap_begins)

/** Write-back: the page is write-protected, and saved if it is dirty. */
const page_mkclean = procedure(
  'page_mkclean',
  [],
  () => {
    const va = clear_page_dirty_for_io()
    mmu_notifier_invalidate_range_start(va, 'HMM_WRITE_PROTECT')
    Step('spin_lock(ptl): entry = pte_mkclean(pte_wrprotect(entry)); set_page_dirty()', () => {
      const { page, write, dirty } = mm.pte.at(va)
      IfSome(page, (one) => {
        held.at(current).set(one)
        get_page(one)
        If(dirty, () => page_dirty.add(one))
      })
      write.set(false)
      dirty.set(false)
    })
    Step('mmu_notifier_invalidate_range_end(); if (TestClearPageDirty(page)) writepage(page); put_page(page)', () => {
      mmu_notifier_invalidate_range_end()
      IfSome(held.at(current), (page) => {
        If(page_dirty.has(page), () => {
          page_dirty.remove(page)
          Ghost(() => contents.page_out(page, va))
        })
        held.at(current).set(none)
        put_page(page)
      })
      If(rmap_lock, () => {
        released('anon_vma->rwsem')
        notifiers.rmap_unlock()
      })
    })
  },
  { source: '4.5 mm/page-writeback.c clear_page_dirty_for_io, mm/rmap.c page_mkclean_one' },
)

/** The kernel, which comes from the page and knows nothing of mmap_sem. */
export const reclaim = thread('reclaim', () => {
  Loop(() => {
    Idle()
    Source('4.5 mm/vmscan.c shrink_page_list', () =>
      If(and(rights, dirty_bits), () =>
        Either(
          () => try_to_unmap(),
          () => page_mkclean(),
        ),
      ).Else(() => try_to_unmap()),
    )
  })
})

const clear_refs = atomic('clear_refs', [], () => process_begins(clear_refs_mmap_sem))

/**
 * /proc/PID/clear_refs: soft-dirty tracking begins anew, so that the next write must fault. The page table is changed
 * as for write-back, and nothing is saved.
 */
const clear_refs_write = procedure(
  'clear_refs_write',
  [],
  () => {
    const va = clear_refs()
    If(clear_refs_mmap_sem, mmap_sem.down_read)
    mmu_notifier_invalidate_range_start(va, 'HMM_ISDIRTY')
    Step('clear_soft_dirty(): spin_lock(ptl): ptent = pte_wrprotect(ptent)', () => mm.pte.at(va).write.set(false))
    Step('mmu_notifier_invalidate_range_end(); flush_tlb_mm(mm); up_read(&mm->mmap_sem); mmput(mm)', () => {
      mmu_notifier_invalidate_range_end()
      If(clear_refs_mmap_sem, mmap_sem.up_read)
      mmput()
    })
  },
  { source: '4.5 fs/proc/task_mmu.c clear_refs_write' },
)

/** Somebody who watches what the process writes. */
export const clear_refs_writer = thread('clear_refs', () => {
  Loop(() => {
    Idle()
    clear_refs_write()
  })
})

/** Somebody with a reference of his own (get_user_pages): he writes to the page at any time. */
const get_user_pages = atomic('get_user_pages', [], () => {
  const va = Choose('va', Va, (one) => and(mm.pte.at(one).page.isSome, mm.pte.at(one).write))
  IfSome(mm.pte.at(va).page, (page) => {
    held.at(current).set(page)
    get_page(page)
  })
  return va
})

const direct_io = procedure(
  'direct_io',
  [],
  () => {
    const va = get_user_pages()
    Step('DMA writes to the pinned page', () => {
      Ghost(() => {
        IfSome(held.at(current), (page) => contents.write(page, va))
      })
    })
    Step('put_page(page)', () => {
      IfSome(held.at(current), (page) => {
        held.at(current).set(none)
        put_page(page)
      })
    })
  },
  { source: '4.5 mm/gup.c get_user_pages, fs/direct-io.c' },
)

export const pin = thread('pin', () => {
  Loop(() => {
    Idle()
    direct_io()
  })
})
