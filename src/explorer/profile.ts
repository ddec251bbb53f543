/**
 * The profile of the number of states: for each variable, field, local and control point how many values it has among
 * the states, and how many states there were if it were left out, since states that differ in nothing else are one
 * then.
 *
 * The counts are exact, over the first states that a search finds: over all, if there are not more.
 */
import type { Compiled } from '../compiler/compile.ts'
import { fieldsOf, type PackedField, type FieldBits, type Point } from '../compiler/fields.ts'
import type { Levels } from './levels.ts'
import type { Prepared } from './prepare.ts'
import type { Profile, ProfiledField } from './result.ts'
import { searchInThisThread } from './search.ts'

/** States that are looked at, at most. More cost seconds, and say the same. */
export const profileLimit = 200_000

/** The first states of a search, one after the other, as 32-bit halves of their words. */
interface Sample {
  readonly halves: Uint32Array
  readonly stride: number
  readonly count: number
  readonly complete: boolean
}

/** @param limit states that are looked at, at most: `profileLimit`, or as many as the search has found */
export async function profileOf(
  { compiled, initial }: Pick<Prepared, 'compiled' | 'initial'>,
  limit: number,
): Promise<Profile> {
  const sample = await sampleOf(compiled, initial, limit)
  const distinct = counter(sample.count)
  const all = fieldsOf(compiled)
  const fields = all.map((field): ProfiledField => {
    const { kind, thread, name } = field
    const own = masked(sample, field.bits)
    const rest = sample.halves.map((half, n) => half ^ (own[n] ?? 0))
    const told =
      kind === 'point'
        ? withHolders(
            sample,
            rest,
            all.filter((one) => one.kind === 'local' && one.thread === thread),
          )
        : rest
    return { kind, ...(thread === undefined ? {} : { thread }), name, values: distinct(own), without: distinct(told) }
  })
  return {
    states: sample.count,
    complete: sample.complete,
    fields: fields.filter(({ values }) => values > 1).sort((a, b) => a.without - b.without || b.values - a.values),
  }
}

async function sampleOf(compiled: Compiled, initial: Prepared['initial'], limit: number): Promise<Sample> {
  const { words } = compiled.layout
  const parts: Uint32Array[] = []
  let count = 0
  const levels: Pick<Levels, 'keep' | 'keeping'> = {
    keep: (chunk) => {
      const taken = Math.min(chunk.count, limit - count)
      const bytes = chunk.states.slice(0, taken * words * 8)
      parts.push(new Uint32Array(bytes.buffer, 0, taken * words * 2))
      count += taken
    },
    keeping: () => count < limit,
  }
  const search = await searchInThisThread(compiled, initial, {
    workers: 1,
    partitionBytes: 2 ** 30,
    startBytes: 2 ** 23,
    levels,
    // A level may be very much larger than the one before it; the part of it that is kept is not more than the rest.
    stop: ({ states: found }) => (found > 20 * limit ? 'max-states' : undefined),
    enough: () => count >= limit,
  })
  search.close()
  const { incomplete, states } = search
  const stride = 2 * words
  const halves = new Uint32Array(count * stride)
  let at = 0
  for (const part of parts) {
    halves.set(part, at)
    at += part.length
  }
  return { halves, stride, count, complete: incomplete === undefined && states === count }
}

/** The bits of a field in every state; all others are zero. */
function masked({ halves, stride, count }: Sample, bits: PackedField['bits']): Uint32Array {
  const own = new Uint32Array(halves.length)
  for (const { word, mask, at } of bits) {
    const [low, high] = halvesOf(mask),
      place = 2 * word
    for (let n = 0; n < count; n++) {
      const state = n * stride
      if (at !== undefined && !at.points.has(pointIn(halves, state, at.point))) continue
      own[state + place] = (own[state + place] ?? 0) | ((halves[state + place] ?? 0) & low)
      own[state + place + 1] = (own[state + place + 1] ?? 0) | ((halves[state + place + 1] ?? 0) & high)
    }
  }
  return own
}

const halvesOf = (mask: bigint): readonly [low: number, high: number] => [
  Number(mask & 0xffff_ffffn),
  Number(mask >> 32n),
]

/**
 * States without the control points of a thread. Its locals share bits, and the control point says whose they are. So
 * the set of locals that hold something takes its place, for each instance. (Zero takes no bits, or bits of its own.)
 */
function withHolders(
  { halves, stride, count }: Sample,
  rest: Uint32Array,
  locals: readonly PackedField[],
): Uint32Array {
  const instances = new Map<string, (FieldBits & Required<Pick<FieldBits, 'at'>>)[]>()
  for (const { word, mask, at } of locals.flatMap(({ bits }) => bits)) {
    if (at === undefined) continue
    const key = `${at.point.word} ${at.point.shift}`
    const known = instances.get(key)
    if (known === undefined) instances.set(key, [{ word, mask, at }])
    else known.push({ word, mask, at })
  }
  const wide = stride + instances.size
  const told = new Uint32Array(count * wide)
  for (let n = 0; n < count; n++) told.set(rest.subarray(n * stride, (n + 1) * stride), n * wide)
  let column = stride
  for (const bits of instances.values()) {
    const sets = new Map<string, number>()
    const looked = bits.map(({ word, mask, at }) => ({ place: 2 * word, masks: halvesOf(mask), at }))
    for (let n = 0; n < count; n++) {
      const state = n * stride
      let set = ''
      looked.forEach(({ place, masks: [low, high], at }, one) => {
        if ((((halves[state + place] ?? 0) & low) | ((halves[state + place + 1] ?? 0) & high)) === 0) return
        if (at.points.has(pointIn(halves, state, at.point))) set += `${one} `
      })
      const id = sets.get(set) ?? sets.size
      sets.set(set, id)
      told[n * wide + column] = id
    }
    column++
  }
  return told
}

/** The control point of a thread in the state that begins there. */
function pointIn(halves: Uint32Array, state: number, { word, shift, bits }: Point): number {
  const low = halves[state + 2 * word] ?? 0,
    high = halves[state + 2 * word + 1] ?? 0
  const from = shift >= 32 ? high >>> (shift - 32) : shift === 0 ? low : (low >>> shift) | (high << (32 - shift))
  return from & (2 ** bits - 1)
}

/**
 * Counts the different ones among `count` rows of 32-bit numbers of one length. The rows themselves are compared, not
 * only their hashes.
 */
function counter(count: number): (all: Uint32Array) => number {
  const slots = 2 ** Math.ceil(Math.log2(2 * count + 2))
  const first = new Int32Array(slots)
  return (all) => {
    first.fill(-1)
    const stride = count === 0 ? 0 : all.length / count
    const isSame = (a: number, b: number): boolean => {
      for (let n = 0; n < stride; n++) if (all[a * stride + n] !== all[b * stride + n]) return false
      return true
    }
    let distinct = 0
    for (let one = 0; one < count; one++) {
      let hash = 0
      for (let n = 0; n < stride; n++)
        hash = Math.imul((hash ^ (all[one * stride + n] ?? 0)) + (hash >>> 15), 0x9e3779b1)
      hash ^= hash >>> 16
      for (let slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
        const known = first[slot] ?? -1
        if (known < 0) {
          first[slot] = one
          distinct++
          break
        }
        if (isSame(known, one)) break
      }
    }
    return distinct
  }
}
