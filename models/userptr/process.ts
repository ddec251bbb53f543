/** The process: it unmaps its memory, lets go of its pages, maps anew; and reclaim, which takes pages from it. */
import {
  and,
  Assert,
  Await,
  Choose,
  current,
  Either,
  every,
  Held,
  Idle,
  If,
  IfSome,
  implies,
  Local,
  Loop,
  none,
  not,
  or,
  procedure,
  some,
  Step,
  thread,
  threadPer,
  yes,
  type Bool,
  type Id,
} from 'hmmcheck'
import { Cpu, mn_itree_invalidate, Page, points_to, Va } from 'hmmcheck/kernel'
import { invalidate } from './callback.ts'
import { driver } from './fixes.ts'
import { stopped_before_change } from './properties.ts'
import {
  address,
  Bo,
  evicted,
  folio_lock,
  folio_unlock,
  get_page,
  gpu_pte,
  intervals,
  List,
  listed,
  mm_readers,
  page_table,
  put_page,
  running,
  vmas,
} from './state.ts'

/** The GPU works on a job that lists the buffer, or on a queue of the process. */
const is_in_use = (bo: Id<'Bo'>): Bool =>
  or(
    some(List, (list) => and(running.has(list), listed.at(list).eq(bo))),
    and(driver.eq('kfd'), evicted.eq(0)),
  )

/**
 * i915 before 5.10 has no number to ask: what a submission pins between the callback and the change stays in use, as in
 * G6-80. It is pinned.
 */
const promises_less = driver.eq('i915-5.0')

/** Takes the page out of the page table, in a bracket; the entry's reference goes with it. */
const zap = (va: Id<'Va'>): void => {
  mn_itree_invalidate(Bo, intervals, {
    overlaps: (bo) => address.at(bo).eq(va),
    blockable: yes,
    invalidate,
  })
  Step('ptep_get_and_clear()', () =>
    IfSome(page_table.at(va), (page) => {
      Assert(
        stopped_before_change.property,
        or(
          promises_less,
          every(Bo, (bo) => implies(points_to(gpu_pte.at(bo), page), not(is_in_use(bo)))),
        ),
        'a job or a queue still uses the page',
      )
      page_table.at(va).set(none)
      put_page(page)
    }),
  )
  intervals.mn_itree_inv_end()
}

const munmap = procedure(
  'munmap',
  [],
  () => {
    const va = Step('detach_vmas_to_be_unmapped()', () => {
      Await(mm_readers.isEmpty)
      const at = Choose('at', Va, (one) => vmas.has(one))
      vmas.remove(at)
      mm_readers.add(current)
      return at
    })
    zap(va)
    Step('mmap_read_unlock()', () => mm_readers.remove(current))
  },
  { source: '6.1 mm/mmap.c do_mas_align_munmap' },
)
const madvise = procedure(
  'madvise',
  [],
  () => {
    const va = Step('madvise_dontneed_single_vma()', () => {
      const at = Choose('at', Va, (one) => vmas.has(one))
      mm_readers.add(current)
      return at
    })
    zap(va)
    Step('mmap_read_unlock()', () => mm_readers.remove(current))
  },
  { source: '6.1 mm/madvise.c madvise_dontneed_single_vma' },
)
const mmap = procedure(
  'mmap',
  [],
  () =>
    Step('vma_mas_store()', () => {
      Await(mm_readers.isEmpty)
      const at = Choose('at', Va, (one) => not(vmas.has(one)))
      vmas.add(at)
    }),
  { source: '6.1 mm/mmap.c mmap_region' },
)

/** Threads of the process that change its memory, without end. */
export const zapper = threadPer(Cpu, 'zap', () => {
  Loop(() => {
    Idle()
    Either(
      () => munmap(),
      () => madvise(),
      () => mmap(),
    )
  })
})

/** Reclaim or migration of a page: under its lock it takes the page out of the page table. */
export const shrink_folio_list = procedure(
  'shrink_folio_list',
  [],
  () => {
    const va = Local('va', Va)
    const page = Local('page', Page)
    Step('isolate_lru_folio()', () => {
      const at = Choose('at', Va, (one) => page_table.at(one).isSome)
      va.set(at)
      IfSome(page_table.at(at), (found) => {
        page.set(found)
        get_page(found)
      })
    })
    Held(page, 'the reference of isolate_lru_folio()')
    folio_lock(page)
    If(page_table.at(va).eq(page), () => zap(va))
    folio_unlock(page)
    put_page(page)
  },
  { source: '6.1 mm/vmscan.c shrink_folio_list' },
)

export const reclaim = thread('reclaim', () => {
  Loop(() => {
    Idle()
    shrink_folio_list()
  })
})
