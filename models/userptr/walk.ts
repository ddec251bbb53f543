/** hmm_range_fault() for the one page of a buffer, as the three drivers call it that do. */
import { and, Bool, Break, current, If, IfSome, Local, Loop, not, procedure, Step } from 'hmmcheck'
import { DevicePte } from 'hmmcheck/kernel'
import { address, alloc_page, Bo, page_table, user_pages, vmas } from './state.ts'

/** Says whether it has found the page: it does where there is a VMA, and is -EFAULT where not. */
export const hmm_range_fault = procedure(
  'hmm_range_fault',
  [Bo],
  (bo) => {
    const found = Local('found', Bool, false)
    Loop(() => {
      const faults = Local('faults', Bool, false)
      Step('hmm_vma_handle_pte()', () => {
        faults.set(vmas.has(address.at(bo)))
        user_pages.at(current).set(DevicePte.none)
        If(vmas.has(address.at(bo)), () =>
          IfSome(page_table.at(address.at(bo)), (page) => {
            user_pages.at(current).set(DevicePte.present({ page }))
            found.set(true)
            faults.set(false)
          }),
        )
      })
      If(not(faults), () => Break())
      // A munmap() that has come between would have waited for mmap_lock: the walk finds no VMA, as if it had come
      // first.
      Step('handle_mm_fault()', () => {
        If(and(vmas.has(address.at(bo)), page_table.at(address.at(bo)).isNone), () => {
          const page = alloc_page()
          page_table.at(address.at(bo)).set(page)
        })
      })
    })
    return found
  },
  { source: '6.1 mm/hmm.c hmm_range_fault' },
)
