/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { intervalNotifierProtocol } from '../../../models/interval-notifier/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1, Sub: 1, Notifier: 1, Va: 1 },
  constants: { registers: true, subscribes: true, faults: true, 'classic-listed': true, passes: 'two' },
  own: [],
}

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {}

describe.each(intervalNotifierProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(intervalNotifierProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['registers', 'subscribes', 'faults', 'classic-listed', 'passes']
  expect(intervalNotifierProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    intervalNotifierProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(intervalNotifierProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(intervalNotifierProtocol, { base: 'as-merged', redundant: /redundant/ })
