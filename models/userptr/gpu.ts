/** The GPU: jobs of lists, the queues of KFD, and jobs that use an address whose buffer they do not list. */
import { Await, Choose, Idle, Loop, Source, Step, thread, threadPer } from 'hmmcheck'
import { access, Bo, evicted, fences, List, listed, running } from './state.ts'

const hardware = 'hardware: the page table of the GPU'

/** The one job of a list that the GPU has. */
export const job = threadPer(
  List,
  'job',
  (list) => {
    Source(hardware, () => {
      Loop(() => {
        Idle()
        Step('a job uses the buffer', () => {
          Await(running.has(list))
          access(listed.at(list), 'a job')
        })
        Step('dma_fence_signal()', () => {
          running.remove(list)
          fences.at(listed.at(list)).remove(list)
        })
      })
    })
  },
  { daemon: true },
)

/** A queue of user mode: it runs unless KFD has stopped it. */
export const queue = thread(
  'queue',
  () => {
    Source(hardware, () => {
      Loop(() => {
        Idle()
        Step('a queue uses a buffer', () => {
          Await(evicted.eq(0))
          access(Choose('bo', Bo), 'a queue')
        })
      })
    })
  },
  { daemon: true },
)

/** A job of the same VM that does not list the buffer, so that nobody waits for it. */
export const stranger = thread(
  'stranger',
  () => {
    Source(hardware, () => {
      Loop(() => {
        Idle()
        Step('a job that does not list the buffer uses it', () => access(Choose('bo', Bo), 'an unlisted job'))
      })
    })
  },
  { daemon: true },
)
