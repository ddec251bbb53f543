/** The schedules of a check as traces, for drawings and formats. */
import { traceOf, type Trace } from '../report/trace.ts'
import { exampleOf, type Counterexample, type Example } from '../semantics/counterexample.ts'
import { locator } from './places.ts'

/** The counterexample or witness of one property. */
export interface PropertySchedule {
  readonly example: Counterexample
  readonly trace: Trace
  /** The same for the same steps. */
  readonly key: string
}

/** The trace of each property that has a schedule; of a relation, the traces of the pairs of its cycle. */
export function tracesOf(
  properties: readonly (Example & { readonly cycle?: readonly Example[] })[],
  cwd: string,
): readonly PropertySchedule[] {
  const locate = locator(cwd)
  return properties
    .flatMap((property): readonly Example[] => property.cycle ?? [property])
    .flatMap((result): readonly PropertySchedule[] => {
      const example = exampleOf(result)
      if (example === undefined) return []
      const { machine, run, property, claims } = example
      const key = JSON.stringify(run.steps.map(({ transition: { thread, path, choices } }) => [thread, path, choices]))
      return [{ example, trace: traceOf(machine, run, { property, claims, locate }), key }]
    })
}
