/** A search that stores fingerprints finds what is there, says nothing of what is not, and says how sure that is. */
import fc from 'fast-check'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import type { CheckResult, CheckSettings, PropertyResult } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { kinds } from '../../src/semantics/kinds/index.ts'
import { isValid, modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { cube, cubeCounts } from '../support/counters.ts'
import { small } from '../support/engine.ts'
import { told } from '../support/told.ts'

vi.setConfig({ testTimeout: 300_000 })

const isShown = ({ kind, verdict }: PropertyResult): boolean =>
  verdict === (kinds[kind].outcome === 'witnessed' ? 'holds' : 'violated')

/** What is told of a property, and what a search that may have omitted states can tell of it at best. */
function unsure(property: PropertyResult): unknown {
  const { name, kind, verdict, steps } = property
  if (isShown(property)) return [name, verdict, steps]
  return [name, kinds[kind].judgedOn === 'end' ? 'undecided' : 'not-found', undefined]
}
const toldOf = ({ properties }: CheckResult): unknown =>
  properties.map(({ name, verdict, steps }) => [name, verdict, steps])

const countsOf = ({ states, transitions, depth }: CheckResult): unknown => ({ states, transitions, depth })

/** Models of which a whole search finds every state soon, with what it says. */
async function whole(model: ConfiguredModel, settings: CheckSettings): Promise<CheckResult | undefined> {
  const result = await check(model, { ...small, ...settings, maxStates: 5_000 })
  const hasEndsViolated = result.properties.some(
    ({ kind, verdict }) => kinds[kind].judgedOn === 'end' && verdict === 'violated',
  )
  return result.incomplete === undefined && !hasEndsViolated ? result : undefined
}

describe('64 bits', () => {
  test.each<readonly [string, CheckSettings]>([
    ['one worker', {}],
    ['without symmetry', { symmetry: false }],
    ['other fingerprints', { fingerprintSeed: 12 }],
  ])('random models: the same counts and findings, and nothing holds: %s', async (_, settings) => {
    const property = fc.asyncProperty(modelArbitrary.filter(isValid), async (model) => {
      const exact = await whole(model, settings)
      if (exact === undefined) return
      const result = await check(model, { ...small, ...settings, fingerprint: true })
      expect(countsOf(result)).toEqual(countsOf(exact))
      expect(toldOf(result)).toEqual(exact.properties.map(unsure))
      expect(result.verdict).toBe(
        exact.properties.some((one) => one.verdict === 'violated' && isShown(one)) ? 'violated' : 'not-found',
      )
      expect([result.neverTaken, result.properties.some(({ minimal }) => minimal === 'proven')]).toEqual([[], false])
    })
    await fc.assert(property, { numRuns: 12, seed: 11 })
  })

  test.each<readonly [string, CheckSettings]>([
    ['a table that grows', {}],
    ['tables that are split', { partitionBytes: 2 ** 18 }],
    ['two workers', { workers: 2, partitionBytes: 2 ** 18 }],
  ])('%s', async (_, settings) => {
    const result = await check(cube(3, 40), { ...small, ...settings, fingerprint: true })
    expect(countsOf(result)).toEqual(cubeCounts(3, 40))
    expect(result.properties).toMatchObject([{ name: 'not all at their end', verdict: 'violated', steps: 120 }])
    const { states } = result
    expect(result.fingerprint).toEqual({ bits: 64, seed: 0, omission: (states * (states + 1)) / 2 ** 65 })
  })

  test('whether a thread can come back is not judged', async () => {
    const model = cube(2, 5, [{ name: 'recoverable', kind: 'recoverable' }])
    const { properties } = await check(model, { ...small, fingerprint: true })
    expect(properties.find(({ name }) => name === 'recoverable')).toMatchObject({
      verdict: 'undecided',
      why: 'not judged: it needs every state, and only fingerprints were stored',
    })
  })

  test('a search goes on from a checkpoint of fingerprints', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
    const file = join(folder, 'checkpoint')
    const settings = { partitionBytes: 2 ** 18, fingerprint: true } as const
    const model = cube(3, 30)
    const all = await check(model, settings)
    for (const maxStates of [1_000, 10_000])
      await check(model, {
        ...settings,
        maxStates,
        checkpoint: { file },
        ...(existsSync(file) ? { resume: file } : {}),
      })
    expect(told(await check(model, { ...settings, resume: file }))).toEqual(told(all))
    await expect(check(model, { ...settings, fingerprint: false, resume: file })).rejects.toThrow('HMM273: ')
    await expect(check(model, { ...settings, fingerprintSeed: 1, resume: file })).rejects.toThrow('HMM273: ')
    rmSync(folder, { recursive: true })
  })
})

test.each([3, 6, 9, 12])('%i bits: states are omitted, and nothing that is said is wrong', async (fingerprintBits) => {
  let omitted = 0
  const property = fc.asyncProperty(
    modelArbitrary.filter(isValid),
    fc.integer({ min: 0, max: 1000 }),
    fc.constantFrom<CheckSettings>({}, { symmetry: false }, { minimize: 'switches' }),
    async (model, fingerprintSeed, settings) => {
      const exact = await whole(model, settings)
      if (exact === undefined) return
      const options = { ...small, ...settings, fingerprint: true, fingerprintSeed, fingerprintBits }
      const result = await check(model, options)
      omitted += exact.states - result.states
      expect(result.states).toBeLessThanOrEqual(exact.states)
      expect(result.stored).toBeLessThanOrEqual(2 ** fingerprintBits)
      expect(result.fingerprint?.omission).toBeGreaterThanOrEqual(
        Math.min(1, result.stored ** 2 / 2 ** (fingerprintBits + 1)),
      )
      for (const one of result.properties) {
        const { name, kind, verdict, steps, minimal } = one
        if (!isShown(one)) {
          expect(['not-found', 'undecided']).toContain(verdict)
          continue
        }
        const there = exact.properties.find((other) => other.name === name && other.kind === kind)
        expect(there?.verdict).toBe(verdict)
        expect(steps).toBeGreaterThanOrEqual(there?.steps ?? 0)
        expect(minimal).not.toBe('proven')
      }
      expect(['violated', 'not-found']).toContain(result.verdict)
    },
  )
  await fc.assert(property, { numRuns: 10, seed: 5 })
  expect(omitted).toBeGreaterThan(fingerprintBits < 9 ? 100 : 0)
})
