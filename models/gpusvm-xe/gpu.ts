/** The GPU itself: its loads and stores, the job that writes entries, and the one that clears memory. */
import { and, Assert, Await, Choose, ForEach, Ghost, Idle, If, Loop, not, Source, Step, threadPer } from 'hmmcheck'
import { Device, Va } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { clear_gpu_pte, clear_gpu_tlb } from './callback.ts'
import { has_clearing, jobs_wait, one_queue } from './fixes.ts'
import { cleared_before_copy } from './properties.ts'
import {
  clearing,
  filled,
  given_away,
  gpu_pte,
  gpu_tlb,
  is_on,
  job_pending,
  job_pte,
  pte,
  Range,
  reaches,
  unbind_flushes,
  unbind_pending,
} from './state.ts'

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
          If(one_queue, () => {
            If(has_clearing, () => Await(not(clearing.has(device))))
            Await(unbind_pending.at(device).isEmpty)
          })
          If(jobs_wait, () => Await(unbind_pending.at(device).isEmpty))
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

/**
 * The job that unbinds a range, in the same queue, and the one that flushes the TLB behind it, if it is to be. The fence
 * that the others wait for is that of the second. In between a translation may come from the TLB alone; here it comes
 * from the page table as well until then.
 */
export const unbind_job = threadPer(
  Device,
  'unbind_job',
  (device) => {
    Source('6.15 xe_migrate.c xe_migrate_update_pgtables; 6.18 xe_pt.c xe_pt_update_ops_run', () =>
      Loop(() => {
        Idle()
        Step('the entries are cleared', () => {
          const range = Choose('range', Range, (one) => unbind_pending.at(device).has(one))
          clear_gpu_pte(device, (one) => one.eq(range))
          If(unbind_flushes.at(device).has(range), () => clear_gpu_tlb(device, (one) => one.eq(range)))
          unbind_flushes.at(device).remove(range)
          unbind_pending.at(device).remove(range)
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
