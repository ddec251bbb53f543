/** Makes a schedule of a run. */
import type { Counterexample } from '../semantics/counterexample.ts'
import { digestOf } from './digest.ts'
import { SCHEMA, type Schedule, type ScheduleStep } from './schedule.ts'
import type { Setting } from '../catalogue/setting.ts'
import { nameInitial, nameTransition } from './steps.ts'

/** Origin of a schedule, as it says itself. */
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
 * The schedule of a counterexample or a witness, as a value to keep: of those that `check` and `fuzz` find, and of any
 * other run of a model by `replayOnWhole`.
 *
 *     writeSchedule(record(originOf(setting), result.counterexample))
 */
export function record(
  origin: Origin,
  { property, model, machine, run }: Pick<Counterexample, 'property' | 'model' | 'machine' | 'run'>,
): Schedule {
  let { state } = run.initial
  const steps = run.steps.map(({ transition, state: after }): ScheduleStep => {
    const step = nameTransition(machine, state, transition)
    state = after ?? state
    return step
  })
  return {
    schema: SCHEMA,
    ...origin,
    digest: digestOf(model, property),
    property,
    initial: nameInitial(machine, run.initial),
    steps,
  }
}
