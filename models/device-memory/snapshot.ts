/** hmm_range_fault() of a device's driver: whose page is it that a device private entry has? It asks the page's map. */
import { Idle, If, IfIs, Loop, procedure, Step, thread, Choose } from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { snapshot_under_ptl } from './fixes.ts'
import { dereference_page, mm } from './state.ts'

const hmm_vma_handle_pte = procedure(
  'hmm_vma_handle_pte',
  [],
  () => {
    const va = Choose('va', Va)
    If(snapshot_under_ptl, () =>
      Step('spin_lock(ptl): pte = *ptep; page->pgmap->owner', () => {
        If(mm.pte.at(va).is('device_private'), () => dereference_page('page->pgmap in hmm_range_fault()'))
      }),
    ).Else(() => {
      IfIs(mm.pte.at(va), 'device_private', () => {
        Step('pfn_swap_entry_to_page(entry)->pgmap->owner', () => dereference_page('page->pgmap in hmm_range_fault()'))
      })
    })
  },
  { source: '6.1 mm/hmm.c hmm_vma_handle_pte' },
)

export const snapshot = thread('snapshot', () => {
  Loop(() => {
    Idle()
    hmm_vma_handle_pte()
  })
})
