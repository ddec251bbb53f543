/** Loading, running, paused (Stateright `dfs.rs`). */
import { Loop, model, Step, thread } from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

const worker = thread(
  'worker',
  () => {
    Step('loaded', () => {})
    Loop(() => {
      Step('pause', () => {})
      Step('resume', () => {})
    })
  },
  { count: 2, daemon: true },
)

export const rows: readonly Oracle[] = [
  {
    name: 'loading, running, paused, 2 threads',
    model: model('loading, running, paused', { threads: [worker] }),
    configuration: { sizes: {}, constants: {} },
    // Two steps of each thread, and each thread always has one.
    states: 9,
    stored: 6,
    transitions: 18,
    depth: 5,
  },
]
