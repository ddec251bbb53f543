/**
 * Every run of the catalogue that takes seconds: `check` finds exactly what is expected, and the shortest schedules are the shortest.
 *
 * The lengths are confirmed by a second search, for every run of less than a million states; `npm run confirm:all` does it for the larger ones too.
 * The toy search is no choice here: the smallest of these runs has tens of thousands of states, and it needs a second for a thousand.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { measuredIn, pageFile } from '../../docs/bugs-page.ts'
import { violatedOf } from '../../src/report/checked.ts'
import { levelSearch } from '../support/level-search.ts'
import { lengthsOf, modelOf, resultOf, targets } from '../support/targets.ts'

/** States of a run whose lengths are confirmed here. */
const LIMIT = 1_000_000

/** What docs/bugs.md says of the states of a run, by the run. */
const statesSaid = new Map([...measuredIn(readFileSync(pageFile, 'utf8'))].map(([key, { states }]) => [key.split(' ').slice(0, 2).join(' in '), states]))

// Not `$title`: a long one would be cut off.
describe.each(targets.map(({ title, target }) => [title, target] as const))('%s', (title, target) => {
  const { expectation } = target

  test('is as expected', async () => {
    const result = await resultOf(target)
    expect(result.incomplete).toBeUndefined()
    const found = violatedOf(result).map(({ name }) => name)
    expect({ verdict: result.verdict, violated: found.toSorted() }).toEqual({ verdict: expectation?.verdict, violated: (expectation?.violated ?? []).toSorted() })
  })

  test.runIf(statesSaid.has(title))('has the states that docs/bugs.md says', async () => {
    expect((await resultOf(target)).states).toBe(statesSaid.get(title))
  })

  test.runIf(expectation?.verdict === 'violated')('its counterexamples are the shortest', async (context) => {
    const { states } = await resultOf(target)
    if (states >= LIMIT) context.skip(`${states} states: left to confirm:all`)
    const lengths = await lengthsOf(target)
    expect(Object.fromEntries(levelSearch(modelOf(target), Object.keys(lengths)).shortest)).toMatchObject(lengths)
  })
})
