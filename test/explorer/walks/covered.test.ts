/** The tables of what walks came by count as sets do. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { covered } from '../../../src/explorer/walks/covered.ts'

const word = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 0xffffffff }), fc.constantFrom(0, 0x80000000, 0xffffffff))

test('distinct states and transitions', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.tuple(fc.array(word, { minLength: 4, maxLength: 4 }), fc.nat({ max: 300 })), {
        maxLength: 4000,
        size: 'max',
      }),
      (width, met) => {
        const tables = covered(width)
        const numbers = new Map<string, number>()
        const transitions = new Set<string>()
        for (const [words, possibility] of met) {
          const state = tables.state(Uint32Array.from([7, ...words]), 1)
          const key = words.slice(0, width).join(' ')
          expect(state).toBe(numbers.get(key) ?? numbers.size)
          numbers.set(key, state)
          tables.transition(state, possibility)
          transitions.add(`${key}: ${possibility}`)
        }
        expect([tables.states(), tables.transitions(), tables.full()]).toEqual([numbers.size, transitions.size, false])
      },
    ),
    { numRuns: 30 },
  )
})

test('a full table counts nothing new, and says so', () => {
  const tables = covered(1, 2)
  const meet = (state: number): void => {
    tables.transition(tables.state(Uint32Array.of(state), 0), 0)
  }
  meet(5)
  meet(6)
  expect(tables.full()).toBe(false)
  meet(7)
  meet(5)
  expect([tables.states(), tables.transitions(), tables.full()]).toEqual([2, 2, true])
})
