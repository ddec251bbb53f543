/** The exchange of two elements in a packed state: the moves of an action, as shifts and masks. */
import type { Action, BitField, FieldCondition, FieldConditions, Move } from '../../compiler/symmetry/action.ts'
import { bitImages } from '../../compiler/symmetry/signature.ts'
import { binaryOp, either32, get, i64, loadAt, unary, type W } from '../../wasm/expression.ts'
import type { Func } from '../../wasm/function.ts'
import { load8, local32, parameter32, store8 } from '../../wasm/typed.ts'

/** A function while it is written: the words that it has loaded, each in a local, and those that it changes. */
interface Exchanging {
  readonly f: Func
  readonly words: Map<number, number>
  readonly changed: Set<number>
  /** Conditions that were computed, as 0 or 1 in a local. */
  readonly conditions: Map<string, number>
}

const state = parameter32(0)
const maskOf = (bits: number): bigint => (1n << BigInt(bits)) - 1n

/**
 * (address of a state, of its arrangement) Exchanges an element with the next.
 *
 *     (all bits that move whatever the state is, at once)
 *     (each other move, one after the other)
 *
 * @param element its number in the arrangement
 */
export function emitExchange(f: Func, action: Action, element: number): void {
  const e: Exchanging = { f, words: new Map(), changed: new Set(), conditions: new Map() }
  moveBits(e, action)
  for (const move of action) {
    if (move.kind === 'rename') rename(e, move)
    else if (move.when.length > 0) exchangeIf(e, move)
  }
  for (const word of e.changed) f.store(64, state.w, 8 * word, wordIn(e, word))
  const one = local32(f)
  const arrangement = parameter32(1)
  one.set(load8(arrangement, element))
  store8(f, arrangement, load8(arrangement, element + 1), element)
  store8(f, arrangement, one, element + 1)
}

/** A word as it is now. */
function wordIn({ f, words }: Exchanging, word: number): W {
  let local = words.get(word)
  if (local === undefined) {
    local = f.local('i64')
    f.set(local, loadAt(64, state.w, 8 * word))
    words.set(word, local)
  }
  return get(local, 'i64')
}
function change(e: Exchanging, word: number, flipped: W): void {
  const before = wordIn(e, word)
  e.f.set(e.words.get(word) ?? 0, binaryOp('xor64', before, flipped))
  e.changed.add(word)
}

const shifted = (value: W, by: number): W =>
  by >= 0 ? binaryOp('shl64', value, i64(by)) : binaryOp('shr64', value, i64(-by))

/** The bits that change places without a condition: masks and shifts, word by word. */
function moveBits(e: Exchanging, action: Action): void {
  /** By the word that bits come to: for the word that they come from and the distance, which of its bits. */
  const pieces = new Map<number, Map<string, { from: number; by: number; mask: bigint }>>()
  const arriving = new Map<number, bigint>()
  for (const [from, to] of bitImages(action)) {
    const [source, target] = [Math.floor(from / 64), Math.floor(to / 64)]
    const by = (to % 64) - (from % 64)
    const all = pieces.get(target) ?? new Map<string, { from: number; by: number; mask: bigint }>()
    pieces.set(target, all)
    const key = `${source}:${by}`
    const piece = all.get(key) ?? { from: source, by, mask: 0n }
    all.set(key, { ...piece, mask: piece.mask | (1n << BigInt(from % 64)) })
    arriving.set(target, (arriving.get(target) ?? 0n) | (1n << BigInt(to % 64)))
  }
  const moved = [...pieces].map(([target, all]) => {
    const kept = binaryOp('and64', wordIn(e, target), i64(maskOf(64) & ~(arriving.get(target) ?? 0n)))
    const value = [...all.values()]
      .map(({ from, by, mask }) => shifted(binaryOp('and64', wordIn(e, from), i64(mask)), by))
      .reduce((sum, piece) => binaryOp('or64', sum, piece), kept)
    const local = e.f.local('i64')
    e.f.set(local, value)
    return [target, local] as const
  })
  for (const [target, local] of moved) {
    e.words.set(target, local)
    e.changed.add(target)
  }
}

const valueOf = (e: Exchanging, { word, shift, bits }: BitField): W =>
  binaryOp('and64', binaryOp('shr64', wordIn(e, word), i64(shift)), i64(maskOf(bits)))

/** 1 if all of them hold, else 0; nothing if there are none. */
function truthOf(e: Exchanging, when: FieldConditions): W | undefined {
  const all = when.map((condition) => {
    const { field, among } = condition
    const key = JSON.stringify([field, [...among]])
    let local = e.conditions.get(key)
    if (local === undefined) {
      local = e.f.local('i64')
      e.f.set(local, holds(e, condition))
      e.conditions.set(key, local)
    }
    return get(local, 'i64')
  })
  return all.length === 0 ? undefined : all.reduce((one, other) => binaryOp('and64', one, other))
}

/** Values are looked up in words with a bit for each. */
function holds(e: Exchanging, { field, among }: FieldCondition): W {
  const value = e.f.local('i64')
  e.f.set(value, valueOf(e, field))
  const now = get(value, 'i64')
  const tables = new Map<number, bigint>()
  for (const one of among) {
    const table = Math.floor(one / 64)
    tables.set(table, (tables.get(table) ?? 0n) | (1n << BigInt(one % 64)))
  }
  // a shift takes the lowest six bits of its distance
  const found = (mask: bigint): W => binaryOp('and64', binaryOp('shr64', i64(mask), now), i64(1))
  if (field.bits <= 6) return found(tables.get(0) ?? 0n)
  return [...tables]
    .map(([table, mask]) => {
      const isThere = binaryOp('eq64', binaryOp('shr64', now, i64(6)), i64(table))
      return binaryOp('and64', found(mask), unary('extend', isThere))
    })
    .reduce((one, other) => binaryOp('or64', one, other), i64(0))
}

/** Two fields exchange what they hold, if the conditions hold. */
function exchangeIf(e: Exchanging, { fields: [one, other], when }: Extract<Move, { kind: 'exchange' }>): void {
  const truth = truthOf(e, when)
  const differing = e.f.local('i64')
  const difference = binaryOp('xor64', valueOf(e, one), valueOf(e, other))
  const mask = truth === undefined || one.bits === 1 ? truth : binaryOp('sub64', i64(0), truth)
  e.f.set(differing, mask === undefined ? difference : binaryOp('and64', difference, mask))
  for (const { word, shift } of [one, other]) change(e, word, shifted(get(differing, 'i64'), shift))
}

/** Ids become others, if the conditions hold. */
function rename(e: Exchanging, { field, pairs, when }: Extract<Move, { kind: 'rename' }>): void {
  const truth = truthOf(e, when)
  const value = e.f.local('i64')
  e.f.set(value, valueOf(e, field))
  const flips = pairs.map(([a, b]) => {
    const flip = i64(BigInt(a ^ b) << BigInt(field.shift))
    const is = (code: number): W => binaryOp('eq64', get(value, 'i64'), i64(code))
    const isOne = field.bits === 1 ? i64(1) : unary('extend', either32(is(a), is(b)))
    return binaryOp('mul64', truth === undefined ? isOne : binaryOp('and64', isOne, truth), flip)
  })
  change(
    e,
    field.word,
    flips.reduce((one, other) => binaryOp('or64', one, other)),
  )
}
