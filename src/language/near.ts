/** Finds the names that a user may have meant. */

/**
 * The number of letters to put in, take out, change or swap (Damerau and Levenshtein, restricted) to make `a` into
 * `b`.
 */
function distance(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (beforeLast[j - 2] ?? Infinity) + 1
          : Infinity
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1), swapped))
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/**
 * The candidates that are near a name: a few letters off, or one a part of the other; nearest first, at most three.
 */
export function nearest(name: string, candidates: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase()
  return candidates
    .map((candidate) => {
      const known = candidate.toLowerCase()
      const part = wanted.length > 1 && (known.includes(wanted) || wanted.includes(known))
      return { candidate, away: part ? 1 : distance(wanted, known) }
    })
    .filter(({ candidate, away }) => away <= Math.max(1, Math.floor(Math.max(candidate.length, name.length) / 3)))
    .sort((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

/** More names than these are not listed. */
const FEW = 12
/** The number of names that are kept of many: those that come nearest. */
const NEAREST = 5

/**
 * The remedy for an unknown name: the names that may have been meant, else those that exist.
 *
 * @param lists the command that lists all, where there may be too many to name
 */
export function didYouMean(name: string, candidates: readonly string[], lists?: string): string {
  const near = nearest(name, candidates)
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`
  if (candidates.length === 0) return 'there are none'
  if (candidates.length <= FEW) return `choose one of ${candidates.join(', ')}`
  const wanted = name.toLowerCase()
  const closest = candidates
    .map((one) => ({ one, away: distance(wanted, one.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)
    .slice(0, NEAREST)
  return `the nearest of ${candidates.length} names are ${closest.map(({ one }) => one).join(', ')}${lists === undefined ? '' : `; ${lists} lists all`}`
}
