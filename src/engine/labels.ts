/** Labels of successors, in a labelled module: which transition each comes from. */

/** Bits for the number of the thread instance; there are at most 64. */
const instanceBits = 6

/** @param edge the number of the edge, from the first of the model's */
export const labelFor = (instance: number, edge: number): number => (edge << instanceBits) | instance

export const labelOf = (label: number): { readonly instance: number; readonly edge: number } => ({
  instance: label & ((1 << instanceBits) - 1),
  edge: label >>> instanceBits,
})
