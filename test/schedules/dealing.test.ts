/** Runs are dealt once each, the lowest first, to whoever asks; and no run after the end. */
import { expect, test } from 'vitest'
import { dealer, type Dealer } from '../../src/schedules/dealing.ts'

const taken = ({ take }: Dealer): readonly number[] => {
  const hand = take()
  return hand === undefined ? [] : Array.from({ length: hand.end - hand.first }, (_, n) => hand.first + n)
}
const dealersOf = (runs: number, hand: number): readonly [Dealer, Dealer] => {
  const one = dealer({ runs, hand }, { threads: 2 })
  return [one, dealer({ runs, hand }, one.shared)]
}

test('all of them', () => {
  const [one, other] = dealersOf(10, 4)
  expect([taken(one), taken(other), taken(one), taken(other)]).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10], []])
  expect([one.end(), other.end()]).toEqual([11, 11])
})

test('up to the first that ends them', () => {
  const [one, other] = dealersOf(100, 10)
  taken(one)
  other.endWith(25)
  one.endWith(37)
  expect([one.end(), other.end()]).toEqual([26, 26])
  expect(taken(other)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  expect(taken(one)).toEqual([21, 22, 23, 24, 25])
  expect(taken(other)).toEqual([])
})

test('those that were dealt when no more are', () => {
  const [one, other] = dealersOf(100, 10)
  taken(one)
  taken(other)
  one.close()
  one.close()
  expect([taken(one), taken(other), one.end()]).toEqual([[], [], 21])
  other.endWith(7)
  expect(one.end()).toBe(8)
})

test('none after the last, though they are closed late', () => {
  const [one] = dealersOf(5, 10)
  taken(one)
  one.close()
  expect(one.end()).toBe(6)
})

test('counts are those of all', () => {
  const [one, other] = dealersOf(10, 4)
  one.count(4, 400)
  other.count(3, 17)
  expect([one.runs(), other.steps()]).toEqual([7, 417])
})

test('a thread begins, or is dismissed, not both', () => {
  const [one, other] = dealersOf(10, 4)
  expect([other.begin(0), one.dismiss(0)]).toEqual([true, false])
  expect([one.dismiss(1), other.begin(1)]).toEqual([true, false])
})
