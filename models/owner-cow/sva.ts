/**
 * A device that walks the page table of the process itself, as an IOMMU with shared virtual addresses does: its entry
 * is what it has cached. No driver makes entries.
 */
import {
  Await,
  Bool,
  Break,
  Choose,
  Cover,
  Either,
  Ghost,
  Idle,
  IfIs,
  If,
  Local,
  Loop,
  not,
  Source,
  Step,
  threadPer,
} from 'hmmcheck'
import { Device, is_writable_entry } from 'hmmcheck/kernel'
import { reads } from './cpu.ts'
import { do_wp_page } from './fault.ts'
import { faults_are_served } from './properties.ts'
import { gpu_may, gpu_pte, GpuPte, pte, write_page } from './state.ts'

const entry = pte.at('parent')

export const sva = threadPer(Device, 'sva', (device) => {
  Loop(() => {
    Idle()
    Source('hardware: a device behind an IOMMU', () => {
      const write = Choose('write', Bool)
      Loop(() => {
        const over = Local('over', Bool, false)
        Either(
          () =>
            Step('the access', () => {
              Await(gpu_may(device, write))
              Ghost(() => Cover(faults_are_served.reached))
              IfIs(gpu_pte.at(device), 'mapped', ({ page }) =>
                If(write, () => Ghost(() => write_page('parent', page))).Else(() =>
                  reads('parent', page, 'the device'),
                ),
              )
              over.set(true)
            }),
          () =>
            Step('the IOMMU walks the page table, and caches the entry', () => {
              Await(gpu_pte.at(device).is('none'))
              IfIs(entry, 'present', (found) =>
                gpu_pte.at(device).set(GpuPte.mapped({ page: found.page, write: found.write })),
              )
            }),
          () => {
            Step('iommu_sva_handle_mm(): handle_mm_fault()', () => {
              Await(gpu_pte.at(device).is('mapped'))
              Await(not(gpu_may(device, write)))
            })
            Either(
              () => do_wp_page('parent'),
              () => Step('handle_pte_fault(): the entry has the right', () => Await(is_writable_entry(entry))),
            )
          },
        )
        If(over, () => Break())
      })
    })
  })
})
