/** Hidden steps that an event needs are found, and of states that become each other by hidden steps one is kept. */
import { expect, test } from 'vitest'
import {
  array,
  Await,
  Bool,
  Choose,
  If,
  invariant,
  Let,
  Local,
  Loop,
  not,
  or,
  range,
  shared,
  Shows,
  Step,
} from 'hmmcheck'
import { modelOf, shows } from './small-model.ts'

const Bit = range(0, 1)

/** Another thread sees the cell, which must have been written. */
const sees = (memory: ReturnType<typeof memoryOf>) => (): void => {
  Step('see', () => {
    const cell = Choose('cell', Bit)
    Await(memory.at(cell))
    Shows('see', { cell })
  })
}
const memoryOf = () => shared('memory', array(Bit, Bool))

test('a hidden step that comes again touches another cell then', () => {
  const memory = memoryOf()
  const run = modelOf(
    () => [
      () => {
        const at = Local('at', Bit)
        shows('go')
        const walk = (): void => {
          Step('write', () => {
            memory.at(at).set(true)
            If(at.eq(0), () => at.set(1)).Else(() => at.set(0))
          })
        }
        walk()
        walk()
        shows('end')
      },
      sees(memory),
    ],
    () => [],
  )
  expect(run('go@1', 'see@2 cell=1').rejection).toBeUndefined()
  expect(run('see@2 cell=1', 'go@1').rejection?.event.order).toBe(10)
})

test('a hidden step touches another cell where an event has moved what it is indexed by', () => {
  const memory = memoryOf()
  const pointer = shared('pointer', Bit)
  const run = modelOf(
    () => [
      () => {
        shows('go')
        Step('write', () => memory.at(pointer).set(true))
        shows('end')
      },
      sees(memory),
      () =>
        Step('point', () => {
          const to = Choose('to', Bit)
          pointer.set(to)
          Shows('point', { to })
        }),
    ],
    () => [],
  )
  expect(run('go@1', 'point@2 to=1', 'see@2 cell=1').rejection).toBeUndefined()
  expect(run('go@1', 'point@2 to=1', 'see@2 cell=0').rejection).toBeUndefined()
  expect(run('go@1', 'point@2 to=1', 'see@2 cell=0', 'see@2 cell=1').rejection?.event.order).toBe(40)
})

test('a local that is set only where a condition holds may be what it was', () => {
  const memory = memoryOf()
  const gate = shared('gate', Bool)
  const run = modelOf(
    () => [
      () => {
        const at = Local('at', Bit)
        shows('go')
        Step('write', () => {
          If(gate, () => at.set(1))
          memory.at(at).set(true)
        })
        shows('end')
      },
      sees(memory),
    ],
    () => [],
  )
  expect(run('go@1', 'see@2 cell=0').rejection).toBeUndefined()
})

test('of states that become each other by a hidden step, one is kept, with what has fallen in it', () => {
  const [flag, other, bad] = [shared('flag', Bool), shared('other', Bool), shared('bad', Bool)]
  const run = modelOf(
    () => [
      () => {
        Step('go', () => {
          bad.set(true)
          Shows('go')
        })
        Loop(() => {
          Step('toggle', () => flag.set(not(flag)))
        })
      },
      () =>
        Step('look', () => {
          const seen = Let('seen', or(flag, other))
          If(seen, () => other.set(other))
          Shows('look')
        }),
    ],
    () => [invariant('P-GOOD', not(bad))],
  )
  const result = run('go@1', 'look@2')
  expect(result.rejection).toBeUndefined()
  expect(result.falls.map(({ property }) => property)).toEqual(['P-GOOD', 'P-GOOD'])
})
