/**
 * `npm run confirm:all`: a second search confirms the length of every counterexample of the catalogue, whatever the
 * number of states.
 */
import { expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { levelSearch } from '../support/level-search.ts'
import { lengthsOf, modelOf, targetsOf } from '../support/targets.ts'

/** As pairs: `$title` would cut off a long one. */
const violated = targetsOf(catalogue)
  .filter(({ target }) => target.expectation?.verdict === 'violated')
  .map(({ title, target }) => [title, target] as const)

test.each(violated)('%s', async (_, target) => {
  const lengths = await lengthsOf(target)
  expect(Object.keys(lengths).length).toBeGreaterThan(0)
  expect(Object.fromEntries(levelSearch(modelOf(target), Object.keys(lengths)).shortest)).toMatchObject(lengths)
})
