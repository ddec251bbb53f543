/** The number of states that the first levels of a search make likely. */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { check } from '../../src/explorer/check.ts'
import { configure } from '../../src/language/configure.ts'
import { estimatedStates } from '../../src/explorer/estimate.ts'

/** Levels that grow by a factor which falls from level to level. */
const levels = (count: number, grows: number, falls: number): readonly number[] => {
  const sizes = [1]
  for (let n = 1; n < count; n++) sizes.push(Math.max(1, Math.round((sizes[n - 1] ?? 1) * Math.exp(grows - falls * n))))
  return sizes
}

describe('an estimate', () => {
  test('is near the sum of all levels, from half of them', () => {
    const all = levels(61, 0.6, 0.02)
    const states = all.reduce((sum, size) => sum + size, 0)
    for (const known of [15, 25, 30, 40]) {
      const estimated = estimatedStates(all.slice(0, known)) ?? Number.NaN
      expect(estimated / states).toBeGreaterThan(0.5)
      expect(estimated / states).toBeLessThan(2)
    }
  })

  test.each([
    ['device-memory', 'crowd'],
    ['kvm', 'hull'],
    ['userptr', 'kfd-two'],
  ])('of the graph of %s in %s is near its states, from a quarter and from half of them', async (name, scenario) => {
    const protocol = catalogue.find((one) => one.name === name) ?? expect.fail(`no model ${name}`)
    const { configuration } = settingOf(protocol, { variant: 'fixed', scenario })
    const { levelSizes, stored } = await check(configure(protocol.model, configuration), { properties: [] })
    for (const part of [1 / 4, 1 / 2]) {
      let known = 0
      const end = levelSizes.findIndex((size) => (known += size) >= part * stored)
      const estimated = estimatedStates(levelSizes.slice(0, end + 1)) ?? Number.NaN
      expect(estimated / stored).toBeGreaterThan(0.5)
      expect(estimated / stored).toBeLessThan(2.2)
    }
  })

  test('is not made from few levels, nor from levels that grow ever faster', () => {
    expect(estimatedStates([1, 2, 4, 8])).toBeUndefined()
    expect(estimatedStates(levels(20, 0.1, -0.02))).toBeUndefined()
  })

  test('is not made of levels whose growth hardly falls: the graph would be far larger than what is known', () => {
    expect(estimatedStates(levels(20, 0.5, 0.001))).toBeUndefined()
  })

  test('is never less than what is known', () => {
    const known = [1, 5, 20, 60, 150, 300, 450, 500, 400, 200]
    expect(estimatedStates(known)).toBeGreaterThanOrEqual(known.reduce((sum, size) => sum + size, 0))
  })
})
