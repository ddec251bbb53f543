/** Random choices, made from a stream of numbers. */

/** A whole number from 0 up to, but not including, `below`. */
export type Draw = (below: number) => number

export const chance = (draw: Draw, percent: number): boolean => draw(100) < percent

export function pick<T>(draw: Draw, items: readonly T[]): T {
  const item = items[draw(items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** Some of the items, each with that chance, in order. */
export const sample = <T>(draw: Draw, items: readonly T[], percent: number): readonly T[] =>
  items.filter(() => chance(draw, percent))

/** One of several makers, by weight. A weight of 0 is never taken. */
export function weighted<T>(draw: Draw, makers: readonly (readonly [weight: number, make: () => T])[]): T {
  let at = draw(makers.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, make] of makers) {
    if (at < weight) return make()
    at -= weight
  }
  throw new RangeError('nothing to choose from')
}

export const times = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n))
