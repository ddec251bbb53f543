/** What waits to be looked at: first what fewest properties fall in, and of equals what came first. */

/** Something with the falls of a run to it. */
interface WithFalls {
  readonly falls: readonly unknown[]
}

/** A queue by the number of falls. */
export interface Waiting<T extends WithFalls> {
  add(one: T): void
  /** Takes the next one out. */
  next(): T | undefined
}

/** An empty queue. */
export function waitingByFalls<T extends WithFalls>(): Waiting<T> {
  /** By the number of falls. Steps add falls, so what is taken has never more falls than what comes later. */
  const lines: { readonly all: T[]; taken: number }[] = []
  return {
    add(one) {
      while (lines.length <= one.falls.length) lines.push({ all: [], taken: 0 })
      lines[one.falls.length]?.all.push(one)
    },
    next() {
      const line = lines.find(({ all, taken }) => taken < all.length)
      const one = line?.all[line.taken]
      if (line !== undefined) line.taken += 1
      return one
    },
  }
}
