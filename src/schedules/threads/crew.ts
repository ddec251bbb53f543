/** Threads that help to walk. */
import type { Worker } from 'node:worker_threads'
import { spawnBundled } from '../../explorer/threads/spawn.ts'
import type { StartCrew } from '../crew.ts'
import type { WalkOrder, WalkReport } from './messages.ts'

/**
 * Starts so many threads. They take hands from the same dealer.
 *
 * @throws Error from `finish`, if one of them failed
 */
export const crewOf: StartCrew = (count, dealt, order) => {
  const failures: unknown[] = []
  const helpers = Array.from({ length: count }, (_, number) => {
    const workerData: WalkOrder = { ...order, number, dealing: dealt.shared }
    const worker = spawnBundled(import.meta.url, 'walker', { workerData, execArgv: [] })
    const report = reportOf(worker)
    // It is awaited at the end.
    report.catch((error: unknown) => {
      failures[number] = error
    })
    return { worker, report }
  })
  return {
    async finish() {
      const begun = helpers.filter(({ worker }, number) => {
        // One that failed before it began has not come late.
        if (failures[number] !== undefined || !dealt.dismiss(number)) return true
        void worker.terminate()
        return false
      })
      return Promise.all(begun.map(({ report }) => report))
    },
  }
}

const reportOf = (worker: Worker): Promise<WalkReport> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      reject(new Error(`a thread that walks ended with ${code}`))
    })
  })
