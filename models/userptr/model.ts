/** Buffers of user memory of four GPU drivers: the process, the submissions or the restore, and the GPU. */
import { Choose, deadlock, ForEach, If, lockDeadlock, model, recoverable, type Model } from 'hmmcheck'
import { DevicePte, Page, Va } from 'hmmcheck/kernel'
import { cs } from './amdgpu.ts'
import { job, queue, stranger } from './gpu.ts'
import { driver } from './fixes.ts'
import { execbuffer } from './i915.ts'
import { hfi1_child, hfi1_parent } from './hfi1.ts'
import { cancel_userptr, execbufferUnderMutex } from './i915-mutex.ts'
import { restore } from './kfd.ts'
import { reclaim, shrink_folio_list, zapper } from './process.ts'
import { properties } from './properties.ts'
import { address, Bo, bound, gpu_pte, intervals, List, listed, mem_map, page_table, pages } from './state.ts'
import { exec, unbind } from './xe.ts'

const execbuffer_mutex = execbufferUnderMutex(() => shrink_folio_list())

export const userptr = (): Model =>
  model('userptr', {
    threads: [
      zapper,
      reclaim,
      restore,
      queue,
      cs,
      exec,
      execbuffer,
      job,
      stranger,
      unbind,
      execbuffer_mutex,
      cancel_userptr,
      hfi1_parent,
      hfi1_child,
    ],

    initially: () => {
      ForEach(Bo, (bo) => address.at(bo).set(Choose('va', Va)))
      ForEach(List, (list) => listed.at(list).set(Choose('bo', Bo)))
      ForEach(Bo, (bo) => intervals.place.at(bo).set('tree'))
      intervals.has_itree.set(true)
      // KFD maps a buffer when it is made. The others do it for the first job.
      const page = Choose('page', Page)
      If(driver.eq('kfd'), () => {
        mem_map.at(page).refcount.set(1)
        ForEach(Va, (va) => page_table.at(va).set(page))
        ForEach(Bo, (bo) => {
          pages.at(bo).set(DevicePte.present({ page }))
          gpu_pte.at(bo).set(DevicePte.present({ page }))
          bound.add(bo)
        })
      })
    },

    properties: [...properties(), recoverable(), deadlock(), lockDeadlock()],
  })
