/**
 * The way through the table from the home of a state on. A state of one or two words has its home at the beginning of
 * a line of the cache, and the slots of a line are compared all at once; a longer one has it at a slot of its own.
 */
import type { Func } from '../../wasm/function.ts'
import { forever, when } from '../../wasm/control.ts'
import { const32, load128, local128, local64, pair, twice } from '../../wasm/typed.ts'
import type { I32, I64, Local128, Local32, V128 } from '../../wasm/typed.ts'
import type { MemoryPlan } from '../memory.ts'
import { areEqual, isZero, loadWords, wordsAt, type Words } from './words.ts'

/** Actions when a probe ends. */
export interface ProbeEnds {
  readonly found?: () => void
  readonly free?: () => void
}

/**
 * Looks a state up, which is not the one of zero bits, from the slot in `slot` on, its home. Leaves in `slot` where it
 * would stand, and where it stands if there is something to be done there.
 */
export function emitProbe(f: Func, plan: MemoryPlan, state: Words, slot: Local32, ends: ProbeEnds): void {
  const [first, second] = state
  if (first === undefined) throw new RangeError('a state without words')
  if (plan.homeSlots === 1) emitProbeSlots(f, plan, state, slot, ends)
  else if (second === undefined) emitProbeLines(f, plan, slot, ends, linesOfWords(f, first))
  else emitProbeLines(f, plan, slot, ends, linesOfPairs(f, first, second))
}

/**
 * Slot by slot.
 *
 *     (loop $again
 *       (value := first word of the slot)
 *       (if (the slot holds the state) (found) (br $done))
 *       (if (the slot is free) (free) (br $done))
 *       (slot := next slot)
 *       (br $again))
 */
function emitProbeSlots(
  f: Func,
  { words, stateBytes }: MemoryPlan,
  [first, ...others]: Words,
  slot: Local32,
  { found, free }: ProbeEnds,
): void {
  const [, ...otherWords] = wordsAt(words, slot)
  const value = local64(f)
  forever(f, (done) => {
    loadWords([value], slot)
    when(f, first === undefined ? const32(0) : value.eq(first), () => {
      when(f, areEqual(otherWords, others), () => {
        found?.()
        f.br(done)
      })
    })
    when(f, value.isZero(), () => {
      when(f, otherWords.length === 0 ? const32(1) : isZero(otherWords), () => {
        free?.()
        f.br(done)
      })
    })
    slot.set(slot.add(stateBytes))
  })
}

/** Some of the slots of a line: whether there are any, and the number of the first of them. */
interface SomeSlots {
  readonly any: I32
  readonly first: I32
}

/** The slots of the line that was loaded last. */
interface Lines {
  load(address: I32): void
  readonly equal: SomeSlots
  readonly free: SomeSlots
}

/**
 * Line by line. The slots of a line are taken from the first to the last.
 *
 *     (loop $again
 *       (if (a slot of the line holds the state) (found) (br $done))
 *       (if (a slot of the line is free) (slot := the first) (free) (br $done))
 *       (slot := next line)
 *       (br $again))
 */
function emitProbeLines(
  f: Func,
  { stateBytes, homeSlots }: MemoryPlan,
  slot: Local32,
  { found, free }: ProbeEnds,
  lines: Lines,
): void {
  const goTo = ({ first }: SomeSlots): void => {
    slot.set(slot.add(first.mul(stateBytes)))
  }
  forever(f, (done) => {
    lines.load(slot)
    when(f, lines.equal.any, () => {
      if (found !== undefined) {
        goTo(lines.equal)
        found()
      }
      f.br(done)
    })
    when(f, lines.free.any, () => {
      if (free !== undefined) {
        goTo(lines.free)
        free()
      }
      f.br(done)
    })
    slot.set(slot.add(homeSlots * stateBytes))
  })
}

const vectorBytes = 16
const vectorsOfLine = 4

const locals128 = (f: Func): readonly Local128[] => Array.from({ length: vectorsOfLine }, () => local128(f))
const loadLine = (vectors: readonly Local128[], address: I32): void => {
  vectors.forEach((vector, n) => {
    vector.set(load128(address, n * vectorBytes))
  })
}

/** Lines of eight words: each vector has two. */
function linesOfWords(f: Func, word: I64): Lines {
  const vectors = locals128(f)
  const [wanted, none] = [local128(f), local128(f)]
  wanted.set(twice(word))
  none.set(twice(0n))
  const slotsWith = (value: V128): SomeSlots => {
    const equal = vectors.map((vector) => vector.eq(value))
    return {
      any: equal.reduce((a, b) => a.or(b)).any(),
      first: equal
        .map((one, n) => one.signs().shl(2 * n))
        .reduce((a, b) => a.or(b))
        .trailingZeros(),
    }
  }
  return {
    load(address) {
      loadLine(vectors, address)
    },
    equal: slotsWith(wanted),
    free: slotsWith(none),
  }
}

/** Lines of four pairs of words: each vector is one. */
function linesOfPairs(f: Func, low: I64, high: I64): Lines {
  const vectors = locals128(f)
  const wanted = local128(f)
  wanted.set(pair(low, high))
  const slotsWith = (differing: readonly V128[]): SomeSlots => ({
    any: differing
      .map((one) => one.any())
      .reduce((a, b) => a.and(b))
      .isZero(),
    first: differing
      .map((one, n) => one.any().isZero().shl(n))
      .reduce((a, b) => a.or(b))
      .trailingZeros(),
  })
  return {
    load(address) {
      loadLine(vectors, address)
    },
    equal: slotsWith(vectors.map((vector) => vector.xor(wanted))),
    free: slotsWith(vectors),
  }
}
