/** A protocol as it is offered to users: a model with its named fixes, variants, scenarios and what is expected of them. */
import type { Model } from './ast.ts'

/** A number on the command line (`--config cpus=2`) and the sort whose size it is. */
export interface Parameter {
  readonly sort: string
  readonly min: number
  readonly max: number
  readonly summary: string
}

/** One small change of the model: a boolean constant of the same name. */
export interface Fix {
  readonly name: string
  /** correction: not in the protocol as posted. lock, check: a lock or a check that the posted protocol has. */
  readonly kind: 'correction' | 'lock' | 'check'
  readonly summary: string
  /** The commit, mail or fact it is known from. */
  readonly source: string
}

/** A setting of all the model's constants. */
export interface Variant {
  readonly name: string
  readonly summary: string
  readonly constants: Readonly<Record<string, boolean | number | string>>
  /** Properties that this variant does not promise: checked only when asked for by name. */
  readonly notClaimed?: readonly string[]
}

/** Which actors take part, and how many. */
export interface Scenario {
  readonly name: string
  readonly summary: string
  /** Threads of the model that take part; all if absent. */
  readonly threads?: readonly string[]
  /** A value for each parameter. */
  readonly sizes: Readonly<Record<string, number>>
  /** Constants of the scenario, beside those of the variant. */
  readonly constants?: Readonly<Record<string, boolean | number | string>>
  /** Takes more than seconds: left out when the whole catalogue is checked. */
  readonly large?: boolean
}

/** What is known of a variant in a scenario, and from where; never copied from a run. */
export interface Expectation {
  readonly variant: string
  readonly scenario: string
  readonly verdict: 'holds' | 'violated'
  /** The properties that are violated, exactly. */
  readonly violated?: readonly string[]
  readonly source: string
}

export interface Protocol {
  /** The name on the command line: `mirror-2017`. */
  readonly name: string
  readonly title: string
  readonly model: Model
  readonly parameters: Readonly<Record<string, Parameter>>
  readonly fixes: readonly Fix[]
  readonly variants: readonly Variant[]
  /** The first is the default. */
  readonly scenarios: readonly Scenario[]
  readonly expectations: readonly Expectation[]
}

export type Catalogue = readonly Protocol[]
