/**
 * How many states a graph may have, of which only the first levels are known. The levels of a breadth-first search grow
 * by a factor that falls from level to level: slowly at first, below one behind the widest level. The factor is taken
 * to fall as it did in the later half of the known levels, on a logarithmic scale.
 */

/** Levels at least, for an estimate. */
const fewest = 8
/** A graph does not have more levels than these, in an estimate. */
const most = 10_000
/** A graph of more than so many times the known states is no estimate: what is known is too small a part. */
const furthest = 200

/**
 * The states of all levels, known and to come; undefined if too few levels are known, or if their growth falls too
 * slowly to say. In the catalogue's graphs of more than 20,000 states it was 0.6 to 2.2 times the right number where
 * half of the states were known, and 0.5 to 1.9 times where a quarter was.
 *
 * @param sizes of each level that is known as a whole, from the first
 */
export function estimatedStates(sizes: readonly number[]): number | undefined {
  if (sizes.length < fewest) return undefined
  const growth = sizes.slice(1).map((size, n) => Math.log(size / (sizes[n] ?? size)))
  const later = growth.slice(growth.length >> 1)
  const { last, slope } = lineThrough(later)
  const known = sizes.reduce((sum, size) => sum + size, 0)
  let states = known
  if (slope >= 0 && last > 0) return undefined
  let size = sizes.at(-1) ?? 0
  for (let n = 1; n < most && size >= 1; n++) {
    size *= Math.exp(Math.min(last + slope * n, last))
    states += size
  }
  return states > furthest * known ? undefined : Math.round(states)
}

/** The line of least squares through values at equal distances: its value at the last of them, and its slope. */
function lineThrough(values: readonly number[]): { readonly last: number; readonly slope: number } {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = values.reduce((sum, _, n) => sum + (n - middle) ** 2, 0)
  const slope = values.reduce((sum, value, n) => sum + (n - middle) * (value - mean), 0) / spread
  return { last: mean + slope * middle, slope }
}
