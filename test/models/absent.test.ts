/**
 * What a configuration takes away is never read: every model of the catalogue builds, and is searched, with each size
 * at its least and without each fix.
 */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { check } from '../../src/explorer/check.ts'
import type { Configuration } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { ModelError } from '../../src/language/errors.ts'
import { settingOf } from '../../src/catalogue/setting.ts'

describe.each(catalogue.map((protocol) => [protocol.name, protocol] as const))('%s', (_, protocol) => {
  const { configuration } = settingOf(protocol)
  const unfixed = Object.fromEntries(protocol.fixes.map(({ name }) => [name, false]))
  const states = async (changed: Configuration): Promise<number> =>
    (await check(configure(protocol.model, changed), { maxStates: 200, partitionBytes: 2 ** 22 })).states

  test.each(Object.entries(protocol.parameters).map(([name, { min }]) => [name, min] as const))(
    '%s=%i',
    async (name, min) => {
      const { configuration: least } = settingOf(protocol, { sizes: { [name]: min } })
      expect(await states(least)).toBeGreaterThan(0)
      expect(await states({ ...least, constants: { ...least.constants, ...unfixed } })).toBeGreaterThan(0)
    },
  )

  // Below what the model promises: what needs an element says so, in words.
  test.each(Object.entries(protocol.parameters).map(([name, { sort }]) => [name, sort] as const))(
    'no %s',
    async (_name, sort) => {
      const outcome = states({ ...configuration, sizes: { ...configuration.sizes, [sort]: 0 } }).catch(
        (error: unknown) => (error instanceof ModelError ? error.code : error),
      )
      expect([expect.any(Number), 'HMM033', 'HMM034']).toContainEqual(await outcome)
    },
  )
})
