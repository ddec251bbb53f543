/** The order in which threads take runs: what one has computed for a run is of use to the next. */
import type { RunTarget } from './targets.ts'

/**
 * The runs of one scenario are one stretch: variants of a scenario share the threads in which they do not differ, and a
 * thread remembers what it has computed of them.
 */
export function stretches(
  targets: readonly Pick<RunTarget, 'setting'>[],
  numbers: readonly number[],
): readonly (readonly number[])[] {
  const known = new Map<string, number[]>()
  for (const n of numbers) {
    const setting = targets[n]?.setting
    const key = JSON.stringify([setting?.protocol.name, setting?.scenario.name])
    known.set(key, [...(known.get(key) ?? []), n])
  }
  return [...known.values()]
}

/**
 * Gives out numbers, each once. A thread that asks goes on with its own stretch, then begins another one. When none is
 * left to begin, it takes from the end of the longest that another thread has begun.
 */
export function shares(all: readonly (readonly number[])[]): (asker: object) => number | undefined {
  const waiting = all.map((one) => [...one])
  const begun = new Map<object, number[]>()
  return (asker) => {
    const own = begun.get(asker)
    if (own !== undefined && own.length > 0) return own.shift()
    const next = waiting.shift()
    if (next !== undefined) {
      begun.set(asker, next)
      return next.shift()
    }
    const [longest] = [...begun.values()].toSorted((a, b) => b.length - a.length)
    return longest?.pop()
  }
}
