/**
 * docs/bugs.md says what the catalogue and the locks say: `npm run docs:bugs` writes it anew.
 *
 * Runs are made here of small graphs only: the tests of each model's catalogue make all that take seconds, and count
 * their states.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { keptOf, lockedProperty } from '../../counterexamples/kept.ts'
import { findingsOf, keyOf, measuredIn, pageFile, pageOf } from '../../docs/bugs-page.ts'
import { openFaults } from '../../models/bugs/open.ts'
import { bugs, catalogue } from '../../models/catalogue.ts'
import { countKey } from '../../models/count.ts'
import { counts } from '../../models/counts.ts'
import { namedTarget } from '../../src/cli/targets.ts'
import { contextSwitches } from '../../src/schedules/switches.ts'
import { lengthsOf, resultOf } from '../support/targets.ts'

/** States of a run that is made here. */
const LIMIT = 2_000

const page = readFileSync(pageFile, 'utf8')
const measured = measuredIn(page)
const found = bugs.flatMap((bug) =>
  findingsOf(bug).map((finding) => ({
    key: keyOf(finding),
    finding,
    said: measured.get(keyOf(finding)),
    lock: keptOf(bug, finding)?.lock,
  })),
)

test('the page is as it would be written now, with the numbers that it has', () => {
  expect(found.filter(({ said }) => said === undefined).map(({ key }) => key)).toEqual([])
  expect(page).toBe(pageOf(bugs, measured))
})

test('every property is violated', () => {
  expect(found.filter(({ said }) => said?.verdict !== 'violated').map(({ key }) => key)).toEqual([])
})

test('steps and context switches are those of the lock', () => {
  const locked = found.filter(({ lock }) => lock !== undefined)
  expect(Object.fromEntries(locked.map(({ key, said }) => [key, [said?.steps, said?.switches]]))).toEqual(
    Object.fromEntries(locked.map(({ key, lock }) => [key, [lock?.steps.length, contextSwitches(lock?.steps ?? [])]])),
  )
})

test('states are those of the counts, which the catalogue of each model counts anew', () => {
  const counted = found.flatMap(({ key, finding: { model, variant, scenario }, said }) => {
    const count = counts[model]?.[countKey(variant, scenario)]
    return said === undefined || said.more === true || count === undefined ? [] : [{ key, said, count }]
  })
  expect(counted.length).toBeGreaterThan(100)
  expect(counted.filter(({ said, count }) => said.states !== count.states).map(({ key }) => key)).toEqual([])
})

test('all have a lock but those of which it is known why not', () => {
  expect(
    found
      .filter(({ lock, finding }) => lock === undefined && lockedProperty(finding) === finding.property)
      .map(({ key }) => key),
  ).toEqual([])
})

describe('faults that are open upstream', () => {
  const rows = page
    .slice(page.indexOf('## Open upstream'))
    .split('\n')
    .filter((line) => /^\| [BDG]\d?-/.test(line))
    .map((line) => line.slice(2, -2).split(' | '))

  test('each has its driver, the versions read, how it is known, how certain it is, and what would correct it', () => {
    expect(rows.length).toBe(openFaults.length)
    for (const [fault = '', where, read, known, certainty, shown, , fix] of rows) {
      for (const cell of [where, read, shown, fix]) expect.soft(cell?.trim(), fault).toMatch(/\S/)
      expect.soft(known, fault).toMatch(/reading/)
      expect.soft(Number(certainty), fault).toBeGreaterThan(0)
      expect.soft(Number(certainty), fault).toBeLessThan(1)
    }
  })

  test('each has a schedule, or says why there is none', () => {
    for (const [fault = '', , , , , shown = '', steps = ''] of rows) {
      const id = fault.slice(0, fault.indexOf(':'))
      const kind = bugs.find((bug) => bug.id === id)?.place.kind
      if (kind === 'found') expect.soft(steps, fault).toMatch(/^(\[\d+\]\(|[1-9]\d*$)/)
      else expect.soft(shown, fault).toMatch(kind === 'temporal' ? /temporal/ : /no model/)
    }
  })

  test('all faults of today are there but those that later kernels do not have', () => {
    const gone = ['G6-12', 'G6-90', 'G6-91']
    const listed = openFaults.map(({ id }) => id)
    const ofToday = bugs.map(({ id }) => id).filter((id) => id.startsWith('G6-'))
    expect(ofToday.filter((id) => !listed.includes(id))).toEqual(gone)
  })

  test('none is of a bug that was reported, unless it says so', () => {
    const reported = openFaults.filter(({ id }) => bugs.find((bug) => bug.id === id)?.known === 'report')
    expect(reported.filter(({ upstream }) => upstream === undefined)).toEqual([])
  })
})

describe('small graphs, run', () => {
  const small = found.filter(({ said }) => said !== undefined && said.states < LIMIT)

  test('there are some', () => {
    expect(small.length).toBeGreaterThan(5)
  })

  test.each(small)('$key', async ({ finding: { model, variant, scenario, property }, said }) => {
    const target = namedTarget(catalogue, `${model}@${variant}`, { scenario })
    const lengths = await lengthsOf(target)
    expect({ states: (await resultOf(target)).states, steps: lengths[property] }).toEqual({
      states: said?.states,
      steps: said?.steps,
    })
  })
})
