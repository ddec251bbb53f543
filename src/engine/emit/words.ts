/** States in emitted code: their words, in memory or in locals. */
import type { Func } from '../../wasm/function.ts'
import { const64, all, load64, local64, store64, type I32, type I64, type Local64 } from '../../wasm/typed.ts'

/** The words of a state. */
export type Words = readonly I64[]

const wordBytes = 8

/** The words at an address. */
export const wordsAt = (count: number, address: I32): Words =>
  Array.from({ length: count }, (_, n) => load64(address, wordBytes * n))

/** Locals for the words of a state. */
export const localWords = (f: Func, count: number): readonly Local64[] =>
  Array.from({ length: count }, () => local64(f))

/** Loads a state into locals. */
export function loadWords(words: readonly Local64[], address: I32): void {
  words.forEach((word, n) => {
    word.set(load64(address, wordBytes * n))
  })
}

export function storeWords(f: Func, address: I32, words: Words): void {
  words.forEach((word, n) => {
    store64(f, address, word, wordBytes * n)
  })
}

/** Frees a slot: all its words become 0. */
export function clearWords(f: Func, address: I32, count: number): void {
  storeWords(
    f,
    address,
    Array.from({ length: count }, () => const64(0n)),
  )
}

/** Is every bit 0? So is every bit of a free slot. */
export const isZero = (words: Words): I32 => words.reduce((a, b) => a.or(b)).isZero()

/** Are they the same state? */
export const areEqual = (left: Words, right: Words): I32 => all(left.map((word, n) => word.eq(right[n] ?? const64(0n))))
