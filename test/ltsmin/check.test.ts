/** Checks by LTSmin find what a check by our own engine finds: with a stand-in for LTSmin, so that they run anywhere. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import { checkOn } from '../../src/explorer/checking.ts'
import type { CheckOptions, CheckResult } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { ltsminEngines, type LtsminEngine } from '../../src/ltsmin/engines.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { rows } from '../explorer/property-rows.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { configured } from '../support/ast.ts'
import { lostUpdate } from '../support/lost-update.ts'
import { notifier } from '../support/notifier.ts'
import { modelOf } from '../support/targets.ts'
import { differencesOf } from './compared.ts'
import { hostWith, placeForFolders, standInFor } from './tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-stand-in-'))
let variables: ReturnType<typeof standInFor>
beforeAll(() => {
  variables = standInFor(folder)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const byLtsmin = (model: ConfiguredModel, engine: LtsminEngine, options: CheckOptions = {}): Promise<CheckResult> =>
  checkOn(hostWith(variables, { engine }), model, { ...options, symmetry: false })

/** Both checks, compared. */
async function differences(
  model: ConfiguredModel,
  engine: LtsminEngine,
  options: CheckOptions = {},
): Promise<readonly string[]> {
  return differencesOf(await byLtsmin(model, engine, options), await check(model, { ...options, symmetry: false }))
}

const targets = catalogueTargets([lostUpdate, notifier]).map((target) => {
  const { protocol, variant, scenario } = target.setting
  return { title: `${protocol.name}@${variant.name} in ${scenario.name}`, target }
})

describe.each(ltsminEngines)('%s', (engine) => {
  test.each(targets)('$title', { timeout: 600_000 }, async ({ target }) => {
    expect(await differences(modelOf(target), engine)).toEqual([])
  })

  test.each(rows)(
    'a property by hand: $what',
    { timeout: 600_000 },
    async ({ threads, variables: all = [], properties }) => {
      expect(await differences(configured({ variables: all, threads, properties }), engine)).toEqual([])
    },
  )

  test.each([1, 2])('random models, seed %i', { timeout: 600_000 }, async (seed) => {
    const law = fc.asyncProperty(modelArbitrary, async (model) => {
      fc.pre(referenceCheck(model, { maxTransitions: 2_000 }).complete)
      expect(await differences(model, engine)).toEqual([])
    })
    await fc.assert(law, { numRuns: 5, seed, endOnFailure: true })
  })

  test('stops at the first violation', { timeout: 600_000 }, async () => {
    const target = targets.find(({ title }) => title.startsWith('notifier@as-posted'))?.target
    if (target === undefined) throw new Error('no notifier@as-posted')
    const [theirs, ours] = [
      await byLtsmin(modelOf(target), engine, { stopAtFirst: true }),
      await check(modelOf(target), { stopAtFirst: true, symmetry: false }),
    ]
    expect(theirs.verdict).toBe('violated')
    expect(theirs.incomplete).toBe('first-violation')
    expect(theirs.states).toBeLessThan((await check(modelOf(target), { symmetry: false })).states)
    expect(theirs.counterexample?.run.steps.length).toBe(ours.counterexample?.run.steps.length)
  })

  test('says which engine searched, and leaves no folder', { timeout: 600_000 }, async () => {
    const target = targets[0]?.target
    if (target === undefined) throw new Error('no target')
    const here = placeForFolders()
    const result = await byLtsmin(modelOf(target), engine)
    expect(result).toMatchObject({ engine, workers: 1 })
    expect(readdirSync(here)).toEqual([])
  })
})
