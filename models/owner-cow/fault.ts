/** handle_mm_fault(): the branches of a fault, for a CPU and for hmm_range_fault(). Each is one transition. */
import {
  and,
  Await,
  Bool,
  Choose,
  count,
  Ghost,
  IfIs,
  If,
  isCaseAnd,
  not,
  Source,
  Step,
  yes,
  type Recorded,
} from 'hmmcheck'
import { maps_page, Page, SwapPte } from 'hmmcheck/kernel'
import { copy_invalidates, flush_invalidates, iotlb, write_copies } from './fixes.ts'
import { copy_page, invalidate, is_free_system_page, migrate_vma, Mm, pte, type AnyMm } from './state.ts'

const is_read_only = (mm: AnyMm): Bool => isCaseAnd(pte.at(mm), 'present', ({ write }) => not(write))

/** A write to a present page that may only be read. */
export const do_wp_page = (mm: AnyMm): Recorded =>
  Source('6.1 mm/memory.c do_wp_page, wp_page_copy', () =>
    Step('do_wp_page()', () => {
      Await(is_read_only(mm))
      IfIs(pte.at(mm), 'present', ({ page }) => {
        const is_shared = count(Mm, (one) => maps_page(pte.at(one), page)).eq(2)
        If(and(is_shared, write_copies), () => {
          const copy = Choose('copy', Page, is_free_system_page)
          Ghost(() => copy_page(copy, page))
          pte.at(mm).set(SwapPte.present({ page: copy, write: yes, dirty: yes }))
          If(copy_invalidates, () => invalidate(mm))
        }).Else(() => {
          // ptep_set_access_flags(): a right is given without a bracket, and the translation caches are flushed.
          pte.at(mm).set(SwapPte.present({ page, write: yes, dirty: yes }))
          If(and(iotlb, flush_invalidates), () => invalidate(mm))
        })
      })
    }),
  )

/** do_swap_page() of device memory: its driver moves it to system memory, for every process that has it. */
export const migrate_to_ram = (mm: AnyMm): void => {
  IfIs(pte.at(mm), 'device_private', ({ page }) => {
    const free = Choose('free', Page, is_free_system_page)
    migrate_vma(page, free, 'present')
  })
}
