/** Random schedules of the interpreter: none of them breaks the corrected protocol, and some break the one that was posted. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mirror2017Protocol } from '../../models/mirror-2017/protocol.ts'
import { configure } from '../../src/language/configure.ts'
import { settingOf } from '../../src/language/setting.ts'
import { arbitraryRun } from '../../src/schedules/arbitrary.ts'
import { machine } from '../../src/semantics/machine.ts'
import type { Machine, Run } from '../../src/semantics/machine.ts'
import { stateHolds, transitionHolds } from '../../src/semantics/properties.ts'

/** A machine of the protocol in its default scenario, with every property, claimed or not. */
const machineOf = (variant: string): Machine => machine(configure(mirror2017Protocol.model, settingOf(mirror2017Protocol, { variant }).configuration))

/** What a run breaks first: an assertion, a rule of a lock, an invariant, or a property of two states. */
function broken(graph: Machine, { initial, steps }: Run): string | undefined {
  const judged = graph.model.properties.flatMap(({ name, kind, condition }) => condition === undefined ? [] : [{ name, kind, condition }])
  let before = initial.state
  for (const { transition: { outcome, label }, state } of [{ transition: { outcome: { kind: 'next' as const }, label: 'the start' }, state: before }, ...steps]) {
    if (outcome.kind === 'fails') return `${label}: ${outcome.property}`
    const after = state ?? before
    const fallen = judged.find(({ kind, condition }) =>
      (kind === 'invariant' && !stateHolds(graph, after, condition)) || (kind === 'transition' && !transitionHolds(graph, before, after, condition)))
    if (fallen !== undefined) return `${label}: ${fallen.name}`
    before = after
  }
  return undefined
}

test('no random schedule breaks an invariant or an assertion of fixed', () => {
  const graph = machineOf('fixed')
  let steps = 0
  fc.assert(fc.property(arbitraryRun(graph, { minSteps: 50, maxSteps: 100 }), (run) => {
    steps += run.steps.length
    expect(broken(graph, run)).toBeUndefined()
  }), { numRuns: 100 })
  // The walks do walk: no early end, which would make this an idle test.
  expect(steps).toBeGreaterThanOrEqual(50 * 100)
})

test('control: the same walks break as-posted', () => {
  const graph = machineOf('as-posted')
  const uses = fc.property(arbitraryRun(graph, { minSteps: 50, maxSteps: 100 }), (run) => broken(graph, run)?.endsWith(': P-NOUAF') !== true)
  const { failed, counterexample } = fc.check(uses, { numRuns: 100, seed: 2017, endOnFailure: true })
  expect(failed).toBe(true)
  expect(counterexample?.[0].steps.length).toBeGreaterThan(0)
})
