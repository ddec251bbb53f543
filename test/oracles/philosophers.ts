/**
 * Dining philosophers: take the left fork, take the right one, put both back. All with their left fork: the one
 * deadlock.
 */
import {
  Acquire,
  array,
  current,
  deadlock,
  lockDeadlock,
  Loop,
  model,
  none,
  optional,
  range,
  shared,
  Step,
  Thread,
  thread,
} from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

function philosophers(n: number) {
  const fork = shared('fork', array(range(0, n - 1), optional(Thread)))
  const take = (which: number) => {
    Acquire(fork.at(which).isNone, (other) => fork.at(which).eq(other))
    return fork.at(which).set(current)
  }
  const philosopher = (left: number) =>
    thread(`philosopher ${left}`, () => {
      const right = (left + 1) % n
      Loop(() => {
        Step('take left', () => take(left))
        Step('take right', () => take(right))
        Step('put both back', () => {
          fork.at(left).set(none)
          fork.at(right).set(none)
        })
      })
    })
  return model('dining philosophers', {
    threads: Array.from({ length: n }, (_, left) => philosopher(left)),
    properties: [deadlock(), lockDeadlock()],
  })
}

const row = (n: number, states: number): Oracle => ({
  name: `dining philosophers, ${n}`,
  model: philosophers(n),
  configuration: { sizes: {}, constants: {} },
  states,
  deadlocks: 1,
  shortest: { deadlock: n, 'lock-deadlock': n },
})

export const rows: readonly Oracle[] = [row(2, 6), row(3, 14), row(5, 82), row(8, 1_154)]
