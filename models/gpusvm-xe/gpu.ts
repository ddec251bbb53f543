/** The GPU itself: its loads and stores, the job that writes entries, and the one that clears memory. */
import { and, Assert, Await, Choose, ForEach, Ghost, Idle, If, Loop, not, Source, Step, threadPer } from 'hmmcheck'
import { Device, Va } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { has_clearing, one_queue } from './fixes.ts'
import { cleared_before_copy } from './properties.ts'
import { clearing, filled, given_away, gpu_pte, gpu_tlb, is_on, job_pending, job_pte, pte, reaches } from './state.ts'

/** A translation that the TLB has is used as it is; another one is loaded from the page table, and stays. */
export const shader = threadPer(
  Device,
  'shader',
  (device) => {
    Source('a GPU of xe: an execution unit', () =>
      Loop(() => {
        Idle()
        Step('a load or store', () => {
          const va = Choose('va', Va, (one) => reaches(device, one))
          const cached = gpu_tlb.at(device).at(va)
          If(not(cached.mapped), () => {
            cached.mapped.set(true)
            cached.pte.set(gpu_pte.at(device).at(va).pte)
          })
          Ghost(() => {
            Assert(no_use_after_free.property, cached.pte.isCurrent, 'the entry leads to a page that is gone')
            Assert(no_use_after_free.property, not(given_away.has(va)), 'the memory is of another process by now')
            If(and(has_clearing, is_on(va, device)), () => filled.add(device))
          })
        })
      }),
    )
  },
  { daemon: true },
)

/** The job of a bind, in the queue of those that clear. Its fence is signalled when the entries are written. */
export const job = threadPer(
  Device,
  'job',
  (device) => {
    Source('6.15 xe_migrate.c xe_migrate_update_pgtables', () =>
      Loop(() => {
        Idle()
        Step('the entries are written', () => {
          Await(job_pending.has(device))
          If(and(has_clearing, one_queue), () => Await(not(clearing.has(device))))
          ForEach(Va, (va) => {
            If(job_pte.at(device).at(va).mapped, () => {
              gpu_pte.at(device).at(va).mapped.set(true)
              gpu_pte.at(device).at(va).pte.set(job_pte.at(device).at(va).pte)
            })
            job_pte.at(device).at(va).mapped.set(false)
            job_pte.at(device).at(va).pte.set(pte.never)
          })
          job_pending.remove(device)
        })
      }),
    )
  },
  { daemon: true },
)

/** The job that clears the memory of a new buffer object. */
export const clear_job = threadPer(
  Device,
  'clear_job',
  (device) => {
    Source('6.15 xe_migrate.c xe_migrate_clear', () =>
      Loop(() => {
        Idle()
        Step('the memory is cleared', () => {
          Await(clearing.has(device))
          Ghost(() =>
            Assert(cleared_before_copy.property, not(filled.has(device)), 'what was copied or stored there is gone'),
          )
          clearing.remove(device)
        })
      }),
    )
  },
  { daemon: true },
)
