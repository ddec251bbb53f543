/**
 * Random schedules of the interpreter: none of them breaks the corrected protocol, and some break the one that was
 * posted.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mirror2017Protocol } from '../../models/mirror-2017/protocol.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { interleavings } from '../../src/schedules/interleavings.ts'
import { violationsOf } from '../../src/schedules/judge.ts'

/** The protocol in its default scenario, with every property, claimed or not. */
const modelOf = (variant: string): ConfiguredModel =>
  configure(mirror2017Protocol.model, settingOf(mirror2017Protocol, { variant }).configuration)

test('no random schedule breaks an invariant or an assertion of fixed', () => {
  let steps = 0
  fc.assert(
    fc.property(interleavings(modelOf('fixed'), { maxSteps: 75 }), (run) => {
      steps += run.steps.length
      expect(violationsOf(run)).toEqual([])
    }),
    { numRuns: 70 },
  )
  // The walks do walk: no early end, which would make this an idle test.
  expect(steps).toBeGreaterThanOrEqual(50 * 70)
})

test('control: the same walks break as-posted', () => {
  const uses = fc.property(interleavings(modelOf('as-posted'), { maxSteps: 75 }), (run) =>
    violationsOf(run).every(({ name }) => name !== 'P-NOUAF'),
  )
  const { failed, counterexample } = fc.check(uses, { numRuns: 100, seed: 2017, endOnFailure: true })
  expect(failed).toBe(true)
  expect(counterexample?.[0].steps.length).toBeGreaterThan(0)
})
