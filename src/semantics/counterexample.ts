/**
 * A schedule that shows a property, played on the whole model. It is made once, and every consumer uses this value.
 */
import type { ConfiguredModel } from '../language/ast.ts'
import type { Claim } from '../language/claims.ts'
import { selectProperties } from '../language/select.ts'
import { machine, type Machine, type Run } from './machine.ts'

/** A property, and what a schedule shows of it. */
export interface ScheduleProperty extends Claim {
  /** `violated`: a counterexample. `witnessed`: a schedule that shows that something is possible. */
  readonly outcome: 'violated' | 'witnessed'
}

/**
 * A counterexample, or a witness: a run of the whole model, whatever was left out to find it. `draw` and `record` take
 * it as it is.
 */
export interface Counterexample {
  /** The property that the run shows with its last step or state, and whether it violates or witnesses it. */
  readonly property: ScheduleProperty
  /** The configured model that was checked, with all of its properties and variables. */
  readonly model: ConfiguredModel
  /** The same model, with the properties that were judged: a drawing says of each where the run turns it false. */
  readonly claims: ConfiguredModel
  /** The reference interpreter of the model, on which no assertion fails but those of the property, and lock misuse. */
  readonly machine: Machine
  /** The initial state, and each transition with the state after it. */
  readonly run: Run
}

/** The schedule that was found for a property: of what is violated, or of what must be possible. */
export interface Example {
  /** It violates the property. */
  readonly counterexample?: Counterexample
  /** It shows that what must be possible is; or a pair of a relation. */
  readonly witness?: Counterexample
}

/** Whichever of the two there is. */
export const exampleOf = ({ counterexample, witness }: Example): Counterexample | undefined => counterexample ?? witness

/** As the one of the two that it is. */
export const asExample = (shown: Counterexample): Example =>
  shown.property.outcome === 'violated' ? { counterexample: shown } : { witness: shown }

/**
 * The machine on which schedules of a property are played and named: the whole model, in which only the assertions of
 * the property and lock misuse can fail. The other claims do not change its transitions.
 */
export function machineOf(model: ConfiguredModel, { kind, name }: Claim): Machine {
  return machine(kind === 'assertion' ? selectProperties(model, [name]) : withoutAssertions(model))
}

/** The model without its assertions but lock misuse. */
export const withoutAssertions = (model: ConfiguredModel): ConfiguredModel =>
  selectProperties(
    model,
    model.properties.filter(({ kind }) => kind !== 'assertion').map(({ name }) => name),
  )
