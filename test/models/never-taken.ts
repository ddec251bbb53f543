/** Steps that are never taken where a protocol holds, and why. */

/** A step that is never taken where `fixed` holds, and why. */
export interface Reason {
  readonly label: RegExp
  /** In calls of these, if given. */
  readonly inside?: RegExp
  /** The scenarios in which it is never taken; all if absent. */
  readonly scenarios?: RegExp | readonly string[]
  readonly why: string
}

/** Whether a reason explains that this step is never taken in the scenario. */
export function isExplained(
  reasons: readonly Reason[],
  scenario: string,
  { label, path }: { readonly label: string; readonly path: string },
): boolean {
  const speaksOf = ({ scenarios }: Reason): boolean =>
    scenarios === undefined || (scenarios instanceof RegExp ? scenarios.test(scenario) : scenarios.includes(scenario))
  return reasons.some((reason) => speaksOf(reason) && reason.label.test(label) && (reason.inside?.test(path) ?? true))
}
