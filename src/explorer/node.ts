/** Node.js as the host of a check. Threads and files are loaded by the checks that use them. */
import type { Host } from './host.ts'

export const node: Host = {
  residentBytes: () => process.memoryUsage.rss(),
  async searchThreads(prepared, options, keeping) {
    const { searchThreads } = await import('./threads/pool.ts')
    return searchThreads(prepared, options, keeping)
  },
  async keepingFor(prepared, settings, workers) {
    const { keepingFor } = await import('./checkpoint/keeping.ts')
    return keepingFor(prepared, settings, workers)
  },
}
