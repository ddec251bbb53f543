/** hva_to_pfn(): a page of the process, with a reference. */
import { Await, current, If, IfSome, Loop, Break, none, not, procedure, Step } from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { alloc_page, get_page, mmap_write, page_table, pinned, put_page } from './state.ts'

export const hva_to_pfn = procedure(
  'hva_to_pfn',
  [Va],
  (va) => {
    Loop(() => {
      Step('gup_pte_range()', () =>
        IfSome(page_table.at(va), (page) => {
          get_page(page)
          pinned.at(current).set(page)
        }),
      )
      If(pinned.at(current).isSome, () => Break())
      Step('handle_mm_fault()', () => {
        Await(not(mmap_write))
        If(page_table.at(va).isNone, () => {
          const page = alloc_page()
          page_table.at(va).set(page)
        })
      })
    })
  },
  { source: '6.12 virt/kvm/kvm_main.c hva_to_pfn' },
)

export const kvm_release_pfn_clean = (): void => {
  Step('kvm_release_pfn_clean()', () =>
    IfSome(pinned.at(current), (page) => {
      pinned.at(current).set(none)
      put_page(page)
    }),
  )
}
