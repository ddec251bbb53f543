/** All that a user is told by a check, without what differs from run to run. */
import type { CheckResult, PropertyResult } from '../../src/explorer/result.ts'
import type { Example } from '../../src/semantics/counterexample.ts'

/** The steps of a schedule, as a user sees them. */
const stepsOf = (example: Example['counterexample']): readonly unknown[] | undefined =>
  example?.run.steps.map(({ transition: { thread, path, label, choices } }) => [thread, path, label, choices])

/** A witness that was not to be made small may be another. */
const toldOf = ({ name, kind, verdict, steps, minimal, why, counterexample, ...sizes }: PropertyResult): unknown => [
  [name, kind, verdict, steps, why, minimal],
  minimal === undefined ? [] : [sizes.switches, sizes.preemptions, sizes.threads, stepsOf(sizes.witness)],
  stepsOf(counterexample),
]

export const told = ({
  verdict,
  states,
  transitions,
  depth,
  neverTaken,
  warnings,
  properties,
}: CheckResult): unknown => ({
  verdict,
  states,
  transitions,
  depth,
  neverTaken,
  warnings,
  properties: properties.map(toldOf),
})
