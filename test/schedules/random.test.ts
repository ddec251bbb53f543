/** Chance: the same on every machine, different in every run, and even. */
import { expect, test } from 'vitest'
import { chance, xoshiro128 } from '../../src/schedules/random.ts'

const drawn = (seed: number, run: number, below: number, count: number): readonly number[] => {
  const draw = chance(seed, run)
  return Array.from({ length: count }, () => draw(below))
}

test('the words of the reference implementation', () => {
  const next = xoshiro128([1, 2, 3, 4])
  expect(Array.from({ length: 10 }, next)).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ])
})

test('does not change', () => {
  expect(drawn(1, 1, 100, 12).join(' ')).toMatchInlineSnapshot(`"55 40 11 11 38 80 80 35 84 1 38 81"`)
  expect(drawn(2017, 4_000_000_000, 6, 20).join(' ')).toMatchInlineSnapshot(`"0 1 2 3 2 5 0 4 1 2 2 4 4 2 0 3 4 3 5 4"`)
  expect(drawn(Number.MAX_SAFE_INTEGER, 1, 2, 20).join(' ')).toMatchInlineSnapshot(
    `"1 1 1 1 0 0 1 0 1 1 0 0 1 1 0 0 1 1 1 0"`,
  )
})

test('no two runs are alike, of one seed or of several', () => {
  const texts = [0, 1, 2, 2 ** 32].flatMap((seed) =>
    Array.from({ length: 2_000 }, (_, run) => drawn(seed, run, 2 ** 20, 4).join()),
  )
  expect(new Set(texts).size).toBe(texts.length)
})

test.each([2, 3, 7, 100])('below %i each number comes about as often', (below) => {
  const counts = Array.from({ length: below }, () => 0)
  for (let run = 0; run < 100; run++)
    for (const number of drawn(3, run, below, 1_000)) counts[number] = (counts[number] ?? 0) + 1
  const expected = 100_000 / below
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // Beyond five standard deviations of its distribution nobody believes in chance.
  expect(chiSquare).toBeLessThan(below - 1 + 5 * Math.sqrt(2 * (below - 1)))
})
