/** The small models of the catalogue in the worker of a page; `npm run confirm:all` has the larger ones. */
import { expect, test } from 'vitest'
import { agrees, runsOf } from './agreement.ts'
import { startWorker } from './support.ts'

const runs = runsOf(0, 2_000)
const asked = await startWorker()

test('there are some', () => {
  expect(runs.length).toBeGreaterThan(3)
})

test.each(runs)('%s@%s', async (model, variant) => {
  await agrees(asked, model, variant)
})
