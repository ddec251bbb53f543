/** The machines on which schedules are named and drawn: the whole model, with one property's assertions. */
import type { ConfiguredModel } from '../language/ast.ts'
import { selectProperties } from '../language/select.ts'
import { machine } from '../semantics/machine.ts'
import type { Machine } from '../semantics/machine.ts'
import type { ScheduleProperty } from './schedule.ts'

/**
 * By the model: the machine for all properties but assertions. What else is claimed does not change its transitions.
 */
const machines = new WeakMap<ConfiguredModel, Machine>()

/** The machine of a model on which no assertion fails but those of this property, and lock misuse. */
export function machineFor(model: ConfiguredModel, { kind, name }: Pick<ScheduleProperty, 'kind' | 'name'>): Machine {
  if (kind === 'assertion') return machine(selectProperties(model, [name]))
  const known =
    machines.get(model) ??
    machine(
      selectProperties(
        model,
        model.properties.filter((one) => one.kind !== 'assertion').map((one) => one.name),
      ),
    )
  machines.set(model, known)
  return known
}
