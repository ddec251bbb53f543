/**
 * What a step is said to touch: nothing else changes by it, and nothing else makes a difference to it. Cells of random
 * models are changed that it is said not to touch, and it must do what it did.
 */
import { is, Map as Persistent } from 'immutable'
import { expect, test } from 'vitest'
import { configure } from '../../src/language/configure.ts'
import { ModelError } from '../../src/language/index.ts'
import { known } from '../../src/conform/meaning.ts'
import { orderOf } from '../../src/conform/order.ts'
import { beginningsIn } from '../../src/conform/points.ts'
import { conflict, type Cell, type Touched } from '../../src/conform/touched.ts'
import { machine as machineOf, type Machine, type State } from '../../src/semantics/machine.ts'
import { sought, type Sought } from '../../src/semantics/sought.ts'
import type { Value } from '../../src/semantics/values.ts'
import { numbersFrom } from './mutations.ts'
import { randomModel, seeds } from './random-model.ts'

const reads = (cell: Cell): Touched => ({ reads: [cell], writes: [] })
const writes = (cell: Cell): Touched => ({ reads: [], writes: [cell] })

/** The cells of a state, each with its value. */
const cellsOf = ({ shared }: State): readonly (readonly [Cell, Value])[] =>
  [...shared].flatMap(([name, value]): readonly (readonly [Cell, Value])[] =>
    Persistent.isMap(value) ? [...value].map(([at, of]) => [{ name, way: [at] }, of]) : [[{ name, way: [] }, value]],
  )

const withCell = (state: State, { name, way }: Cell, value: Value): State =>
  state.set('shared', state.shared.setIn([name, ...way], value))

const afterOf = (one: Sought): State | undefined => {
  const { outcome } = one.transition()
  return outcome.kind === 'next' ? outcome.state : undefined
}

/** What a thread can do in a state. */
const stepsOf = (machine: Machine, state: State, thread: number): readonly Sought[] =>
  sought(machine, state, thread, { enters: () => true, choices: () => undefined })

/** Where a step depends on a cell, or changes one, that it is said not to touch. */
function* mistakes(machine: Machine, state: State, touchedBy: (thread: number, one: Sought) => Touched) {
  for (const thread of machine.runners.keys()) {
    const all = stepsOf(machine, state, thread)
    for (const one of all) {
      const touched = touchedBy(thread, one)
      const ofSame = (here: State): readonly (State | undefined)[] =>
        stepsOf(machine, here, thread)
          .filter(({ statement }) => statement === one.statement)
          .map(afterOf)
      const before = ofSame(state)
      for (const [cell, value] of cellsOf(state)) {
        const isChanged = before.some((after) => after !== undefined && !is(valueOf(after, cell), value))
        if (isChanged && !conflict(reads(cell), touched)) yield { ...cell, why: 'is changed', at: one.statement.at }
        if (conflict(writes(cell), touched)) continue
        const other = value === 1 ? 2 : 1
        const otherwise = ofSame(withCell(state, cell, other)).map((after) => after && withCell(after, cell, value))
        if (!is(Persistent(otherwise.entries()), Persistent(before.entries())))
          yield { ...cell, why: 'makes a difference', at: one.statement.at }
      }
    }
  }
}

const valueOf = ({ shared }: State, { name, way }: Cell): unknown => shared.getIn([name, ...way])

test('a step touches what it is said to touch, and nothing else', () => {
  let [steps, known_cells] = [0, 0]
  for (const seed of seeds(60, 1)) {
    const random = numbersFrom(seed)
    let machine: Machine
    try {
      machine = machineOf(
        configure(randomModel(seed).model(), { sizes: { Cell: 2, Task: 2 }, constants: {} }, { keepsShown: true }),
      )
    } catch (error) {
      if (error instanceof ModelError) continue
      throw error
    }
    const [runner = expect.fail('a thread')] = machine.runners
    const order = orderOf(machine, {
      beginnings: beginningsIn(runner.text, machine.values),
      comparisons: new Map(),
      meaning: known,
      renewal: () => undefined,
    })
    let state = machine.initial[0]?.state ?? expect.fail('a state')
    for (let n = 0; n < 12; n += 1) {
      const touchedBy = (thread: number, { statement }: Sought): Touched => {
        const touched = order.touched(state, thread, statement)
        steps += 1
        known_cells += touched.writes.filter(({ way }) => way.some((part) => typeof part === 'number')).length
        return touched
      }
      expect([...mistakes(machine, state, touchedBy)], `seed ${seed}`).toEqual([])
      const all = [...machine.runners.keys()].flatMap((thread) => stepsOf(machine, state, thread).map(afterOf))
      state = all[Math.floor(random() * all.length)] ?? state
    }
  }
  // it says something: cells are known by their index
  expect(steps).toBeGreaterThan(1000)
  expect(known_cells).toBeGreaterThan(steps / 10)
})
