/**
 * Verdicts and shortest lengths of every kind of property, said beforehand, and the same with one, two and three
 * workers.
 */
import { describe, expect, test, vi } from 'vitest'
import { configured } from '../support/ast.ts'
import { agree, said } from '../support/engine.ts'
import { rows } from './property-rows.ts'

vi.setConfig({ testTimeout: 60_000 })

describe.each(rows.map((row, n) => ({ ...row, n })))(
  '$what',
  ({ n, variables = [], threads, properties, expected }) => {
    const model = configured({ variables, threads, properties })
    test('is judged so', async () => {
      const one = await said(model)
      expect(one.properties).toEqual(expected)
      // to start workers takes long: every other row has two or three
      if (n % 2 === 0) expect(await said(model, { workers: n % 4 === 0 ? 2 : 3 })).toEqual(one)
    })
    test('is judged so by the interpreter', async () => {
      await agree(model)
    })
  },
)
