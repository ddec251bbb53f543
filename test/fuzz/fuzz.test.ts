/**
 * The engine and the interpreter on 1,000 random models, and what these models are like. `npm run fuzz` goes on with
 * others.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, report } from './compare.ts'
import { found } from './found.ts'
import { modelArbitrary } from './model-arbitrary.ts'
import { everything, portrait, statisticsOf } from './statistics.ts'
import type { Portrait } from './statistics.ts'

const options = { maxTransitions: 1_000, maxStates: 30, engine: { partitionBytes: 2 ** 22 } }
const portraits: Portrait[] = []

describe('engine and interpreter agree', () => {
  test.each(found)('on what once differed: $what', async ({ model }) => {
    expect((await compare(model)).difference).toBeUndefined()
  })
  test.each(Array.from({ length: 20 }, (_, batch) => batch))(
    'on random models, %i of 20',
    { timeout: 1_200_000 },
    async (batch) => {
      const property = fc.asyncProperty(modelArbitrary, async (model) => {
        const { difference, reference } = await compare(model, options)
        if (difference !== undefined) throw new Error(`${difference}\n\n${await report(model, options)}`)
        portraits.push(portrait(model, reference))
      })
      await fc.assert(property, { numRuns: 50, seed: batch, endOnFailure: true })
    },
  )
})

test('the random models are worth it', () => {
  const { models, medianStates, violated, contended, over64, over128, parts } = statisticsOf(portraits)
  expect(models).toBe(1_000)
  expect(medianStates).toBeGreaterThanOrEqual(200)
  expect(contended).toBeGreaterThanOrEqual(0.4)
  expect(violated).toBeGreaterThanOrEqual(0.2)
  expect(over64).toBeGreaterThanOrEqual(0.1)
  expect(over128).toBeGreaterThanOrEqual(0.1)
  expect(everything.filter((part) => (parts[part] ?? 0) < 0.05)).toEqual([])
})
