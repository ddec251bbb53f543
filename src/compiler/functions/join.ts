/** Both sides of a test inside a transition, which meet again: one state for both. */
import { get, i32, type W } from '../../wasm/expression.ts'
import { commonFacts } from './facts.ts'
import { currentWord, fork, untouched, wordAt, type PackedState } from './state.ts'
import type { Writing } from './writing.ts'

/** A side of a test. `ends`: writes what may differ between the sides. */
interface Side {
  readonly state: PackedState
  readonly ends: (() => void)[]
}

/**
 * Writes both sides. In the state as it is after them stand words for whichever was taken.
 *
 *     (if (truth) (then (side true) (set ...)) (else (side false) (set ...)))
 */
export function emitBoth(
  w: Writing,
  truth: W,
  state: PackedState,
  side: (outcome: boolean, state: PackedState) => void,
): void {
  const then: Side = { state: fork(state), ends: [] }
  const otherwise: Side = { state: fork(state), ends: [] }
  const sideOf = (outcome: boolean): Side => (outcome ? then : otherwise)
  w.f.branch(
    truth,
    (outcome) => {
      side(outcome, sideOf(outcome).state)
    },
    () => {
      joinWords(w, state, [then, otherwise])
      joinCovers(w, state, [then, otherwise])
      return (outcome) => {
        for (const end of sideOf(outcome).ends) end()
      }
    },
  )
  state.facts = commonFacts(state.facts, then.state.facts, otherwise.state.facts)
}

/** A word that differs becomes a local that each side sets. */
function joinWords(w: Writing, state: PackedState, [then, otherwise]: readonly [Side, Side]): void {
  state.words.forEach((_, i) => {
    const word = wordAt(then.state, i)
    if (word === wordAt(otherwise.state, i)) {
      state.words[i] = word
      return
    }
    const local = w.f.local('i64')
    for (const side of [then, otherwise])
      side.ends.push(() => {
        w.f.set(local, currentWord(w, side.state, i))
      })
    state.words[i] = untouched(get(local, 'i64'))
  })
}

/** A `cover` is witnessed only if its side was taken. */
function joinCovers(w: Writing, state: PackedState, sides: readonly Side[]): void {
  const known = state.covers.length
  for (const side of sides) {
    for (const { property, seen: onSide } of side.state.covers.slice(known)) {
      const seen = w.f.local('i32')
      w.f.set(seen, i32(0))
      side.ends.push(() => {
        w.f.set(seen, onSide)
      })
      state.covers = [...state.covers, { property, seen: get(seen, 'i32') }]
    }
  }
}
