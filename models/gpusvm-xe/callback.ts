/** The callback of a VM's notifier: nothing that the GPU could reach is left when it returns. */
import {
  and,
  Assert,
  Await,
  Bool,
  Cover,
  ForEach,
  Ghost,
  If,
  Local,
  no,
  not,
  or,
  procedure,
  setOf,
  some,
  Step,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { Device, down_write, up_write, Va } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import {
  callback_flushes,
  callback_lock,
  callback_marks,
  callback_sets_seq,
  callback_spares_closed,
  callback_unmaps,
  callback_waits,
} from './fixes.ts'
import { not_used_after_free, zapped_before_change } from './properties.ts'
import {
  closed,
  dma_addr,
  garbage,
  gpu_pte,
  gpu_tlb,
  has_devmem_pages,
  has_dma_mapping,
  intervals,
  is_in,
  has_jobs,
  notifier_lock,
  partial_unmap,
  pte,
  Range,
  range_of,
  ranges,
  reaches,
  tables_gone,
  tile_invalidated,
  tile_present,
  unmapped,
  work_queued,
} from './state.ts'

/** No translation for the addresses of these ranges. For a step. */
const clear = (translations: typeof gpu_pte, device: Id<'Device'>, which: (range: Id<'Range'>) => Condition): void => {
  ForEach(Va, (va) =>
    If(which(range_of.at(va)), () => {
      translations.at(device).at(va).mapped.set(false)
      translations.at(device).at(va).pte.set(pte.never)
    }),
  )
}
/** The GPU's entries, and what its TLB has of them. For steps. */
export const clear_gpu_pte = (device: Id<'Device'>, which: (range: Id<'Range'>) => Condition): void =>
  clear(gpu_pte, device, which)
export const clear_gpu_tlb = (device: Id<'Device'>, which: (range: Id<'Range'>) => Condition): void =>
  clear(gpu_tlb, device, which)

/**
 * __drm_gpusvm_unmap_pages(): what the flag says is mapped for DMA is unmapped, and the flags say so. For a step.
 *
 * @param always whatever the flag says
 */
export const unmap_pages = (
  device: Id<'Device'>,
  which: (range: Id<'Range'>) => Condition,
  always: Condition = no,
): void => {
  clear(dma_addr, device, (range) => and(which(range), or(has_dma_mapping.at(device).has(range), always)))
  ForEach(Range, (range) =>
    If(which(range), () => {
      has_dma_mapping.at(device).remove(range)
      has_devmem_pages.at(device).remove(range)
    }),
  )
}

const zap_and_flush = (device: Id<'Device'>, hit: ReturnType<typeof Local<ReturnType<typeof setOf<typeof Range>>>>) => {
  const needs_invalidate = Local('needs_invalidate', Bool)
  If(callback_waits, () => Step('dma_resv_wait_timeout()', () => Await(not(has_jobs(device)))))
  Step('xe_pt_zap_ptes_range()', () => {
    Ghost(() => {
      Assert(not_used_after_free.property, not(tables_gone.has(device)), 'the page tables of the VM are destroyed')
      const stands = some(Va, (va) =>
        and(
          reaches(device, va),
          some(Range, (one) => and(hit.has(one), is_in(va, one))),
        ),
      )
      Cover(zapped_before_change.reached, stands)
      Cover(no_use_after_free.reached, stands)
    })
    const is_bound = (range: Id<'Range'>) =>
      and(
        hit.has(range),
        not(unmapped.at(device).has(range)),
        tile_present.at(device).has(range),
        not(tile_invalidated.at(device).has(range)),
      )
    needs_invalidate.set(some(Range, is_bound))
    clear_gpu_pte(device, is_bound)
    ForEach(Range, (range) => If(is_bound(range), () => tile_invalidated.at(device).add(range)))
  })
  // What is flushed is one block of addresses, from the first to the last, whichever of the ranges had entries.
  If(callback_flushes, () =>
    If(needs_invalidate, () =>
      Step('xe_vm_range_tilemask_tlb_inval()', () => clear_gpu_tlb(device, (range) => hit.has(range))),
    ),
  )
}

/** For events of all kinds. It never refuses, as all brackets may block here. */
export const xe_svm_invalidate = procedure(
  'xe_svm_invalidate',
  [Device, setOf(Va).as('vas'), intervals.CurSeq.as('cur_seq'), Bool.as('unmaps')],
  (device, vas, cur_seq, unmaps) => {
    const hit = Local('hit', setOf(Range))
    const spared = Local('spared', Bool)
    If(callback_lock, () => down_write(notifier_lock.at(device)))
    If(callback_sets_seq, () => intervals.mmu_interval_set_seq(device, cur_seq))
    Step('drm_gpusvm_range_find()', () => {
      hit.clear()
      ForEach(Range, (range) =>
        If(
          and(
            ranges.at(device).has(range),
            some(Va, (va) => and(vas.has(va), is_in(va, range))),
          ),
          () => hit.add(range),
        ),
      )
      spared.set(and(callback_spares_closed, closed.has(device)))
    })
    If(not(hit.isEmpty), () => {
      If(not(spared), () => zap_and_flush(device, hit))
      If(callback_unmaps, () =>
        Step('drm_gpusvm_range_unmap_pages()', () => unmap_pages(device, (range) => hit.has(range))),
      )
      If(and(unmaps, callback_marks), () =>
        If(not(closed.has(device)), () =>
          Step('drm_gpusvm_range_set_unmapped()', () => {
            ForEach(Range, (range) =>
              If(hit.has(range), () => {
                unmapped.at(device).add(range)
                garbage.at(device).add(range)
                If(
                  some(Va, (va) => and(is_in(va, range), not(vas.has(va)))),
                  () => partial_unmap.at(device).add(range),
                )
              }),
            )
            work_queued.add(device)
          }),
        ),
      )
    })
    If(callback_lock, () => up_write(notifier_lock.at(device)))
  },
  { source: '6.18 xe_svm.c xe_svm_invalidate, 7.0 drm_gpusvm.c drm_gpusvm_notifier_invalidate' },
)
