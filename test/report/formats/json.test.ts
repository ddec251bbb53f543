/** The document of `show --format json`: its schema is the one in docs/, and every document that is printed fits it. */
import { z } from 'zod'
import { expect, test } from 'vitest'
import { traceSchema } from '../../../src/report/formats/schema.ts'
import { traced } from './support.ts'

test('docs/trace.schema.json is made from the schema the code has (vitest -u writes it anew)', async () => {
  const { $schema, ...rest } = z.toJSONSchema(traceSchema, { target: 'draft-2020-12' })
  await expect(
    `${JSON.stringify({ $schema, title: 'What hmmcheck show --format json prints', ...rest }, undefined, 2)}\n`,
  ).toMatchFileSnapshot('../../../docs/trace.schema.json')
})

test.each(['P-NOUAF', 'lock-deadlock', 'P-NOUAF-possible'] as const)('%s', async (name) => {
  const { trace } = await traced(name)
  expect(
    traceSchema
      .safeParse({ schema: 1, version: '1', schedule: undefined, outcome: 'confirmed', trace })
      .error?.issues.map(({ path }) => path.join('.')),
  ).toEqual(['schedule'])
})
