/** The label of a step in a drawing. It is shortened, since nothing is looked up by it. */

/** The label of a test that turned out false: `if (c): no`, as it is read aloud, in place of `else of if (c)`. */
export const drawnLabel = (label: string): string => label.replace(/^else of (if \(.*\))$/s, '$1: no')
