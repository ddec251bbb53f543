/** A `holds` of a variant whose difference has no part in the scenario says so; no other one does. */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { sameAs } from '../../src/cli/same-model.ts'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { configure } from '../../src/language/configure.ts'
import { Bool, deadlock, fix, model, shared, struct, thread } from '../../src/language/index.ts'
import { notifier } from '../support/notifier.ts'
import { modelOf } from '../support/targets.ts'
import { world } from './world.ts'

/** Two variants that put different values into a field of the name `at`. */
const ofRecord = ((): Protocol => {
  const late = fix('late')
  const Place = struct('place', { at: Bool })
  const place = shared('place', Place)
  const put = thread('put', () => place.set(Place.value({ at: late })))
  const variants = [true, false].map((value) => ({
    name: value ? 'fixed' : 'early',
    summary: 'one of two',
    constants: { late: value },
  }))
  return {
    ...notifier,
    name: 'of-record',
    parameters: {},
    fixes: [],
    expectations: [],
    variants,
    model: model('of-record', { threads: [put], properties: [deadlock()] }),
    scenarios: [{ name: 'core', summary: 'one thread', sizes: {} }],
  }
})()

describe('a variant', () => {
  test.each([
    ['fixed', 'quiet', undefined],
    // who would take the locks crosswise is not there
    ['without-lock_order', 'quiet', 'fixed'],
    ['without-invalidate', 'quiet', undefined],
    ['as-posted', 'quiet', undefined],
    ['without-lock_order', 'core', undefined],
  ])('%s in %s is the same model as %s', (variant, scenario, same) => {
    const setting = settingOf(notifier, { variant, scenario })
    expect(sameAs(setting, configure(notifier.model, setting.configuration))).toBe(same)
  })

  test('differs in a field of the name `at`, which is no line', () => {
    const setting = settingOf(ofRecord, { variant: 'early' })
    expect(sameAs(setting, configure(ofRecord.model, setting.configuration))).toBeUndefined()
  })

  test('is compared at its own sizes', () => {
    const setting = settingOf(notifier, { variant: 'without-lock_order', scenario: 'quiet', sizes: { pages: 2 } })
    expect(sameAs(setting, configure(notifier.model, setting.configuration))).toBe('fixed')
  })
})

describe('check', () => {
  // nobody faults in `quiet`, so nobody could use the page there
  const catalogueOfOne = [
    { ...notifier, variants: notifier.variants.map((one) => ({ ...one, notClaimed: ['P-NOUAF-possible'] })) },
  ]
  const said =
    'in quiet, without-lock_order is the same model as notifier@fixed: this verdict says nothing about what sets them apart'

  test.each([['--full'], []])('says it of a run: %s', async (...options) => {
    const { stdout } = await world({ catalogue: catalogueOfOne }).run(
      'check',
      'notifier@without-lock_order',
      '--scenario',
      'quiet',
      ...options,
    )
    expect(stdout.replaceAll(/\n +/g, ' ')).toContain(said)
  })

  test('says it in a row, and in the document', async () => {
    const rows = await world({ catalogue: catalogueOfOne }).run('check', 'notifier@without-*', '--scenario', 'quiet')
    expect(rows.stdout).toMatch(/^ok {2}notifier@without-lock_order .* holds \(the same model as fixed\) {2}/m)
    expect(rows.stdout.match(/the same model/g)).toHaveLength(1)
    const { stdout } = await world({ catalogue: catalogueOfOne }).run(
      'check',
      'notifier@without-*',
      '--scenario',
      'quiet',
      '--json',
    )
    const { runs } = JSON.parse(stdout) as { readonly runs: readonly { variant: string; sameAs: string | null }[] }
    expect(runs.map(({ variant, sameAs: same }) => [variant, same])).toEqual([
      ['without-lock_order', 'fixed'],
      ['without-invalidate', null],
    ])
  })
})

test('an expectation of the catalogue that tries nothing says that it follows from the text', () => {
  const targets = [false, true].flatMap((large) => catalogueTargets(catalogue, { large }))
  const untried = targets.filter(
    ({ setting, expectation, ...target }) =>
      expectation?.verdict === 'holds' &&
      setting.variant.name.startsWith('without-') &&
      sameAs(setting, modelOf({ setting, expectation, ...target })) !== undefined,
  )
  expect(untried.length).toBeGreaterThan(0)
  expect(
    untried.flatMap(({ setting, expectation }) =>
      expectation?.source?.startsWith('redundant by the text alone: ') === true
        ? []
        : [`${setting.protocol.name}@${setting.variant.name} in ${setting.scenario.name}: ${expectation?.source}`],
    ),
  ).toEqual([])
})
