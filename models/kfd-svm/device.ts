/** The GPU: its queues are in user space, and use what it maps without asking anybody. */
import { and, Assert, Choose, Idle, Loop, Source, Step, threadPer } from 'hmmcheck'
import { Device, Va } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { gpu_pte, maps, queues_run } from './state.ts'

export const wave = threadPer(
  Device,
  'wave',
  (device) => {
    Source('a GPU of amdkfd: a wave front of a user mode queue', () =>
      Loop(() => {
        Idle()
        Step('a wave loads or stores', () => {
          const va = Choose('va', Va, (one) => and(queues_run(), maps(device, one)))
          Assert(
            no_use_after_free.property,
            gpu_pte.at(device).at(va).pte.isCurrent,
            'the entry leads to a page that the process has given back',
          )
        })
      }),
    )
  },
  { daemon: true },
)
