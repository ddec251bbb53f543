/** The scenarios that are smaller than one: all of them, the smallest first. */
import { expect, test } from 'vitest'
import { settingOf } from '../../src/catalogue/setting.ts'
import { smallerSettings } from '../../src/schedules/scenarios.ts'
import { notifier } from '../support/notifier.ts'

const smaller = (sizes: Readonly<Record<string, number>>): readonly unknown[] =>
  smallerSettings(settingOf(notifier, { variant: 'as-posted', scenario: 'wide', sizes })).map((one) => one.sizes)

test('by the sum of the sizes, then by their order', () => {
  expect(smaller({ devices: 2, pages: 3 })).toEqual([
    { devices: 1, pages: 1 },
    { devices: 1, pages: 2 },
    { devices: 2, pages: 1 },
    { devices: 1, pages: 3 },
    { devices: 2, pages: 2 },
  ])
})

test('nothing is smaller than the least', () => {
  expect(smaller({ devices: 1, pages: 1 })).toEqual([])
})

test('variant and scenario stay', () => {
  const [one] = smallerSettings(settingOf(notifier, { variant: 'as-posted', scenario: 'wide' }))
  expect(one).toMatchObject({
    variant: { name: 'as-posted' },
    scenario: { name: 'wide' },
    asScenario: false,
    configuration: { sizes: { Device: 1, Page: 1 } },
  })
})
