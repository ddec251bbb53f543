/** Makes a schedule of a run. */
import type { ConfiguredModel } from '../language/ast.ts'
import type { Run } from '../semantics/machine.ts'
import { adopt } from './adopt.ts'
import { digestOf } from './digest.ts'
import { machineFor } from './machines.ts'
import { SCHEMA, type Schedule, type ScheduleProperty, type ScheduleStep } from './schedule.ts'
import type { Setting } from '../catalogue/setting.ts'
import { nameInitial, nameTransition } from './steps.ts'

/** What the schedule says about where it comes from. */
type Origin = Pick<Schedule, 'model' | 'variant' | 'configuration'>

/** The origin of a schedule of that setting. */
export function originOf({ protocol, variant, scenario, sizes, configuration }: Setting): Origin {
  const { constants, threads } = configuration
  return {
    model: protocol.name,
    variant: variant.name,
    configuration: { scenario: scenario.name, sizes, constants, threads: threads ?? null },
  }
}

/**
 * The schedule of a run of the reference interpreter.
 *
 * @param model the whole configured model
 * @param property what the run shows
 * @param run of the model, or of one that was reduced for exploring
 */
export function record(origin: Origin, model: ConfiguredModel, property: ScheduleProperty, run: Run): Schedule {
  const graph = machineFor(model, property)
  const { initial, steps: played } = adopt(graph, run)
  let { state } = initial
  const steps = played.map(({ transition, state: after }): ScheduleStep => {
    const step = nameTransition(graph, state, transition)
    state = after ?? state
    return step
  })
  return {
    schema: SCHEMA,
    ...origin,
    digest: digestOf(model, property),
    property,
    initial: nameInitial(graph, initial),
    steps,
  }
}
