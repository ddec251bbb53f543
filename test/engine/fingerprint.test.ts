/** Fingerprints by themselves: the emitted code is the function that the decision names, and as good as it says. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { moduleOf } from '../../src/engine/code.ts'
import { fingerprintConstants, omissionBound, type Fingerprint } from '../../src/engine/fingerprint.ts'
import { partition, type Partition } from '../../src/engine/partition.ts'
import { packed } from '../../src/engine/states.ts'
import { wide } from '../support/counters.ts'

type State = readonly bigint[]

/** The sums of docs/decisions/0014-fingerprints.md, before bits are mixed. */
function fingerprintOf(state: State, { bits, seed }: Fingerprint): bigint {
  const halves = state.flatMap((word) => [word & 0xffffffffn, word >> 32n])
  const [high = 0n, low = 0n] = fingerprintConstants(seed, state.length).map(([first = 0n, ...factors]) =>
    BigInt.asUintN(
      64,
      halves.reduce((sum, half, n) => sum + half * (factors[n] ?? 0n), first),
    ),
  )
  return (((high >> 32n) << 32n) | (low >> 32n)) >> BigInt(64 - bits)
}

function setOf(words: number, fingerprint: Fingerprint): Partition {
  const compiled = compile(wide(64 * words))
  const options = { fingerprint }
  return partition(compiled, moduleOf(compiled, options), { ...options, log: 0, tableBytes: 0 })
}

/** Takes states in, as a search takes its initial ones. */
function insert({ visited, expander, sizes }: Partition, states: readonly State[]): void {
  for (let from = 0; from < states.length; from += sizes.insertStates) {
    while (visited.isFull()) if (!visited.grow(2 ** 30)) throw new Error('no room')
    expander.seed(states.slice(from, from + sizes.insertStates), from)
  }
}

/** States that are alike: few bits of few words are different. */
const alike = (count: number, words: number): readonly State[] =>
  Array.from({ length: count }, (_, n) =>
    Array.from({ length: words }, (_word, at) => (at === n % words ? BigInt(n) << BigInt((7 * at) % 40) : 3n)),
  )

/** States of bits without a pattern. */
function without(count: number, words: number): readonly State[] {
  const [all = []] = fingerprintConstants(99, count * words)
  return Array.from({ length: count }, (_, n) => all.slice(n * words, (n + 1) * words))
}

describe.each([1, 2, 3, 5])('states of %i words', (words) => {
  test.each([6, 10, 14, 64])('%i bits: there are as many keys as fingerprints', (bits) => {
    const states = alike(3_000, words)
    const fingerprint = { bits, seed: 4 }
    const set = setOf(words, fingerprint)
    insert(set, states)
    const expected = new Set(states.map((state) => fingerprintOf(state, fingerprint)))
    expect(set.visited.size()).toBe(expected.size)
    expect(expected.size).toBeLessThanOrEqual(Math.min(states.length, 2 ** bits))
    for (const state of states.slice(0, 200)) {
      const slot = set.visited.find(packed(state))
      expect(slot === 0 ? set.visited.holdsZero() : slot > 0).toBe(true)
    }
  })

  test.each<readonly [string, readonly State[], least: number, most: number]>([
    ['without a pattern', without(200, words), 0.75, 1.25],
    // these have one fingerprint many at a time, or not at all
    ['that are alike', alike(200, words), 0, 1.5],
  ])('pairs %s have one fingerprint as often as the bound says', (_, all, least, most) => {
    const states = [...new Map(all.map((state) => [state.join(), state])).values()]
    const [seeds, bits] = [400, 15]
    let pairs = 0
    for (let seed = 0; seed < seeds; seed++) {
      const counts = new Map<bigint, number>()
      for (const state of states) {
        const key = fingerprintOf(state, { bits, seed })
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      for (const count of counts.values()) pairs += (count * (count - 1)) / 2
    }
    const expected = seeds * omissionBound(states.length, { bits, seed: 0 })
    expect(pairs).toBeGreaterThanOrEqual(least * expected)
    expect(pairs).toBeLessThanOrEqual(most * expected)
  })
})

test('the bound', () => {
  const of64 = (stored: number): number => omissionBound(stored, { bits: 64, seed: 0 })
  expect([of64(0), of64(1)]).toEqual([0, 2 ** -64])
  expect(of64(1e9)).toBeCloseTo(0.0271, 4)
  expect(omissionBound(1000, { bits: 8, seed: 0 })).toBe(1)
})
