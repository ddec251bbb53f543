/**
 * The division of the states among workers. A worker that finds a state of another has to send it, so most
 * transitions should stay with one worker: it follows from bits of a state that seldom change which worker has it
 * (docs/decisions/0012-two-workers.md). Any division leads to the same result; this one costs little.
 */
import type { Oracle } from '../../engine/oracle.ts'
import { packed } from '../../engine/states.ts'

/** Some walks through the graph, and what was met on them. */
interface Sample {
  /** States, each once. */
  readonly states: readonly Uint8Array[]
  /** By bit of a state: the transitions that change it. */
  readonly changes: readonly number[]
}

/** The steps of a walk, and of all walks, states, and transitions of which the sample has enough. */
const most = { walk: 128, steps: 6000, states: 1500, transitions: 30_000 } as const
/** Of the successors of one state, so many are looked at, from the first to the last. */
const mostOfOne = 64

/** The number of the next transition to take: no chance, but without a pattern. */
const chosen = (step: number, count: number): number => (Math.imul(step + 1, 0x9e3779b1) >>> 8) % count

function sampleOf({ orbits, stateBytes, ...oracle }: Oracle, initial: readonly Uint8Array[]): Sample {
  const states = new Map<string, Uint8Array>()
  const changes = Array.from({ length: 8 * stateBytes }, () => 0)
  let transitions = 0
  const count = (before: Uint8Array, after: Uint8Array): void => {
    transitions++
    before.forEach((byte, n) => {
      for (let left = byte ^ (after[n] ?? 0), bit = 8 * n; left > 0; left >>= 1, bit++)
        if ((left & 1) === 1) changes[bit] = (changes[bit] ?? 0) + 1
    })
  }
  let state: Uint8Array | undefined
  const isEnough = (): boolean => states.size >= most.states || transitions >= most.transitions
  for (let step = 0; step < most.steps && !isEnough(); step++) {
    if (state === undefined || step % most.walk === 0) {
      const begin = initial[chosen(step, initial.length)]
      if (begin === undefined) break
      state = orbits.formOf(begin).state
    }
    const before = state
    states.set(before.join(), before)
    const { count: successors, states: all } = oracle.successorsOfAll(before)
    const every = Math.max(1, Math.ceil(successors / mostOfOne))
    const forms = Array.from({ length: Math.ceil(successors / every) }, (_, n) => {
      const at = n * every * stateBytes
      return orbits.formOf(all.slice(at, at + stateBytes)).state
    })
    for (const after of forms) count(before, after)
    state = forms[chosen(step, forms.length)]
  }
  return { states: [...states.values()], changes }
}

const hasBit = (bytes: Uint8Array, bit: number): boolean => (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1

/** Classes of states, each by its number, when one more bit tells states apart. */
function divided(states: readonly Uint8Array[], classes: readonly number[], bit: number): readonly number[] {
  const numbers = new Map<number, number>()
  return states.map((state, n) => {
    const key = 2 * (classes[n] ?? 0) + (hasBit(state, bit) ? 1 : 0)
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
}

/** How many classes of equal size would divide the states as evenly. */
function evenness(classes: readonly number[]): number {
  const sizes: number[] = []
  for (const one of classes) sizes[one] = (sizes[one] ?? 0) + 1
  return classes.length ** 2 / sizes.reduce((sum, size) => sum + size ** 2, 0)
}

/** A hash deals classes to workers. With so many for each, their shares are nearly equal, in each level as well. */
const classesPerWorker = 16

/**
 * The bits of a state from which it follows which worker has it, those that are 1: the bits that change least, as many
 * as divide the states evenly enough.
 *
 * @param oracle to be asked for the sample; it may have any findings afterwards
 * @param initial packed
 */
export function ownerMask(oracle: Oracle, initial: readonly (readonly bigint[])[], workers: number): Uint8Array {
  const { states, changes } = sampleOf(oracle, initial.map(packed))
  const mask = new Uint8Array(oracle.stateBytes)
  const rateOf = (bit: number): number => changes[bit] ?? 0
  const changing = [...changes.keys()].filter((bit) => rateOf(bit) > 0).toSorted((a, b) => rateOf(a) - rateOf(b))
  let classes: readonly number[] = states.map(() => 0)
  for (const bit of changing) {
    mask[bit >> 3] = (mask[bit >> 3] ?? 0) | (1 << (bit & 7))
    classes = divided(states, classes, bit)
    if (evenness(classes) >= classesPerWorker * workers) return mask
  }
  return mask.fill(0xff)
}
