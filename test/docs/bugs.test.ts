/**
 * docs/bugs.md says what the catalogue and the kept counterexamples say: `npm run docs:bugs` writes it anew.
 *
 * Runs are made here of small graphs only: the tests of each model's catalogue make all that take seconds, and count their states.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { keptOf } from '../../counterexamples/kept.ts'
import { findingsOf, keyOf, measuredIn, pageFile, pageOf } from '../../docs/bugs-page.ts'
import { bugs, catalogue } from '../../models/catalogue.ts'
import { namedTarget } from '../../src/cli/targets.ts'
import { contextSwitches } from '../../src/schedules/switches.ts'
import { lengthsOf, resultOf } from '../support/targets.ts'

/** States of a run that is made here. */
const LIMIT = 2_000

const page = readFileSync(pageFile, 'utf8')
const measured = measuredIn(page)
const findings = bugs.flatMap(findingsOf)
const found = findings.map((finding) => ({ key: keyOf(finding), finding, said: measured.get(keyOf(finding)), kept: keptOf(finding) }))

test('the page is as it would be written now, with the numbers that it has', () => {
  expect(found.filter(({ said }) => said === undefined).map(({ key }) => key)).toEqual([])
  expect(page).toBe(pageOf(bugs, measured))
})

test('every property is violated', () => {
  expect(found.filter(({ said }) => said?.verdict !== 'violated').map(({ key }) => key)).toEqual([])
})

test('steps and context switches are those of the counterexample that is kept', () => {
  const kept = found.filter((one) => one.kept !== undefined)
  expect(Object.fromEntries(kept.map(({ key, said }) => [key, [said?.steps, said?.switches]])))
    .toEqual(Object.fromEntries(kept.map(({ key, kept: schedule }) => [key, [schedule?.steps.length, contextSwitches(schedule?.steps ?? [])]])))
})

test('nearly all are kept', () => {
  // Of one a shorter one, of another scenario, is kept; the others are of large scenarios.
  const isRelation = ({ model, property }: typeof findings[number]): boolean =>
    catalogue.find(({ name }) => name === model)?.model.properties.find(({ name }) => name === property)?.kind === 'collected'
  // A relation is gathered over many schedules.
  expect(found.filter(({ finding, kept }) => kept === undefined && !isRelation(finding)).map(({ key }) => key)).toEqual([
    'mirror-2017@without-register-mmap-sem registrars P-LIFE',
    'mirror-2017@register-unlocked registrars P-UNIQUE',
    'migrate-vma@without-map-by-fault cpu-fault P-NOUAF',
    'mirror-4.20@without-hmm-kref registrars P-LIFE',
  ])
})

describe('small graphs, run', () => {
  const small = found.filter(({ said }) => said !== undefined && said.states < LIMIT)

  test('there are some', () => { expect(small.length).toBeGreaterThan(5) })

  test.each(small)('$key', async ({ finding: { model, variant, scenario, property }, said }) => {
    const target = namedTarget(catalogue, `${model}@${variant}`, { scenario })
    const lengths = await lengthsOf(target)
    expect({ states: (await resultOf(target)).states, steps: lengths[property] }).toEqual({ states: said?.states, steps: said?.steps })
  })
})
