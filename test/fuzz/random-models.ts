/**
 * The engine and the interpreter on 1,000 random models, and what these models are like; in four files, so that each
 * core has its share. `npm run fuzz` goes on with others.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, report } from './compare.ts'
import { modelArbitrary } from './model-arbitrary.ts'
import { everything, portrait, statisticsOf } from './statistics.ts'
import type { Portrait } from './statistics.ts'

const FILES = 4
const SEEDS = 20
const RUNS = 50

const options = { maxTransitions: 1_000, maxStates: 30, engine: { partitionBytes: 2 ** 22 } }

/** @param file which of the four */
export function testRandomModels(file: 1 | 2 | 3 | 4): void {
  const portraits: Portrait[] = []
  const seeds = Array.from({ length: SEEDS }, (_, seed) => seed).filter((seed) => seed % FILES === file - 1)

  describe('engine and interpreter agree', () => {
    test.each(seeds)(`on random models, seed %i of ${SEEDS}`, { timeout: 1_200_000 }, async (seed) => {
      const property = fc.asyncProperty(modelArbitrary, async (model) => {
        const { difference, reference } = await compare(model, options)
        if (difference !== undefined) throw new Error(`${difference}\n\n${await report(model, options)}`)
        portraits.push(portrait(model, reference))
      })
      await fc.assert(property, { numRuns: RUNS, seed, endOnFailure: true })
    })
  })

  test('the random models are worth it', () => {
    const { models, medianStates, violated, contended, over64, over128, parts } = statisticsOf(portraits)
    expect(models).toBe((SEEDS / FILES) * RUNS)
    expect(medianStates).toBeGreaterThanOrEqual(200)
    expect(contended).toBeGreaterThanOrEqual(0.4)
    expect(violated).toBeGreaterThanOrEqual(0.2)
    expect(over64).toBeGreaterThanOrEqual(0.1)
    expect(over128).toBeGreaterThanOrEqual(0.1)
    expect(everything.filter((part) => (parts[part] ?? 0) < 0.05)).toEqual([])
  })
}
