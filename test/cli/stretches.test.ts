/** Threads take each run once, and runs of one scenario one after the other. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shares, stretches } from '../../src/cli/stretches.ts'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { three } from './runners.ts'

test('the runs of one scenario of a model are a stretch, in their order', () => {
  const targets = catalogueTargets(three)
  const numbers = targets.map((_, n) => n)
  const found = stretches(targets, numbers)
  expect(found.flat().toSorted((a, b) => a - b)).toEqual(numbers)
  for (const one of found) {
    expect(one).toEqual(one.toSorted((a, b) => a - b))
    const [first] = one
    const of = (n: number | undefined): string => {
      const setting = targets[n ?? -1]?.setting
      return `${setting?.protocol.name} ${setting?.scenario.name}`
    }
    expect(numbers.filter((n) => of(n) === of(first))).toEqual(one)
  }
})

test('each number is taken once, whoever asks', () => {
  const law = fc.property(
    fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }),
    fc.array(fc.nat(2), { maxLength: 40 }),
    (lengths, asked) => {
      let count = 0
      const all = lengths.map((length) => Array.from({ length }, () => count++))
      const askers = [{}, {}, {}]
      const next = shares(all)
      const taken = asked.map((asker) => next(askers[asker] ?? {})).filter((one) => one !== undefined)
      expect(new Set(taken).size).toBe(taken.length)
      // somebody who asks until nothing is left gets all the others
      for (let one = next(askers[0] ?? {}); one !== undefined; one = next(askers[0] ?? {})) taken.push(one)
      expect(taken.toSorted((a, b) => a - b)).toEqual(all.flat())
    },
  )
  fc.assert(law)
})

test('who has begun a stretch goes on with it; at the end the longest is shared', () => {
  const next = shares([
    [0, 1, 2, 3],
    [4, 5],
  ])
  const [one, other] = [{}, {}]
  expect([next(one), next(other), next(one), next(other)]).toEqual([0, 4, 1, 5])
  expect([next(other), next(one), next(other)]).toEqual([3, 2, undefined])
})
