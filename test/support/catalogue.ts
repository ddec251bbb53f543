/**
 * Every run of one protocol that takes seconds: `check` finds exactly what is expected, and the shortest schedules
 * are the shortest.
 *
 * The lengths are confirmed by a second search, for the smaller runs; `npm run confirm:all` does it for the larger
 * ones too.
 * The toy search is no choice here: most of these runs have tens of thousands of states, and it needs a second for a
 * thousand.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fallsOf, fallsSaidOf, rowKey } from '../../docs/falls-table.ts'
import { documentOf } from '../../docs/marked.ts'
import { reasonsIn, withNumbers } from '../../docs/numbers-table.ts'
import { withSizes } from '../../docs/sizes-table.ts'
import { countKey } from '../../models/count.ts'
import { counts } from '../../models/counts.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { violatedOf } from '../../src/report/checked.ts'
import { isExplained, type Reason } from '../models/never-taken.ts'
import { levelSearch } from './level-search.ts'
import { lengthsOf, modelOf, resultOf, targetsOf } from './targets.ts'

/** States of a run whose lengths are confirmed here. */
const LIMIT = 20_000

/** Steps that variants never take where they hold, while `fixed` takes them there; docs/models has them too. */
export interface Untaken {
  readonly variant: RegExp
  readonly label: RegExp
  readonly inside: RegExp
  readonly why: string
}

/**
 * @param reasons why `fixed` never takes a step
 * @param untaken why a variant that holds never takes a step that `fixed` takes
 */
export function testCatalogue(protocol: Protocol, reasons: readonly Reason[], untaken: readonly Untaken[] = []): void {
  const falls = fallsSaidOf(protocol)
  const known = counts[protocol.name] ?? {}
  const targets = targetsOf([protocol])

  test('every run has its counts, and the document the sizes of each scenario', () => {
    const runs = targets.map(({ target: { setting } }) => countKey(setting.variant.name, setting.scenario.name))
    expect(runs.filter((run) => known[run] === undefined)).toEqual([])
    const expected = protocol.expectations.map((one) => countKey(one.variant, one.scenario))
    expect(Object.keys(known).filter((run) => !expected.includes(run))).toEqual([])
    const document = readFileSync(documentOf(protocol), 'utf8')
    expect(document).toBe(withSizes(document, protocol, known))
  })

  test('docs/models says how many threads took part, and why not two where there never were', () => {
    const document = readFileSync(documentOf(protocol), 'utf8')
    expect(document).toBe(withNumbers(document, protocol))
    expect([...reasonsIn(document).values()]).not.toContain('not checked')
  })

  test('docs/models has every expectation', () => {
    expect([...falls.keys()]).toEqual(protocol.expectations.map(rowKey))
  })

  // Not `$title`: a long one would be cut off.
  describe.each(targets.map(({ title, target }) => [title, target] as const))('%s', (title, target) => {
    const {
      expectation,
      setting: { variant, scenario },
    } = target

    test('has the counts that it had', async () => {
      const { states, stored, transitions, depth, stateBits } = await resultOf(target)
      expect({ states, stored, transitions, depth, bits: stateBits }).toEqual(
        known[countKey(variant.name, scenario.name)],
      )
    })

    if (variant.name === 'fixed')
      test('every step is taken, or explained', async () => {
        const unexplained = (await resultOf(target)).neverTaken.filter(
          (step) => !isExplained(reasons, scenario.name, step),
        )
        expect(unexplained.map(({ label, path }) => `${label}  ${path}`)).toEqual([])
      })

    test('is as expected', async () => {
      const result = await resultOf(target)
      expect(result.incomplete).toBeUndefined()
      const found = violatedOf(result).map(({ name }) => name)
      expect({ verdict: result.verdict, violated: found.toSorted() }).toEqual({
        verdict: expectation?.verdict,
        violated: (expectation?.violated ?? []).toSorted(),
      })
    })

    if (expectation !== undefined)
      test('falls in the steps that docs/models says', async () => {
        expect(fallsOf(expectation, (await resultOf(target)).properties)).toBe(falls.get(rowKey(expectation)))
      })

    if (variant.name !== 'fixed' && expectation?.verdict === 'holds')
      test('every step that fixed takes here is taken, or explained', async () => {
        const fixed = targets.find(
          ({ target: { setting } }) => setting.variant.name === 'fixed' && setting.scenario.name === scenario.name,
        )
        const skipped = fixed === undefined ? [] : (await resultOf(fixed.target)).neverTaken.map(({ label }) => label)
        const unexplained = (await resultOf(target)).neverTaken.filter(
          ({ label, path }) =>
            !skipped.includes(label) &&
            !untaken.some((one) => one.variant.test(variant.name) && one.label.test(label) && one.inside.test(path)),
        )
        expect(unexplained.map(({ label, path }) => `${label}  ${path}`)).toEqual([])
      })

    if (expectation?.verdict === 'violated')
      test('its counterexamples are the shortest', async (context) => {
        const { states } = await resultOf(target)
        if (states >= LIMIT) context.skip(`${states} states: left to confirm:all`)
        const lengths = await lengthsOf(target)
        expect(Object.fromEntries(levelSearch(modelOf(target), Object.keys(lengths)).shortest)).toMatchObject(lengths)
      })
  })
}
