/** The models of the catalogue with up to 100,000 states in the worker of a page. */
import { test } from 'vitest'
import { agrees, runsOf } from './agreement.ts'
import { startWorker } from './support.ts'

const asked = await startWorker()

test.each(runsOf(2_000, 100_000))('%s@%s', async (model, variant) => {
  await agrees(asked, model, variant)
})
