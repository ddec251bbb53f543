/** The hash of a state says where it has its home, which bucket it belongs to, and its place among those sent lately. */
import type { Func } from '../../wasm/function.ts'
import { const32, const64, local64, type I32, type I64 } from '../../wasm/typed.ts'
import { control, type MemoryPlan } from '../memory.ts'
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

/** The bits of a hash, from this one up, that say which partition of a worker has the state. */
const partFrom = 18
/** Where tables have fingerprints in place of states: the bits that say which worker has it. */
const ownerFrom = 25

/**
 * The outbox for the bucket of a state. Seven bits of its hash choose the partition of a worker, where it has several. A
 * hash of the bits in `ownerMask` chooses the worker, where there are several; seven other bits of the hash do where
 * tables have fingerprints in place of states.
 */
export function outboxOf(f: Func, scope: EngineScope, state: Words, hash: I64): I32 {
  const { routes, bucketBits } = scope.plan
  const bits = (from: number, count: number): I64 => hash.shr(BigInt(from)).and((1n << BigInt(count)) - 1n)
  const chosen: I64[] = []
  if (bucketBits.owner > 0)
    chosen.push(hasFingerprints(scope) ? bits(ownerFrom, bucketBits.owner) : ownerBits(f, scope, state))
  if (bucketBits.part > 0) chosen.push(bits(partFrom, bucketBits.part).mul(1n << BigInt(bucketBits.owner)))
  return routes.load(chosen.reduce((all, some) => all.or(some)).wrap())
}

/** The owner bits of a bucket: the highest of a hash of the bits by which the worker is chosen. */
function ownerBits(f: Func, { plan: { ownerMask, words, bucketBits } }: EngineScope, state: Words): I64 {
  const masked = wordsAt(words, ownerMask.start).map((mask, n) => mask.and(state[n] ?? const64(0n)))
  const hash = local64(f)
  hash.set(masked.reduce((mixed, word) => mixed.mul(wordFactor).xor(word)))
  return hash.mul(lastFactor).shr(BigInt(64 - bucketBits.owner))
}

/** The place among the states sent lately: the lowest bits. */
export const recentPlaceOf = ({ recent }: MemoryPlan, hash: I64): I32 => recent.at(hash.wrap().and(recent.count - 1))
