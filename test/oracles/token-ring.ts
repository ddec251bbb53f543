/**
 * Dijkstra's self-stabilising ring of N machines with M states each (EWD 426), from every assignment: so every state
 * is initial.
 */
import {
  array,
  Await,
  Choose,
  ForEach,
  Loop,
  model,
  range,
  shared,
  Step,
  thread,
  wrapping,
} from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

function tokenRing(machines: number, values: number) {
  const Machine = range(0, machines - 1)
  const Value = wrapping(values)
  const c = shared('c', array(Machine, Value))
  const first = thread(
    'machine 0',
    () => {
      Loop(() =>
        Step('create the token', () => {
          Await(c.at(0).eq(c.at(machines - 1)))
          c.at(0).increment()
        }),
      )
    },
    { daemon: true },
  )
  const other = (i: number) =>
    thread(
      `machine ${i}`,
      () => {
        Loop(() =>
          Step('pass the token', () => {
            Await(c.at(i).ne(c.at(i - 1)))
            c.at(i).set(c.at(i - 1))
          }),
        )
      },
      { daemon: true },
    )
  return model('token ring', {
    threads: [first, ...Array.from({ length: machines - 1 }, (_, i) => other(i + 1))],
    initially: () => {
      ForEach(Machine, (i) => {
        const value = Choose('value', Value)
        c.at(i).set(value)
      })
    },
  })
}

const row = (machines: number, values: number, counts: Pick<Oracle, 'states' | 'transitions' | 'depth'>): Oracle => ({
  name: `token ring, ${machines} machines, ${values} values`,
  model: tokenRing(machines, values),
  configuration: { sizes: {}, constants: {} },
  ...counts,
})

export const rows: readonly Oracle[] = [
  // Machine 0 can go on in M^(N-1) states, each other machine in (M - 1) M^(N-1).
  row(3, 4, { states: 4 ** 3, transitions: 4 ** 2 + 2 * 3 * 4 ** 2, depth: 1 }),
  row(6, 6, { states: 46_656, transitions: 202_176, depth: 1 }),
]
