/**
 * docs/fuzzing.md has a line for every configuration in which a bug is found, and its numbers come again: `npm run
 * docs:fuzzing` writes it anew.
 *
 * Only some are walked here, of each model, and of those that need few runs.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findingsOf, keyOf } from '../../docs/bugs-page.ts'
import { measure, neededIn, pageFile, pageOf } from '../../docs/fuzzing-page.ts'
import { bugs, catalogue } from '../../models/catalogue.ts'
import { world } from '../cli/world.ts'

/** Runs that a finding needs at most to be walked here, with any strategy. */
const FEW = 300
/** How many of each model. */
const SAMPLE = 2

const page = readFileSync(pageFile, 'utf8')
const needed = neededIn(page)
const findings = [...new Map(bugs.flatMap(findingsOf).map((finding) => [keyOf(finding), finding]))]

test('a line for every configuration in which a bug is found', () => {
  expect(findings.filter(([key]) => !needed.has(key)).map(([key]) => key)).toEqual([])
  expect(page).toBe(pageOf(bugs, needed))
})

test('what no run shows are recoverable and the order of locks', () => {
  const beyond = findings.filter(([key]) => needed.get(key) === undefined).map(([, { property }]) => property)
  expect([...new Set(beyond)].toSorted()).toEqual(['P-ORDER', 'recoverable'])
})

test('most are found by most strategies', () => {
  const judged = [...needed.values()].flatMap((one) =>
    one === undefined ? [] : [[...one.values()].filter((runs) => runs !== undefined).length],
  )
  expect(judged.length).toBeGreaterThan(100)
  expect(judged.filter((count) => count === 3).length).toBeGreaterThan(0.75 * judged.length)
  expect(judged.filter((count) => count === 0).length).toBeLessThan(0.1 * judged.length)
})

describe('the numbers come again', () => {
  const few = findings.filter(
    ([key]) =>
      [...(needed.get(key)?.values() ?? [])].every((runs) => runs !== undefined && runs <= FEW) &&
      needed.get(key) !== undefined,
  )
  const sample = catalogue.flatMap(({ name }) => few.filter(([, { model }]) => model === name).slice(-SAMPLE))

  test('of every model', () => {
    expect(new Set(sample.map(([, { model }]) => model)).size).toBe(catalogue.length)
  })

  test.each(sample)(
    '%s',
    async (key, finding) => {
      expect(await measure(finding)).toEqual(needed.get(key))
    },
    60_000,
  )

  test('and are those of the command', async () => {
    // the one that is found soonest; a seed that finds it after the median run has no say in the median
    const runsOf = (key: string): number => needed.get(key)?.get('brackets') ?? Infinity
    const [found] = sample.toSorted(([one], [other]) => runsOf(one) - runsOf(other))
    const [key, { model, variant, scenario, property }] = found ?? expect.fail('no finding needs few runs')
    const { run } = world({ catalogue })
    const firsts: number[] = []
    for (let seed = 1; seed <= 20; seed++) {
      const words = [
        'fuzz',
        `${model}@${variant}`,
        '--scenario',
        scenario,
        '--property',
        property,
        '--strategy',
        'brackets',
        '--seed',
        String(seed),
        '--runs',
        String(runsOf(key)),
        '--max-steps',
        '100',
      ]
      const { stdout } = await run(...words, '--json')
      const document = JSON.parse(stdout) as {
        readonly properties: readonly { readonly name: string; readonly firstRun: number | null }[]
      }
      firsts.push(document.properties.find(({ name }) => name === property)?.firstRun ?? Infinity)
    }
    expect(firsts.toSorted((a, b) => a - b)[9]).toBe(runsOf(key))
  }, 120_000)
})
