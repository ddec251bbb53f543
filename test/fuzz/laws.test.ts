/** The laws of what is said of a property, on random models; `npm run fuzz` goes on with others. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import {
  array,
  assert,
  assign,
  bool,
  configured,
  either,
  int,
  label,
  local,
  loop,
  no,
  not,
  shared,
  skip,
  variable,
  wait,
} from '../support/ast.ts'
import { breaches } from './laws.ts'
import { modelArbitrary } from './model-arbitrary.ts'
import { drawFrom } from './pairs/systematic.ts'

describe('what is said of a property does not depend on what else is asked', () => {
  test.each(Array.from({ length: 8 }, (_, batch) => batch))(
    'on random models, %i of 8',
    { timeout: 1_200_000 },
    async (batch) => {
      const property = fc.asyncProperty(modelArbitrary, async (model) => {
        expect(await breaches(model, { draw: drawFrom(batch) })).toEqual([])
      })
      await fc.assert(property, { numRuns: 5, seed: 100 + batch, endOnFailure: true })
    },
  )

  const never = variable('never', bool)
  const toggling = [loop(0, label(1, true), assign(shared('x'), not(shared('x'))))]
  const models: Readonly<Record<string, ConfiguredModel>> = {
    'where a variable that nothing reads goes on changing': configured({
      variables: [never, variable('x', bool)],
      threads: [{ body: [wait(shared('never'))] }, { body: toggling }],
      properties: [
        { name: 'deadlock', kind: 'deadlock' },
        { name: 'x', kind: 'sometimes', condition: shared('x') },
      ],
    }),
    'where only a local goes on changing': configured({
      variables: [never],
      threads: [
        { body: [wait(shared('never'))] },
        { locals: [bool], body: [loop(0, label(1, true), either([assign(local(0), not(local(0))), skip], [skip]))] },
      ],
      properties: [{ name: 'deadlock', kind: 'deadlock' }],
    }),
    'behind an assertion that fails': configured({
      variables: [variable('x', int(0, 2)), variable('cells', array(int(0, 1), bool))],
      threads: [
        {
          body: [
            assert('A', no),
            assign(shared('x'), { kind: 'literal', value: 1, type: int(1, 1) }),
            assert('B', no),
            skip,
          ],
        },
      ],
      properties: [
        { name: 'A', kind: 'assertion' },
        { name: 'B', kind: 'assertion' },
        { name: 'recoverable', kind: 'recoverable' },
        {
          name: 'x',
          kind: 'invariant',
          condition: {
            kind: 'binary',
            operator: '==',
            left: shared('x'),
            right: { kind: 'literal', value: 0, type: int(0, 0) },
          },
        },
      ],
    }),
  }
  test.each(Object.entries(models))('%s', async (_name, model) => {
    expect(await breaches(model, { draw: drawFrom(1), flags: [{ workers: 2 }] })).toEqual([])
  })
})
