/**
 * The least and the greatest result of arithmetic on numbers of which only the ranges are known: exact, by no
 * enumeration.
 * For bits: H. S. Warren, Hacker's Delight, 2nd ed., section 4-3, for numbers from 0 to 2^31 - 1.
 */

export interface Range {
  readonly low: number
  readonly high: number
}

/** The range of the rest of `x` modulo `n`, which is from 0 to `n - 1`, for negative numbers too. */
export function rangeOfRest({ low, high }: Range, n: number): Range {
  const whole = { low: 0, high: n - 1 }
  if (Math.floor(low / n) !== Math.floor(high / n)) return whole
  const rest = (x: number): number => x - Math.floor(x / n) * n
  return { low: rest(low), high: rest(high) }
}

/**
 * The range of `x & y`, `x | y` or `x & ~y`. If a part may be negative, where its range is not known yet, the result
 * is only known not to be larger than its parts let it be.
 */
export function rangeOfBits(operator: '&' | '|' | '&~', x: Range, y: Range): Range {
  if (x.low < 0 || y.low < 0) return { low: 0, high: operator === '|' ? 2 ** 31 - 1 : x.high }
  switch (operator) {
    case '|':
      return { low: leastOr(x, y), high: greatestOr(x, y) }
    case '&':
      return both(x, y)
    case '&~':
      return both(x, complement(y))
  }
}

const both = (x: Range, y: Range): Range => ({
  low: not(greatestOr(complement(x), complement(y))),
  high: not(leastOr(complement(x), complement(y))),
})

const not = (x: number): number => ~x >>> 0
const complement = ({ low, high }: Range): Range => ({ low: not(high), high: not(low) })

/** The bits of 32, from the highest. */
const bits: readonly number[] = Array.from({ length: 32 }, (_, n) => (1 << (31 - n)) >>> 0)

function leastOr({ low: a, high: b }: Range, { low: c, high: d }: Range): number {
  for (const bit of bits) {
    // The one that lacks a bit of the other may have it in place of all lower ones.
    if ((~a & c & bit) !== 0) {
      const raised = ((a | bit) & -bit) >>> 0
      if (raised <= b) return (raised | c) >>> 0
    } else if ((a & ~c & bit) !== 0) {
      const raised = ((c | bit) & -bit) >>> 0
      if (raised <= d) return (a | raised) >>> 0
    }
  }
  return (a | c) >>> 0
}

function greatestOr({ low: a, high: b }: Range, { low: c, high: d }: Range): number {
  for (const bit of bits) {
    if ((b & d & bit) === 0) continue
    // at a bit that both have, one may have 0 there and 1 in all lower bits
    const one = ((b - bit) | (bit - 1)) >>> 0
    if (one >= a) return (one | d) >>> 0
    const other = ((d - bit) | (bit - 1)) >>> 0
    if (other >= c) return (b | other) >>> 0
  }
  return (b | d) >>> 0
}
