/**
 * A warning: the model means something, but probably not what its author thinks, so a `holds` of it says less than it
 * seems to.
 *
 * Some warnings need the text alone (`statics.ts`), others the results of a complete run. Both are this
 * one value, and every report prints all of them. A new warning is a code in `warnings`, and a call of `warning` where
 * it is found.
 */
import { warnings, type WarningCode } from './warnings.ts'

/** A doubt about a model, with its place. */
export interface Warning {
  /** Listed in docs/errors.md. */
  readonly code: WarningCode
  /** The doubt, in this model. */
  readonly what: string
  /**
   * The line of the model's source: `models/mirror-2017/cpu.ts:31`. Without a line, the name of the model.
   */
  readonly at: string
  /**
   * For a statement inside procedures, the lines that call them, the innermost first: for a lock of `hmmcheck/kernel`,
   * the user's own line is among them.
   */
  readonly calls?: readonly string[]
  /** The advice: what to do about it. */
  readonly remedy: string
}

/**
 * The warning of this code, at a place of the model's source.
 *
 * @param remedy if it differs from that of the table
 */
export function warning(
  code: WarningCode,
  what: string,
  at: string,
  { calls = [], remedy = warnings[code].remedy }: { readonly calls?: readonly string[]; readonly remedy?: string } = {},
): Warning {
  return { code, what, at, ...(calls.length === 0 ? {} : { calls }), remedy }
}

/** Each warning once: a procedure that is called twice has its statements twice. */
export function distinct(all: readonly Warning[]): readonly Warning[] {
  return [...new Map(all.map((one) => [JSON.stringify([one.code, one.what, one.at, one.calls ?? []]), one])).values()]
}
