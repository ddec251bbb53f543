/** `npm run confirm:pages`: every counterexample of the catalogue is a page without an error. */
import { expect, test } from 'vitest'
import { LOCKS } from '../pages.ts'
import { problemsOf } from './rendered.ts'

test(`all ${LOCKS.length}`, async () => {
  expect(await problemsOf(LOCKS)).toEqual([])
})
