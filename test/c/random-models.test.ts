/** Random models as C: the driver counts and finds what a check does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { differences, runModel, sanitized, writeModel } from '../support/native.ts'

const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-c-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test.each([1, 2, 3, 4])('what the driver says is what a check says, seed %i', { timeout: 600_000 }, async (seed) => {
  let models = 0
  const law = fc.asyncProperty(modelArbitrary, async (model) => {
    fc.pre(referenceCheck(model, { maxTransitions: 2_000 }).complete)
    models += 1
    writeModel(model, folder)
    expect(await differences(model, runModel(folder, sanitized))).toEqual([])
  })
  await fc.assert(law, { numRuns: 6, seed, endOnFailure: true })
  expect(models).toBe(6)
})
