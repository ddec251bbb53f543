/** The hash of a state says where it has its home, which bucket it belongs to, and its place among those sent lately. */
import type { Func } from '../../wasm/function.ts'
import { const32, local64, type I32, type I64 } from '../../wasm/typed.ts'
import { bucketBits, control, type MemoryPlan } from '../memory.ts'
import type { EngineScope } from './scope.ts'
import type { Words } from './words.ts'

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

/** The outbox for the state's bucket: bits 20 to 31 name the bucket. */
export const outboxOf = ({ routes }: MemoryPlan, hash: I64): I32 =>
  routes.load(
    hash
      .shr(20n)
      .and((1n << BigInt(bucketBits)) - 1n)
      .wrap(),
  )

/** The place among the states sent lately: the lowest bits. */
export const recentPlaceOf = ({ recent }: MemoryPlan, hash: I64): I32 => recent.at(hash.wrap().and(recent.count - 1))
