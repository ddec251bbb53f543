/**
 * Sets of numbers and names that are never changed: most operations add or take away nothing, and give the set
 * itself.
 */

/** The first set itself where the others add nothing. */
export function unionOf<T>(first: ReadonlySet<T>, ...others: readonly Iterable<T>[]): ReadonlySet<T> {
  let all: Set<T> | undefined
  for (const other of others) for (const x of other) if (!(all ?? first).has(x)) (all ??= new Set(first)).add(x)
  return all ?? first
}

export function without<T>(set: ReadonlySet<T>, elements: Iterable<T>): ReadonlySet<T> {
  let rest: Set<T> | undefined
  for (const x of elements) if ((rest ?? set).has(x)) (rest ??= new Set(set)).delete(x)
  return rest ?? set
}

/** Whether every element of the one is in the other. */
export function isWithin<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): boolean {
  for (const x of part) if (!whole.has(x)) return false
  return true
}
