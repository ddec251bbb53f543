/** The text about fingerprints: that nothing was found, and how sure that is. */
import type { CheckResult, FingerprintOutcome, PropertyResult } from '../explorer/result.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { plural } from './numbers.ts'

/** What was not found of a property that is `not-found`. */
export const notFoundText = (kind: PropertyResult['kind']): string =>
  `no ${kinds[kind].outcome === 'witnessed' ? 'witness' : 'violation'} was found`

/** `2.4e-8`, `0.13`: rounded up, since it is a bound. */
export function showBound(bound: number): string {
  if (bound >= 1) return '1'
  if (bound === 0) return '0'
  const exponent = Math.floor(Math.log10(bound))
  const tenths = Math.ceil(bound / 10 ** (exponent - 1))
  return exponent >= -2 ? (tenths * 10 ** (exponent - 1)).toFixed(1 - exponent) : `${tenths / 10}e${exponent}`
}

/** One line on what was stored in place of states. */
export const fingerprintLines = ({ fingerprint, stored }: CheckResult): readonly string[] =>
  fingerprint === undefined ? [] : [fingerprintLine(fingerprint, stored)]

const fingerprintLine = ({ bits, seed, omission }: FingerprintOutcome, stored: number): string =>
  `fingerprints of ${plural(bits, 'bit')} in place of states (seed ${seed}); the probability that a state was omitted is at most ${showBound(omission)}: n (n + 1) / 2^${bits + 1}, n = ${plural(stored, 'state')} stored`
