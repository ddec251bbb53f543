/** Two processes and a lock that is one bit (TLA+ `Lock`). */
import { Await, invariant, Loop, model, range, saturating, shared, Step, thread } from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

const lock = shared('lock', range(0, 1), 1)
/** Says no more than who is at `cs`. */
const inside = shared('inside', saturating(0, 2))

const process = thread(
  'process',
  () => {
    Loop(() => {
      Step('l0: skip', () => {})
      Step('l1: take', () => {
        Await(lock.eq(1))
        lock.set(0)
        inside.increment()
      })
      Step('cs: skip', () => inside.decrement())
      Step('l2: release', () => lock.set(1))
    })
  },
  { count: 2, daemon: true },
)

export const rows: readonly Oracle[] = [
  {
    name: 'abstract lock, 2 processes',
    model: model('abstract lock', { threads: [process], properties: [invariant('mutual exclusion', inside.lt(2))] }),
    configuration: { sizes: {}, constants: {} },
    states: 12,
    transitions: 20,
    depth: 5,
  },
]
