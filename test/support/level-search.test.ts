/** The second search says what the toy search says, on a protocol that is small enough for it. */
import { describe, expect, test } from 'vitest'
import { configure } from '../../src/language/configure.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { levelSearch } from './level-search.ts'
import { notifier } from './notifier.ts'

describe.each(notifier.variants.map(({ name }) => name))('%s', (variant) => {
  const model = configure(notifier.model, settingOf(notifier, { variant }).configuration)
  const toy = referenceCheck(model)
  const lengths = Object.fromEntries(
    toy.properties.flatMap(({ name, steps }) => (steps === undefined ? [] : [[name, steps]])),
  )

  test('all that is violated or witnessed, and nothing else', () => {
    const { shortest, complete } = levelSearch(model, ['what there is not'])
    expect(complete).toBe(true)
    expect(Object.fromEntries(shortest)).toEqual(lengths)
    expect(Object.keys(lengths).length).toBeGreaterThan(0)
  })

  test('ends with the level on which the last of the wanted is met', () => {
    for (const [name, steps] of Object.entries(lengths)) {
      const { shortest } = levelSearch(model, [name])
      expect(shortest.get(name)).toBe(steps)
    }
  })
})
