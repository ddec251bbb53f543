/** The schedules of a check, told: what drawings and formats are made of. */
import type { ConfiguredModel } from '../language/ast.ts'
import { selectProperties } from '../language/select.ts'
import type { PropertyResult } from '../explorer/result.ts'
import type { Trace } from '../report/trace.ts'
import type { ScheduleProperty } from '../schedules/schedule.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import type { Environment } from './environment.ts'
import { locator } from './places.ts'
import type { Target } from './targets.ts'

/** The schedule of one property. */
export interface Told extends Pick<ScheduleProperty, 'name' | 'kind' | 'outcome'> {
  readonly result: PropertyResult
  readonly trace: Trace
  readonly machine: Machine
  readonly run: Run
  /** The same for the same steps. */
  readonly key: string
}

/** Of each property that has a schedule; of a relation, of each pair of its cycle. */
export async function tracesOf(
  { cwd }: Pick<Environment, 'cwd'>,
  model: ConfiguredModel,
  target: Pick<Target, 'properties'>,
  properties: readonly PropertyResult[],
): Promise<readonly Told[]> {
  const [{ traceOf }, { machineFor }, { adopt }] = await Promise.all([
    import('../report/trace.ts'),
    import('../schedules/machines.ts'),
    import('../schedules/adopt.ts'),
  ])
  const claims = selectProperties(model, target.properties)
  return properties
    .flatMap((property) => property.cycle ?? [property])
    .flatMap((result): readonly Told[] => {
      const { name, kind, verdict, run: found } = result
      if (found === undefined) return []
      const machine = machineFor(model, { kind, name })
      const run = adopt(machine, found)
      const property = { name, kind, outcome: verdict === 'violated' ? 'violated' : 'witnessed' } as const
      const key = JSON.stringify(run.steps.map(({ transition: { thread, path, choices } }) => [thread, path, choices]))
      return [
        {
          ...property,
          result,
          trace: traceOf(machine, run, { property, claims, locate: locator(cwd) }),
          machine,
          run,
          key,
        },
      ]
    })
}
