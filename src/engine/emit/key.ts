/**
 * The key of a state is what the visited set holds of it: the state itself, or its fingerprint
 * (docs/decisions/0014-fingerprints.md). The hash of a state follows from its key alone, so that keys can be moved
 * without their states.
 */
import type { Func } from '../../wasm/function.ts'
import { const64, local64, type I64 } from '../../wasm/typed.ts'
import { fingerprintConstants } from '../fingerprint.ts'
import { emitHash } from './hash.ts'
import type { EngineScope } from './scope.ts'
import type { Words } from './words.ts'

export interface Key {
  readonly words: Words
  readonly hash: I64
}

/** The key of a state. */
export function emitKey(f: Func, scope: EngineScope, state: Words): Key {
  const { fingerprint } = scope.options
  if (fingerprint === undefined) return { words: state, hash: emitHash(f, scope, state) }
  const { bits, seed } = fingerprint
  return keyOfFingerprint(emitFingerprint(f, state, bits, fingerprintConstants(seed, state.length)))
}

/** The key that was found as these words before. */
export const emitKnownKey = (f: Func, scope: EngineScope, [first, ...others]: Words): Key => {
  const words = first === undefined ? [] : [first, ...others]
  return scope.options.fingerprint !== undefined && first !== undefined
    ? keyOfFingerprint(first)
    : { words, hash: emitHash(f, scope, words) }
}

const keyOfFingerprint = (fingerprint: I64): Key => ({ words: [fingerprint], hash: fingerprint })

const low = 0xffffffffn

/**
 * Two sums of the halves of the words, each half times a constant of its own; the high half of each sum is half of the
 * fingerprint. Then bits are mixed, one to one, so that states that are alike do not have homes that are.
 */
function emitFingerprint(f: Func, state: Words, bits: number, constants: readonly (readonly bigint[])[]): I64 {
  const sums = constants.map(([first = 0n, ...factors]) => {
    const sum = local64(f)
    sum.set(const64(first))
    state.forEach((word, n) => {
      const [lower = 0n, upper = 0n] = factors.slice(2 * n)
      sum.set(sum.add(word.and(low).mul(lower)))
      sum.set(sum.add(word.shr(32n).mul(upper)))
    })
    return sum
  })
  const [one = const64(0n), other = const64(0n)] = sums
  const fingerprint = local64(f)
  fingerprint.set(one.and(low << 32n).or(other.shr(32n)))
  if (bits < 64) fingerprint.set(fingerprint.shr(BigInt(64 - bits)))
  for (const [shift, factor] of [
    [32n, 0xd6e8feb86659fd93n],
    [32n, 0xbf58476d1ce4e5b9n],
  ] as const) {
    fingerprint.set(fingerprint.xor(fingerprint.shr(shift)))
    fingerprint.set(fingerprint.mul(factor))
  }
  fingerprint.set(fingerprint.xor(fingerprint.shr(32n)))
  return fingerprint
}
