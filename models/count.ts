/**
 * Counts of a run as they were seen when somebody last looked: a test counts anew, and the documents are made of
 * them.
 */

/** The size of a graph. */
export interface Count {
  readonly states: number
  /** Of them, those that are stored: one for all that a permutation of ids and threads leads to each other. */
  readonly stored?: number
  readonly transitions?: number
  /** Levels of the search: 1 where there are only initial states. */
  readonly depth?: number
  /** Bits of a packed state. */
  readonly bits?: number
}

/** By variant and scenario: `fixed snapshot`. */
export type Counts = Readonly<Record<string, Count>>

/** The key of a run. */
export const countKey = (variant: string, scenario: string): string => `${variant} ${scenario}`
