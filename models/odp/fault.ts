/** A page fault of the device: it reads the entry, maps the page, and writes the device's table. */
import {
  and,
  Assert,
  Bool,
  Break,
  Continue,
  Cover,
  Ghost,
  If,
  IfIs,
  isCaseAnd,
  Local,
  Loop,
  no,
  not,
  or,
  procedure,
  Reused,
  Step,
  yes,
  type Id,
  type PlaceOf,
  type ValueOf,
} from 'hmmcheck'
import {
  hmm_range_fault,
  HmmPfn,
  type HmmRange,
  HmmRequest,
  type HmmResult,
  is_present_entry,
  mutex_lock,
  mutex_unlock,
  SwapPte,
} from 'hmmcheck/kernel'
import { snapshot_is_valid } from 'hmmcheck/properties'
import { commit_checks_seq, commit_lock, counts_once, mapped, private_array } from './fixes.ts'
import { counts_pages, maps_once } from './properties.ts'
import {
  dereference,
  dma_list,
  dma_mappings,
  dma_mapped,
  intervals,
  Mr,
  npages,
  pages,
  pfn_list,
  pte,
  umem_mutex,
} from './state.ts'
import { mlx5r_umr_update_xlt } from './umem.ts'

/** The process gets a page if it has none. */
const handle_mm_fault = (): Bool => {
  Step('handle_mm_fault()', () =>
    If(pte.is('none'), () => {
      const page = pages.alloc_page()
      pte.set(SwapPte.present({ page, write: yes, dirty: no }))
    }),
  )
  return yes
}

/** What a call reads: a page for writing, or what is there; while the number of the subscription is the same. */
interface Asked {
  readonly request: ValueOf<typeof HmmRequest>
  readonly check_retry: () => Bool
}
const range_of = ({ request, check_retry }: Asked): Omit<HmmRange, 'hmm_pfns'> => ({
  pte: () => pte,
  request: () => request,
  check_retry,
  handle_mm_fault,
  migration_entry_wait: () => undefined,
})

/** Into the array of the region: others read and write it between the load of an entry and its store. */
const fault_into_pfn_list = (mr: Id<'Mr'>, asked: Asked): PlaceOf<typeof HmmResult> => {
  const loaded = Local('loaded', HmmPfn)
  const inout = Local('inout', Bool)
  Reused(loaded, 'the array that it is stored in is shared: mmu_interval_read_retry() does not help')
  return hmm_range_fault({
    ...range_of(asked),
    hmm_pfns: () => pfn_list.at(mr),
    loaded,
    on_load: () => inout.set(and(mapped.eq('pfn_list'), dma_mapped.has(mr))),
    on_store: () => {
      dereference(mr, 'hmm_vma_handle_pte()')
      If(mapped.eq('pfn_list'), () => If(inout, () => dma_mapped.add(mr)).Else(() => dma_mapped.remove(mr)))
    },
  })
}

/** Counts the page, and maps it for DMA. */
const dma_map = (mr: Id<'Mr'>): void => {
  Ghost(() => {
    Assert(
      snapshot_is_valid.property,
      isCaseAnd(pfn_list.at(mr), 'valid', ({ page }) => is_present_entry(pte, page)),
      'the entry that was read has changed',
    )
  })
  Assert(maps_once.property, not(dma_mappings.has(mr)), 'a page is mapped twice: the first mapping is lost')
  dma_mappings.add(mr)
  IfIs(pfn_list.at(mr), 'valid', ({ page }) => dma_list.at(mr).set(page))
}
const count_page = (mr: Id<'Mr'>): void => {
  Assert(counts_pages.property, npages.at(mr).eq(0), 'npages counts a page twice')
  npages.at(mr).increment()
}

/** ib_umem_odp_map_dma_single_page(): what has an address stays as it is. */
const map_by_dma_list = (mr: Id<'Mr'>): void => {
  Step('ib_umem_odp_map_dma_single_page()', () => {
    dereference(mr, 'ib_umem_odp_map_dma_single_page()')
    If(dma_list.at(mr).isNone, () => {
      dma_map(mr)
      count_page(mr)
    })
  })
}
/** hmm_dma_map_pfn(): what has the flag stays as it is. */
const map_by_pfn_list = (mr: Id<'Mr'>): void => {
  Step('hmm_dma_map_pfn()', () => {
    dereference(mr, 'hmm_dma_map_pfn()')
    const was_mapped = Local('was_mapped', Bool)
    was_mapped.set(dma_mapped.has(mr))
    If(not(was_mapped), () => {
      dma_map(mr)
      dma_mapped.add(mr)
    })
    If(or(not(counts_once), not(was_mapped)), () => count_page(mr))
  })
}

/** Reads the entry until it can be mapped, and returns with the mutex held. Says whether there was a page. */
const ib_umem_odp_map_dma_and_lock = (
  mr: Id<'Mr'>,
  request: ValueOf<typeof HmmRequest>,
  is_valid: PlaceOf<typeof Bool>,
): void => {
  const notifier_seq = Local('notifier_seq', intervals.IntervalSeq)
  const output = Local('output', HmmPfn)
  Reused(output, 'mmu_interval_read_retry() stands before the use of it')
  Loop(() => {
    const collided = Local('collided', Bool)
    const check_retry = (): Bool => intervals.mmu_interval_check_retry(notifier_seq)
    intervals.mmu_interval_read_begin(mr, notifier_seq)
    const busy = Local('busy', Bool)
    If(private_array, () => {
      const ret = hmm_range_fault({ ...range_of({ request, check_retry }), hmm_pfns: () => output })
      busy.set(ret.ne('0'))
    }).Else(() => {
      const ret = fault_into_pfn_list(mr, { request, check_retry })
      busy.set(ret.ne('0'))
    })
    If(busy, () => Continue())
    If(commit_lock, () => mutex_lock(umem_mutex.at(mr)))
    Step('mmu_interval_read_retry()', () => {
      Ghost(() => Cover(snapshot_is_valid.reached, intervals.mmu_interval_read_retry(notifier_seq)))
      collided.set(and(commit_checks_seq, intervals.mmu_interval_read_retry(notifier_seq)))
      notifier_seq.set(intervals.never)
    })
    If(not(collided), () => Break())
    If(commit_lock, () => mutex_unlock(umem_mutex.at(mr)))
  })
  Step('range.hmm_pfns[pfn_index] & HMM_PFN_VALID', () => {
    dereference(mr, 'ib_umem_odp_map_dma_and_lock()')
    If(private_array, () => {
      is_valid.set(output.is('valid'))
      If(is_valid, () => pfn_list.at(mr).set(output))
    }).Else(() => is_valid.set(pfn_list.at(mr).is('valid')))
    Assert(
      snapshot_is_valid.property,
      or(is_valid, request.eq('none')),
      'WARN_ON(!(pfn & HMM_PFN_VALID)) of what was asked for',
    )
    output.set(HmmPfn.none)
  })
}

/** pagefault_real_mr() */
export const pagefault_real_mr = procedure(
  'pagefault_real_mr',
  [Mr, HmmRequest],
  (mr, request) => {
    const is_valid = Local('is_valid', Bool)
    ib_umem_odp_map_dma_and_lock(mr, request, is_valid)
    If(is_valid, () => {
      If(mapped.eq('dma_list'), () => map_by_dma_list(mr)).Else(() => map_by_pfn_list(mr))
      mlx5r_umr_update_xlt(mr, dma_list.at(mr))
    })
    If(commit_lock, () => mutex_unlock(umem_mutex.at(mr)))
  },
  { source: '6.12 drivers/infiniband/hw/mlx5/odp.c pagefault_real_mr; core/umem_odp.c ib_umem_odp_map_dma_and_lock' },
)
