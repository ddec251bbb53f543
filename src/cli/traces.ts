/** The schedules of a check, told: what drawings and formats are made of. */
import { selectProperties } from '../language/select.ts'
import type { PropertyResult } from '../explorer/result.ts'
import { traceOf, type Trace } from '../report/trace.ts'
import { adopt } from '../schedules/adopt.ts'
import { machineFor } from '../schedules/machines.ts'
import type { ScheduleProperty } from '../schedules/schedule.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import type { JudgedRun } from './judged-run.ts'
import { locator } from './places.ts'

/** The schedule of one property. */
export interface Told extends Pick<ScheduleProperty, 'name' | 'kind' | 'outcome'> {
  readonly result: PropertyResult
  readonly trace: Trace
  readonly machine: Machine
  readonly run: Run
  /** The same for the same steps. */
  readonly key: string
}

/** The trace of each property that has a schedule; of a relation, the traces of the pairs of its cycle. */
export function tracesOf(
  { model, target }: Pick<JudgedRun, 'model' | 'target'>,
  properties: readonly PropertyResult[],
  cwd: string,
): readonly Told[] {
  const shown = properties.flatMap((property) => property.cycle ?? [property]).filter(({ run }) => run !== undefined)
  if (shown.length === 0) return []
  const claims = selectProperties(model, target.properties)
  const locate = locator(cwd)
  return shown.flatMap((result): readonly Told[] => {
    const { name, kind, verdict, run: found } = result
    if (found === undefined) return []
    const machine = machineFor(model, { kind, name })
    const run = adopt(machine, found)
    const property = { name, kind, outcome: verdict === 'violated' ? 'violated' : 'witnessed' } as const
    const key = JSON.stringify(run.steps.map(({ transition: { thread, path, choices } }) => [thread, path, choices]))
    return [{ ...property, result, trace: traceOf(machine, run, { property, claims, locate }), machine, run, key }]
  })
}
