/** Facts about a bug, and the place where the checker shows it. */

/** A configuration in which the checker shows the bug: the catalogue expects `property` to be violated there. */
export interface Finding {
  readonly model: string
  readonly variant: string
  readonly scenario: string
  readonly property: string
  /** Constants that the variant sets otherwise than `fixed`, and that keep this bug out of `fixed`. */
  readonly fixes: readonly string[]
}

/**
 * Found by a model; or left to temporal properties, as nothing bad ever happens in it; or not there, as something
 * closes the window; or of something that no model has.
 */
export type Place =
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  | { readonly kind: 'temporal'; readonly why: string }
  | { readonly kind: 'closed'; readonly why: string; readonly holds: readonly Holding[] }
  | { readonly kind: 'inexpressible'; readonly why: string }

/** A configuration without the correction, in which the catalogue expects everything to hold. */
export type Holding = Pick<Finding, 'model' | 'variant' | 'scenario'>

export interface Bug {
  /**
   * B-01 and so on: known before any model was written. D-01 and so on: the checker found it. E-01 and so on:
   * reported of others, and tried on a model that was there. G6-01 and so on: read in the kernels of today, and open
   * there or corrected late.
   */
  readonly id: string
  readonly title: string
  /** Kernels that have it. */
  readonly versions: string
  /** The commit that corrected it, or of which the subject is known. */
  readonly commit?: string
  /** The commit's id was not found in any text, or its mail alone was. */
  readonly unverified?: true
  /**
   * The source: a report or a commit; a reader of the code, who never ran it; an inference from code that was read;
   * the checker.
   */
  readonly known: 'report' | 'reading' | 'inference' | 'checker'
  /** The correction, in terms of the protocol. */
  readonly fix: string
  readonly place: Place
  /** Anything else there is to say. */
  readonly note?: string
}

export const found = (...findings: readonly Finding[]): Place => ({ kind: 'found', findings })
export const temporal = (why: string): Place => ({ kind: 'temporal', why })
/** Said to be a bug, and none: `why` names what closes the window; `holds` are runs of models that show it. */
export const closed = (why: string, ...holds: readonly Holding[]): Place => ({ kind: 'closed', why, holds })
export const inexpressible = (why: string): Place => ({ kind: 'inexpressible', why })

/** Names a model once: `inMirror2017('without-driver-lock', 'mirror', 'P-INV', 'driver-lock')`. */
export const findingsIn =
  (model: string) =>
  (variant: string, scenario: string, property: string, ...fixes: readonly string[]): Finding => ({
    model,
    variant,
    scenario,
    property,
    fixes,
  })
