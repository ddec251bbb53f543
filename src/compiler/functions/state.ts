/**
 * The packed state while a transition is written: words in locals that are set once, and what is about to be written
 * to them.
 */
import type { Func } from '../../wasm/function.ts'
import { binaryOp, get, i64, loadAt, wrap64, type W } from '../../wasm/expression.ts'
import { internal } from '../encoding.ts'
import type { Layout } from '../layout.ts'
import type { Fact } from '../facts.ts'
import { keep, type Writing } from './writing.ts'

/** A value that is about to be put into a word; its local is set already. */
interface Pending {
  readonly shift: number
  readonly bits: number
  readonly value: W
}
/** A word: its old value, the bits that are replaced by known ones, and those that are replaced by values. */
export interface Word {
  readonly base: W
  readonly clear: bigint
  readonly set: bigint
  readonly pending: readonly Pending[]
}

/** A `cover` that the path has met. */
export interface CoverSeen {
  readonly property: string
  /** Whether it was witnessed. */
  readonly seen: W
}

export interface PackedState {
  readonly words: Word[]
  /** The facts that `IfSome` and `Match` have just tested. */
  facts: readonly Fact[]
  covers: readonly CoverSeen[]
}

export const untouched = (base: W): Word => ({ base, clear: 0n, set: 0n, pending: [] })
export const fork = (s: PackedState): PackedState => ({ words: [...s.words], facts: s.facts, covers: s.covers })

/** A number of ones at that place of a word. */
export const fieldMask = (bits: number, shift: number): bigint => ((1n << BigInt(bits)) - 1n) << BigInt(shift)

/** The state at an address, its words in locals. */
export function stateIn(f: Func, { words, passing }: Layout, address: W): PackedState {
  const all: Word[] = []
  for (let i = 0; i < words; i++) {
    const local = f.local('i64')
    f.set(local, loadAt(64, address, 8 * i))
    all.push(untouched(get(local, 'i64')))
  }
  for (let i = 0; i < passing; i++) all.push(untouched(i64(0)))
  return { words: all, facts: [], covers: [] }
}

export const wordAt = (s: PackedState, index: number): Word => s.words[index] ?? internal('a word beyond the state')

/** The word as it is now. */
export function currentWord(w: Writing, s: PackedState, index: number): W {
  const word = wordAt(s, index)
  if (word.clear === 0n) return word.base
  const base = keep(w, valueOf(word), true)
  s.words[index] = untouched(base)
  return base
}

function valueOf(word: Word): W {
  let v = word.clear === 0n ? word.base : binaryOp('and64', word.base, i64(wrap64(~word.clear)))
  v = binaryOp('or64', v, i64(word.set))
  for (const p of word.pending) v = binaryOp('or64', v, binaryOp('shl64', p.value, i64(p.shift)))
  return v
}
