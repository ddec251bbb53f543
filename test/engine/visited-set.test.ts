/**
 * The visited set by itself: states are random words, which no model has to reach, and a JavaScript Set says what it
 * should hold.
 */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { moduleOf } from '../../src/engine/code.ts'
import { planOf } from '../../src/engine/memory.ts'
import { partition, type Partition } from '../../src/engine/partition.ts'
import { packed, unpacked } from '../../src/engine/states.ts'
import { wide } from '../support/counters.ts'

vi.setConfig({ testTimeout: 120_000 })

type State = readonly bigint[]
const keyOf = (state: State): string => state.join()

/** An empty set of states of so many words, with the smallest table. */
function empty(words: number, hashBits?: number): Partition {
  const compiled = compile(wide(64 * words))
  const options = hashBits === undefined ? {} : { hashBits }
  return partition(compiled, moduleOf(compiled, options), { ...options, log: 0, tableBytes: 0 })
}

/** Puts states in, and makes room as a search does. */
function insert({ visited, expander, sizes }: Partition, states: readonly State[]): void {
  for (let from = 0; from < states.length; from += sizes.insertStates) {
    while (visited.isFull()) if (!visited.grow(2 ** 30)) throw new Error('no room')
    const some = states.slice(from, from + sizes.insertStates)
    const bytes = new Uint8Array(some.length * sizes.stateBytes)
    some.forEach((state, n) => {
      bytes.set(packed(state), n * sizes.stateBytes)
    })
    expander.insertAll({ states: bytes, count: some.length })
  }
}

/** Slots of the table in which a state of one word can have its home. */
const capacityOf = ({ visited }: Partition): number => visited.slots() - 1 - planOf(compile(wide(64)), {}).tailSlots

const slotOf = ({ visited }: Partition, state: State): number => visited.find(packed(state))
const isIn = (set: Partition, state: State): boolean =>
  state.every((word) => word === 0n) ? set.visited.holdsZero() : slotOf(set, state) > 0

/** A generator of words that is the same in each run: splitmix64. */
function words(seed: bigint): () => bigint {
  let state = seed
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n)
    const mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n)
    return mixed ^ (mixed >> 27n)
  }
}
const randomStates = (count: number, width: number, seed = 1n): readonly State[] => {
  const next = words(seed)
  return Array.from({ length: count }, () => Array.from({ length: width }, next))
}

/** Words of which states are often alike: in all but one word, or with words of zero bits. */
const word = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 63n, 2n ** 64n - 1n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
const stateOf = (width: number): fc.Arbitrary<State> => fc.array(word, { minLength: width, maxLength: width })

describe.each([1, 2, 3, 5])('states of %i words', (width) => {
  test.each([undefined, 1, 3])('hold what a Set holds, with %s bits of hash', (hashBits) => {
    fc.assert(
      fc.property(
        fc.array(fc.array(stateOf(width), { maxLength: 40 }), { maxLength: 6 }),
        fc.array(stateOf(width), { maxLength: 20 }),
        (rounds, others) => {
          const set = empty(width, hashBits)
          const held = new Set<string>()
          for (const states of rounds) {
            insert(set, states)
            for (const state of states) held.add(keyOf(state))
            expect(set.visited.size()).toBe(held.size)
          }
          for (const state of [...rounds.flat(), ...others]) expect(isIn(set, state)).toBe(held.has(keyOf(state)))
        },
      ),
      { numRuns: 25 },
    )
  })

  test('grow: nothing is lost, nothing is there twice', () => {
    const states = randomStates(30_000, width)
    const set = empty(width)
    const slotsAtFirst = set.visited.slots()
    insert(set, states)
    insert(set, states.slice(0, 5_000))
    expect(set.visited.size()).toBe(30_000)
    expect(set.visited.slots()).toBeGreaterThan(2 * slotsAtFirst)
    const slots = new Set(states.map((state) => slotOf(set, state)))
    expect(slots.size).toBe(30_000)
    expect(Math.min(...slots)).toBeGreaterThan(0)
    expect(Math.max(...slots)).toBeLessThan(set.visited.slots())
    for (const state of randomStates(1_000, width, 2n)) expect(slotOf(set, state)).toBe(-1)
  })

  test('are given out as they came in, once, and the slots are free then', () => {
    const states = randomStates(3_000, width)
    const set = empty(width)
    insert(set, states)
    const out: string[] = []
    set.visited.drain(({ states: bytes, count }) => {
      const size = bytes.length / count
      for (let n = 0; n < count; n++) out.push(keyOf(unpacked(bytes.slice(n * size, (n + 1) * size))))
    })
    expect(out.toSorted()).toEqual(states.map(keyOf).toSorted())
    for (const state of states.slice(0, 100)) expect(slotOf(set, state)).toBe(-1)
  })
})

test('the state of zero bits has no slot: it is held by a flag, counted once, and kept when the table grows', () => {
  const set = empty(2)
  const zero = [0n, 0n]
  expect([set.visited.holdsZero(), slotOf(set, zero)]).toEqual([false, 0])
  insert(set, [zero, [0n, 1n], zero, [1n, 0n]])
  insert(set, [zero])
  expect([set.visited.size(), set.visited.holdsZero(), slotOf(set, zero)]).toEqual([3, true, 0])
  expect(set.visited.grow(2 ** 30)).toBe(true)
  expect([set.visited.size(), set.visited.holdsZero()]).toEqual([3, true])
  expect(slotOf(set, [0n, 1n])).not.toBe(slotOf(set, [1n, 0n]))
  const out: number[] = []
  set.visited.drain(({ count }) => out.push(count))
  expect(out.reduce((sum, count) => sum + count, 0)).toBe(2)
})

describe('at the end of the table', () => {
  /** States whose homes are the last ones: each is found by looking where it stands alone. */
  function atTheEnd(count: number): readonly State[] {
    const found: State[] = []
    const capacity = capacityOf(empty(1))
    for (let seed = 1n; found.length < count; seed++) {
      const states = randomStates(4_000, 1, seed)
      const set = empty(1)
      insert(set, states)
      found.push(...states.filter((state) => slotOf(set, state) > 0.98 * capacity))
    }
    return found.slice(0, count)
  }

  test('probing goes on in the tail, and never wraps; where it comes too far, the table counts as full', () => {
    const states = atTheEnd(1_500)
    const set = empty(1)
    const some = states.slice(0, 600)
    insert(set, some)
    const capacity = capacityOf(set)
    expect(Math.max(...some.map((state) => slotOf(set, state)))).toBeGreaterThan(capacity)
    expect(Math.min(...some.map((state) => slotOf(set, state)))).toBeGreaterThan(0.9 * capacity)
    expect(set.visited.isFull()).toBe(false)

    // few states, and all of them in one place: only what stands far behind the capacity tells that there is no room
    const full = empty(1)
    full.expander.insertAll({ states: joined(states), count: states.length })
    expect(full.visited.size()).toBe(1_500)
    expect(full.visited.isFull()).toBe(true)
    expect(full.visited.grow(2 ** 30)).toBe(true)
    expect(full.visited.isFull()).toBe(false)
    expect(new Set(states.map((state) => slotOf(full, state))).size).toBe(1_500)
  })

  const joined = (states: readonly State[]): Uint8Array => {
    const bytes = new Uint8Array(states.length * 8)
    states.forEach((state, n) => {
      bytes.set(packed(state), 8 * n)
    })
    return bytes
  }
})

// few homes, so that states stand far behind them: what is moved in place may not come to stand before its home
test.each([1, 2, 3])('crowds grow: %i bits of hash', (hashBits) => {
  const states = randomStates(20_000, 1)
  const set = empty(1, hashBits)
  const inserted: State[] = []
  for (let from = 0; from < states.length; from += 500) {
    if (set.visited.isFull() && !set.visited.grow(2 ** 30)) throw new Error('no room')
    const some = states.slice(from, from + 500)
    insert(set, some)
    inserted.push(...some)
  }
  expect(set.visited.size()).toBe(inserted.length)
  expect(new Set(inserted.map((state) => slotOf(set, state))).size).toBe(inserted.length)
  expect(slotOf(set, [12_345n])).toBe(-1)
})

test.each([1, 2, 3, 17])('a table of %i words grows as long as it may, by a tenth at least', (width) => {
  const { visited, sizes } = empty(width)
  for (let slots = visited.slots(); slots * sizes.stateBytes < 2 ** 27; slots = visited.slots()) {
    expect(visited.grow(2 ** 30)).toBe(true)
    expect(visited.slots()).toBeGreaterThan(1.1 * slots)
  }
})

test('a table grows only as far as there is memory to spare', () => {
  const { visited, sizes } = empty(1)
  const bytes = (): number => visited.slots() * sizes.stateBytes
  while (bytes() < 2 ** 24) visited.grow(2 ** 30)
  const before = bytes()
  expect(visited.grow(2 ** 30, 2 ** 22)).toBe(true)
  expect(bytes() - before).toBeGreaterThan(2 ** 20)
  expect(bytes() - before).toBeLessThanOrEqual(2 ** 22)
  expect(visited.grow(2 ** 30, 2 ** 10)).toBe(false)
  expect(visited.canGrow(2 ** 30)).toBe(true)
  expect(visited.canGrow(bytes())).toBe(false)
})

test('a table that may not grow says so', () => {
  const set = empty(1)
  const bytes = capacityOf(set) * 8
  expect(set.visited.grow(bytes)).toBe(false)
  expect(set.visited.grow(2 * bytes)).toBe(true)
})
