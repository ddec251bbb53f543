/** Whether a check stores fingerprints, by its options. */
import { fingerprintBits, type Fingerprint } from '../engine/fingerprint.ts'
import type { CheckSettings } from './result.ts'

/** The fingerprint that is stored in place of a state, if it was asked for. */
export const fingerprintOf = ({
  fingerprint = false,
  fingerprintSeed: seed = 0,
  fingerprintBits: bits = fingerprintBits,
}: CheckSettings): Fingerprint | undefined => (fingerprint ? { bits, seed } : undefined)
