/**
 * Chance that is the same on every machine: xoshiro128** of Blackman and Vigna (2018), started from two numbers by
 * splitmix32.
 */
import type { ChanceState } from '../engine/walks/strategy.ts'
import type { Draw } from './strategies/strategy.ts'

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/** Words of 32 bits, one after the other. */
interface Words {
  (): number
  /** From here on the same words come from these four. */
  readonly state: () => ChanceState
}

/** Words of 32 bits, from four that are not all zero. */
export function xoshiro128(state: ChanceState): Words {
  let [a, b, c, d] = state
  const next = (): number => {
    const drawn = Math.imul(rotated(Math.imul(b, 5), 7), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, 11)
    return drawn >>> 0
  }
  return Object.assign(next, { state: (): ChanceState => [a, b, c, d] })
}

/** The chance of a run. */
export interface Chance extends Draw {
  /** Of what is drawn from here on. */
  readonly state: () => ChanceState
}

/**
 * The chance of one run of many: runs of one seed differ, and each can be repeated without those before it.
 *
 * @param seed any whole number
 * @param run its number
 */
export function chance(seed: number, run: number): Chance {
  let mixing =
    Math.imul(seed, 0x9e3779b1) ^
    Math.imul(run, 0x85ebca77) ^
    Math.floor(seed / 2 ** 32) ^
    Math.imul(Math.floor(run / 2 ** 32), 0xc2b2ae3d)
  const word = (): number => {
    mixing = (mixing + 0x9e3779b9) | 0
    let z = mixing
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  const next = xoshiro128([word(), word(), word(), word()])
  // The bias is below one in a million for bounds of thousands.
  const draw = (below: number): number => Math.floor((next() / 2 ** 32) * below)
  return Object.assign(draw, { state: next.state })
}
