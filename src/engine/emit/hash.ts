/** The hash of a state says where it has its home, which bucket it belongs to, and its place among those sent lately. */
import type { Func } from '../../wasm/function.ts'
import { const32, const64, local64, type I32, type I64 } from '../../wasm/typed.ts'
import { bucketBits, control, type MemoryPlan } from '../memory.ts'
import { hasFingerprints, type EngineScope } from './scope.ts'
import { wordsAt, type Words } from './words.ts'

/** Odd numbers without a pattern, as those of splitmix64 and of other mixers of this kind. */
const [firstFactor, wordFactor, lastFactor] = [0x9e3779b97f4a7c15n, 0xd6e8feb86659fd93n, 0xbf58476d1ce4e5b9n] as const

/** Mixes the words of a state: `high` bits for the home, others for the bucket, the lowest for the cache. */
export function emitHash(f: Func, { options: { hashBits = 64 } }: EngineScope, [first, ...others]: Words): I64 {
  const hash = local64(f)
  if (first === undefined) throw new RangeError('a state without words')
  hash.set(first.mul(firstFactor))
  for (const word of others) {
    hash.set(hash.xor(hash.shr(32n)))
    hash.set(hash.xor(word).mul(wordFactor))
  }
  hash.set(hash.xor(hash.shr(32n)))
  hash.set(hash.mul(lastFactor))
  if (hashBits < 64) hash.set(hash.and(((1n << BigInt(hashBits)) - 1n) << BigInt(64 - hashBits)))
  return hash
}

/**
 * The address of the home slot: the high 32 bits times the number of homes, shifted down by 32. As the capacity grows,
 * homes keep their order.
 */
export const homeOf = ({ table, stateBytes, homeSlots }: MemoryPlan, hash: I64): I32 =>
  slotAt(
    { table, stateBytes: homeSlots * stateBytes },
    hash.shr(32n).mul(control.homes.load().extend()).shr(32n).wrap(),
  )

/** The address of the slot with this number. */
export const slotAt = ({ table, stateBytes }: Pick<MemoryPlan, 'table' | 'stateBytes'>, slot: I32): I32 =>
  const32(table).add(slot.mul(stateBytes))

/**
 * The outbox for the bucket of a state. Bits 18 to 24 of its hash choose the partition of a worker. A hash of the bits
 * in `ownerMask` chooses the worker; where tables have fingerprints in place of states, bits 25 to 31 do.
 */
export function outboxOf(f: Func, scope: EngineScope, state: Words, hash: I64): I32 {
  const { routes } = scope.plan
  const { owner, part } = bucketBits
  const bits = (of: I64, first: number, count: number): I64 => of.shr(BigInt(first)).and((1n << BigInt(count)) - 1n)
  const chooses = hasFingerprints(scope) ? bits(hash, 18 + part, owner) : bits(ownerHash(f, scope, state), 57, owner)
  return routes.load(chooses.or(bits(hash, 18, part).mul(1n << BigInt(owner))).wrap())
}

/** Mixes the bits of a state by which its worker is chosen: the highest seven are used. */
function ownerHash(f: Func, { plan: { ownerMask, words } }: EngineScope, state: Words): I64 {
  const hash = local64(f)
  const masks = wordsAt(words, ownerMask.start)
  hash.set(const64(0n))
  state.forEach((word, n) => {
    const mask = masks[n]
    if (mask === undefined) return
    hash.set(hash.xor(hash.shr(32n)).xor(word.and(mask)).mul(wordFactor))
  })
  hash.set(hash.xor(hash.shr(32n)).mul(lastFactor))
  return hash
}

/** The place among the states sent lately: the lowest bits. */
export const recentPlaceOf = ({ recent }: MemoryPlan, hash: I64): I32 => recent.at(hash.wrap().and(recent.count - 1))
