/** The ranges of arithmetic, against all pairs of all small ranges: neither too wide nor too narrow. */
import { expect, test } from 'vitest'
import { rangeOfBits, rangeOfRest, type Range } from '../../src/language/ranges.ts'

const ranges = (low: number, high: number): readonly Range[] =>
  Array.from({ length: high - low + 1 }, (_, a) =>
    Array.from({ length: high - low - a + 1 }, (_unused, b) => ({ low: low + a, high: low + a + b })),
  ).flat()
const numbers = ({ low, high }: Range): readonly number[] => Array.from({ length: high - low + 1 }, (_, n) => low + n)
const extremes = (all: readonly number[]): Range => ({ low: Math.min(...all), high: Math.max(...all) })

const operations = {
  '&': (x: number, y: number) => x & y,
  '|': (x: number, y: number) => x | y,
  '&~': (x: number, y: number) => x & ~y,
}

test.each(['&', '|', '&~'] as const)('%s', (operator) => {
  const wrong = ranges(0, 12).flatMap((x) =>
    ranges(0, 12).flatMap((y) => {
      const exact = extremes(numbers(x).flatMap((a) => numbers(y).map((b) => operations[operator](a, b))))
      const found = rangeOfBits(operator, x, y)
      return found.low === exact.low && found.high === exact.high ? [] : [{ x, y, exact, found }]
    }),
  )
  expect(wrong).toEqual([])
})

test('bits of large numbers', () => {
  const most = 2 ** 31 - 1
  expect(rangeOfBits('|', { low: 2 ** 30, high: most }, { low: 1, high: 1 })).toEqual({ low: 2 ** 30 + 1, high: most })
  expect(rangeOfBits('&', { low: 0, high: most }, { low: most, high: most })).toEqual({ low: 0, high: most })
  expect(rangeOfBits('&~', { low: most, high: most }, { low: 1, high: 2 })).toEqual({ low: most - 2, high: most - 1 })
})

test('modulo, of negative numbers too', () => {
  const wrong = ranges(-9, 9).flatMap((x) =>
    [1, 2, 3, 4, 7, 20].flatMap((n) => {
      const exact = extremes(numbers(x).map((a) => (a + 20 * n) % n))
      const found = rangeOfRest(x, n)
      return found.low === exact.low && found.high === exact.high ? [] : [{ x, n, exact, found }]
    }),
  )
  expect(wrong).toEqual([])
})
