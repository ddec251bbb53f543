/**
 * Fingerprints: 64 bits that stand for a state in the visited set. Two states may have one fingerprint; the one that is
 * found later is then taken for known, and omitted. docs/decisions/0014-fingerprints.md says how likely that is.
 */

export interface Fingerprint {
  /** Its bits: 64, or fewer in tests, so that states are omitted. */
  readonly bits: number
  /** Chooses the function from its family. */
  readonly seed: number
}

export const fingerprintBits = 64

/** splitmix64: numbers without a pattern, the same for each seed. */
function randomWords(seed: number): () => bigint {
  let state = BigInt.asUintN(64, BigInt(seed))
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n)
    let word = state
    word = BigInt.asUintN(64, (word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n)
    word = BigInt.asUintN(64, (word ^ (word >> 27n)) * 0x94d049bb133111ebn)
    return word ^ (word >> 31n)
  }
}

/** For each half of a fingerprint: a summand, and a factor for each half of each word of a state. */
export function fingerprintConstants(seed: number, words: number): readonly (readonly bigint[])[] {
  const next = randomWords(seed)
  return Array.from({ length: 2 }, () => Array.from({ length: 1 + 2 * words }, next))
}

/**
 * An upper bound of the probability that a search which has stored so many states has omitted one: n (n + 1) / 2 pairs,
 * each of which has one fingerprint with probability 2^-bits.
 */
export const omissionBound = (stored: number, { bits }: Fingerprint): number =>
  Math.min(1, (stored * (stored + 1)) / 2 ** (bits + 1))
