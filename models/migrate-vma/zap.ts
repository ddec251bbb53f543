/**
 * MADV_DONTNEED: takes what is mapped out of the page table, with mmap_sem held for reading only, beside a migration
 * of the same range.
 */
import {
  and,
  Assert,
  atomic,
  Choose,
  Cover,
  current,
  every,
  ForEach,
  Ghost,
  Idle,
  If,
  IfSome,
  Let,
  Loop,
  Match,
  none,
  procedure,
  Reused,
  some,
  Step,
  Thread,
  threadPer,
  whenIs,
  type Bool,
  type Id,
  type Recorded,
  type ValueOf,
} from 'hmmcheck'
import { Cpu, down_read, flush_tlb_page, is_present_entry, leaf_section, SwapPte, up_read, Va } from 'hmmcheck/kernel'
import { flushed } from 'hmmcheck/properties'
import { invalidate_range_end, invalidate_range_start } from './brackets.ts'
import { cpu_tlb, flush_nested, pte_lock, swaps, zap_bracket, zap_flush, zap_mmap_sem } from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import { contents, held, mm, page_remove_rmap, put_page, swap_cache, tlb, tlb_flush_pending, Zapper } from './state.ts'

/**
 * zap_pte_range(): what was there. A migration entry holds nothing that could be given back, and no page lock is
 * needed to take it away; device memory is put at once; a page that CPUs may have cached is put when they have
 * forgotten it.
 */
const zap_pte = (va: Id<'Va'>, pte: ValueOf<typeof SwapPte>): void => {
  Match(
    pte,
    {
      present: ({ page }) => {
        page_remove_rmap(page)
        held.at(current).set(page)
      },
      device_private: ({ page }) => {
        page_remove_rmap(page)
        put_page(page)
      },
    },
    () => undefined,
  )
  mm.pte.at(va).set(SwapPte.none)
  Ghost(() => contents.discard(va))
  If(swaps, () => {
    IfSome(swap_cache.at(va), (page) => put_page(page))
    swap_cache.at(va).set(none)
  })
}

/** No CPU has cached anything of the address that is not in the page table. */
const no_stale_translation = (va: Id<'Va'>): Bool =>
  every(Cpu, (cpu) => whenIs(tlb.at(cpu).at(va), 'cached', ({ page }) => is_present_entry(mm.pte.at(va), page)))

/** mm_tlb_flush_nested(): somebody else, too, has taken entries away and not yet flushed. */
const mm_tlb_flush_nested = (): Bool => some(Thread, (thread) => and(thread.ne(current), tlb_flush_pending.has(thread)))

/** tlb_gather_mmu(): from now on this thread may owe a flush. */
const tlb_gather_mmu = (): Recorded => If(cpu_tlb, () => tlb_flush_pending.add(current))

/**
 * tlb_finish_mmu(): what this thread took away is flushed, then freed. Beside a second one that has not flushed yet,
 * all is flushed: of an entry that this thread found empty, the flush may be what the other still owes.
 */
const tlb_finish_mmu = (va: Id<'Va'>): void => {
  If(and(cpu_tlb, zap_flush, flush_nested, mm_tlb_flush_nested()), () =>
    ForEach(Va, (one) => {
      flush_tlb_page(tlb, one)
    }),
  )
  IfSome(held.at(current), (page) => {
    If(and(cpu_tlb, zap_flush), () => flush_tlb_page(tlb, va))
    put_page(page)
  })
  held.at(current).set(none)
  If(cpu_tlb, () => tlb_flush_pending.remove(current))
}

const madvise_dontneed = atomic('madvise_dontneed', [], () => {
  const va = Choose('va', Va)
  returned_unlocked()
  return va
})

export const zap_page_range = procedure(
  'zap_page_range',
  [],
  () => {
    const va = madvise_dontneed()
    If(zap_mmap_sem, () => down_read(mm.mmap_sem))
    Step('tlb_gather_mmu(); mmu_notifier_invalidate_range_start(MMU_NOTIFY_CLEAR)', () => {
      tlb_gather_mmu()
      invalidate_range_start(va, zap_bracket)
    })
    leaf_section(
      'zap_pte_range(): spin_lock(ptl): ptep_get_and_clear(); mmu_notifier_invalidate_range_end()',
      pte_lock,
      () => {
        const pte = Let('pte', mm.pte.at(va))
        Reused(pte, 'without the page table lock the entry may have changed: what the variant shows')
        Step('ptep_get_and_clear(); mmu_notifier_invalidate_range_end()', () => {
          zap_pte(va, pte)
          invalidate_range_end(va)
        })
      },
    )
    Step('tlb_finish_mmu(); mmap_read_unlock(mm)', () => {
      tlb_finish_mmu(va)
      Ghost(() => Cover(flushed.reached))
      Assert(
        flushed.property,
        no_stale_translation(va),
        'MADV_DONTNEED returns, and a CPU goes on with what it took away',
      )
      If(zap_mmap_sem, () => up_read(mm.mmap_sem))
    })
  },
  { source: '6.1 mm/memory.c zap_page_range_single' },
)

export const dontneed = threadPer(Zapper, 'dontneed', () => {
  Loop(() => {
    Idle()
    zap_page_range()
  })
})
