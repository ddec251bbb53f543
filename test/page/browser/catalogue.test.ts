/** Counterexamples of every model as pages: none has an error. `npm run confirm:pages` draws all of them. */
import { expect, test } from 'vitest'
import { LOCKS } from '../pages.ts'
import { executable, WITHOUT } from './browser.ts'
import { problemsOf } from './rendered.ts'

const modelOf = (file: string): string => file.split('/')[1] ?? ''

test.skipIf(executable === undefined)(`the first of each model${WITHOUT}`, async () => {
  const first = LOCKS.filter((file, n) => modelOf(file) !== modelOf(LOCKS[n - 1] ?? ''))
  expect(first.length).toBeGreaterThan(15)
  expect(await problemsOf(first)).toEqual([])
})
