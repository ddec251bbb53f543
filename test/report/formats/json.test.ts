/** The document of `show --format json`: every document that is printed fits its schema in docs/. */
import { expect, test } from 'vitest'
import { traceSchema } from '../../support/documents.ts'
import { traced } from './support.ts'

test.each(['P-NOUAF', 'lock-deadlock', 'P-NOUAF-possible'] as const)('%s', async (name) => {
  const { trace } = await traced(name)
  expect(
    traceSchema
      .safeParse({ schema: 2, version: '1', schedule: undefined, outcome: 'confirmed', trace })
      .error?.issues.map(({ path }) => path.join('.')),
  ).toEqual(['schedule'])
})
