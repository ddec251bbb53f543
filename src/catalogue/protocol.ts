/**
 * A protocol as it is offered to users: a model with its named fixes, variants, scenarios and what is expected of
 * them.
 */
import type { HangKind, Model } from '../language/ast.ts'
import type { Fix } from '../language/fixes.ts'

/** A number on the command line (`--config cpus=2`) and the sort whose size it is. */
export interface Parameter {
  /** A sort of the model. */
  readonly sort: string
  /** The smallest size that the model means something with. */
  readonly min: number
  /** The largest that is offered. */
  readonly max: number
  /** The things that it counts. */
  readonly summary: string
}

/** A setting of all the model's constants. */
export interface Variant {
  /** Behind the `@` on the command line: `fixed`, `as-posted`, `without-retry-check`. */
  readonly name: string
  /** The variant, in one line. */
  readonly summary: string
  /** A value for each constant, by name: the fixes, true or false, and others. One with a default may be left out. */
  readonly constants: Readonly<Record<string, boolean | number | string>>
  /** Properties that this variant does not promise: checked only when asked for by name. */
  readonly notClaimed?: readonly string[]
}

/** Why a hang is not judged in a scenario. */
export interface LeftOut {
  /** In words that a reader can judge: `hmmcheck list MODEL` shows them. */
  readonly reason: string
  /** The variants of which it is judged all the same; none if absent. */
  readonly but?: readonly string[]
}

/** The actors that take part, and their numbers. */
export interface Scenario {
  /** The name that `--scenario` takes. */
  readonly name: string
  /** The actors that take part, in one line. */
  readonly summary: string
  /** Threads of the model that take part; all if absent. */
  readonly threads?: readonly string[]
  /** A value for each parameter. */
  readonly sizes: Readonly<Record<string, number>>
  /** Constants of the scenario, in addition to those of the variant. */
  readonly constants?: Readonly<Record<string, boolean | number | string>>
  /**
   * Hangs that are judged of every model and not in this scenario, unless asked for by name: `{ recoverable: { reason:
   * '2,071,006 states' } }`.
   */
  readonly without?: Readonly<Partial<Record<HangKind, LeftOut>>>
  /** Takes more than seconds: left out when the whole catalogue is checked. */
  readonly large?: boolean
}

/**
 * The known verdict of a variant in a scenario, and its source. A verdict that a run showed before it was known belongs
 * here only with its reason.
 */
export interface Expectation {
  /** The name of a variant. */
  readonly variant: string
  /** The name of a scenario. */
  readonly scenario: string
  /** The verdict that `check` must give; any other is reported, and ends with exit code 1. */
  readonly verdict: 'holds' | 'violated'
  /** The properties that are violated, exactly. */
  readonly violated?: readonly string[]
  /** The source of the verdict: a commit, a mail, a sentence of the kernel. */
  readonly source: string
  /** Takes minutes, though others of its scenario take seconds: left to `--large`. */
  readonly large?: boolean
}

/**
 * A model, and all that users can ask of it by name. `defineProtocol` makes one, and looks whether its names are those
 * of the model.
 */
export interface Protocol {
  /** The name on the command line: `mirror-2017`. */
  readonly name: string
  /** The protocol, in one line. */
  readonly title: string
  /** The result of `model(...)`. */
  readonly model: Model
  /** By the names that `--config` gives them. */
  readonly parameters: Readonly<Record<string, Parameter>>
  /** Its named fixes; none is well, too. */
  readonly fixes: readonly Fix[]
  /** At least one. A name alone stands for `fixed`, else for the first. */
  readonly variants: readonly Variant[]
  /** The first is the default. */
  readonly scenarios: readonly Scenario[]
  /** The known verdicts of its variants; may be empty. */
  readonly expectations: readonly Expectation[]
  /**
   * What the page of a counterexample draws as memory, where the names of the model do not say it. `pages`: the sort
   * whose elements are drawn as boxes. `tables`: what a variable or field is, by its path without indices,
   * `{ 'driver.entries': 'device' }`; a `pointer` is drawn while it leads somewhere, and `hidden` is left out.
   * `locks`: variables that stand among the locks.
   */
  readonly view?: {
    readonly pages?: string
    readonly tables?: Readonly<Record<string, 'cpu' | 'device' | 'tlb' | 'pointer' | 'hidden'>>
    readonly locks?: readonly string[]
  }
}

/** The export `catalogue` of a configuration file. */
export type Catalogue = readonly Protocol[]
