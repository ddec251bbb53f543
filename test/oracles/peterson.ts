/** Peterson's mutual exclusion of two processes (TLA+ `Peterson`). */
import {
  array,
  Await,
  Bool,
  invariant,
  Loop,
  model,
  not,
  or,
  range,
  saturating,
  shared,
  Step,
  thread,
} from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

const Process = range(0, 1)

function peterson(firstTurn: 0 | 1) {
  const flag = shared('flag', array(Process, Bool))
  const turn = shared('turn', Process, firstTurn)
  /** Says no more than who is at `cs`. */
  const inside = shared('inside', saturating(0, 2))
  const process = (self: number, other: number) =>
    thread(
      `process ${self}`,
      () => {
        Loop(() => {
          Step('a0: skip', () => {})
          flag.at(self).set(true)
          turn.set(other)
          Step('a3: enter', () => {
            Await(or(not(flag.at(other)), turn.eq(self)))
            inside.increment()
          })
          Step('cs: skip', () => inside.decrement())
          flag.at(self).set(false)
        })
      },
      { daemon: true },
    )
  return model('Peterson', {
    threads: [process(0, 1), process(1, 0)],
    properties: [invariant('mutual exclusion', inside.lt(2))],
  })
}

const row = (firstTurn: 0 | 1): Oracle => ({
  name: `Peterson, the first turn ${firstTurn}`,
  model: peterson(firstTurn),
  configuration: { sizes: {}, constants: {} },
  states: 42,
  transitions: 76,
  depth: 11,
})

export const rows: readonly Oracle[] = [row(0), row(1)]
