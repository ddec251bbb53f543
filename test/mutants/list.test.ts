/** The list of faults cannot rot: each still says where it would be. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutants } from './list.ts'
import { placesOf } from './place.ts'

test('there are enough of them, all different', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(25)
  expect(new Set(mutants.map(({ what }) => what)).size).toBe(mutants.length)
})
test.each(mutants)('$what', ({ file, within, find, replace, tests }) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  expect(placesOf(text, { within, find })).toHaveLength(1)
  expect(replace).not.toBe(find)
  expect(tests.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([])
})
