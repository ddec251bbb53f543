/**
 * Each process writes its x and then reads its neighbour's into its y; when all are done, some y is 1 (TLA+
 * `TeachingConcurrency`).
 * `Simple` writes x at once; in `SimpleRegular` x is a regular register, {0, 1} while it is being written, and a read
 * picks any member.
 */
import {
  array,
  Await,
  Bool,
  Either,
  every,
  implies,
  invariant,
  Loop,
  model,
  range,
  setOf,
  shared,
  some,
  Step,
  thread,
} from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

function simple(n: number, regular: boolean) {
  const Process = range(0, n - 1)
  const Bit = range(0, 1)
  const x = shared('x', array(Process, setOf(Bit)))
  const y = shared('y', array(Process, Bit))
  /** Says no more than who is at its end. */
  const done = shared('done', array(Process, Bool))
  const allDone = () => every(Process, (p) => done.at(p))

  const process = (self: number) =>
    thread(`process ${self}`, () => {
      if (regular) Step('a1: x[self] = {0, 1}', () => x.at(self).add(1))
      Step('a: x[self] = {1}', () => {
        x.at(self).add(1)
        x.at(self).remove(0)
      })
      const read = (bit: number) => () =>
        Step(`b: y[self] = ${bit}`, () => {
          Await(x.at((self + n - 1) % n).has(bit))
          y.at(self).set(bit)
          done.at(self).set(true)
        })
      Either(read(0), read(1))
    })
  const terminated = thread(
    'terminated',
    () => {
      Loop(() => Await(allDone()))
    },
    { daemon: true },
  )

  return model(regular ? 'SimpleRegular' : 'Simple', {
    threads: [...Array.from({ length: n }, (_, self) => process(self)), terminated],
    initially: () => {
      for (let p = 0; p < n; p++) x.at(p).add(0)
    },
    properties: [
      invariant(
        'when all are done, some y is 1',
        implies(
          allDone(),
          some(Process, (p) => y.at(p).eq(1)),
        ),
      ),
    ],
  })
}

export const rows: readonly Oracle[] = [
  {
    name: 'Simple, 5 processes',
    model: simple(5, false),
    configuration: { sizes: {}, constants: {} },
    states: 723,
    transitions: 1_841,
    depth: 11,
  },
  {
    name: 'SimpleRegular, 8 processes',
    model: simple(8, true),
    configuration: { sizes: {}, constants: {} },
    states: 277_726,
    transitions: 1_454_775,
    depth: 25,
  },
]
