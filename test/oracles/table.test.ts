/** The oracles on the reference interpreter, up to 100,000 transitions. */
import { Map } from 'immutable'
import { describe, expect, test } from 'vitest'
import { configure } from '../../src/language/index.ts'
import type { ConfiguredModel } from '../../src/language/index.ts'
import { machine, transitions } from '../../src/semantics/machine.ts'
import type { State } from '../../src/semantics/machine.ts'
import { isDeadlocked } from '../../src/semantics/properties.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { oracles } from './table.ts'

/** Where the table does not count the transitions, we suppose ten for each state. */
const small = oracles.filter(({ states = 0, transitions: counted = 10 * states }) => counted <= 100_000)

describe('the reference interpreter', () => {
  test.each(small)(
    '$name',
    ({ model, configuration, states, transitions: counted, depth, shortest = {}, deadlocks }) => {
      const configured = configure(model, configuration)
      const result = referenceCheck(configured)
      expect(result).toMatchObject({
        complete: true,
        ...(states && { states }),
        ...(counted && { transitions: counted }),
        ...(depth && { depth }),
      })
      const shown = result.properties.flatMap(({ name, steps }) => (steps === undefined ? [] : [[name, steps]]))
      expect(Object.fromEntries(shown)).toEqual(shortest)
      if (deadlocks !== undefined) expect(deadlocksOf(configured)).toBe(deadlocks)
    },
    120_000,
  )
  test('most of the table is small', () => {
    expect(small.length).toBeGreaterThan(25)
  })
})

/** The number of deadlocked states. */
function deadlocksOf(model: ConfiguredModel): number {
  const graph = machine(model)
  const states = graph.initial.map(({ state }) => state)
  const seen = Map<State, true>().asMutable()
  for (const state of states) {
    for (const { outcome } of transitions(graph, state)) {
      if (outcome.kind !== 'next' || seen.has(outcome.state)) continue
      seen.set(outcome.state, true)
      states.push(outcome.state)
    }
  }
  return states.filter((state) => isDeadlocked(graph, state)).length
}
