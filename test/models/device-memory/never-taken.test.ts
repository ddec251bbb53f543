/** Where `fixed` holds, every transition was taken somewhere, but for one. */
import { expect, test } from 'vitest'
import { deviceMemoryProtocol } from '../../../models/device-memory/protocol.ts'
import { scenarios } from '../../../models/device-memory/scenarios.ts'
import { check } from '../../../src/explorer/check.ts'
import { configure } from '../../../src/language/index.ts'
import { settingOf } from '../../../src/language/setting.ts'

const small = scenarios.filter(({ large }) => large !== true)

test.each(small)('$name', async ({ name }) => {
  const result = await check(configure(deviceMemoryProtocol.model, settingOf(deviceMemoryProtocol, { variant: 'fixed', scenario: name }).configuration))
  expect(result.verdict).toBe('holds')
  // Migration entries and swap entries are not modelled here: no entry is of a kind without an arm.
  expect(result.neverTaken.filter(({ label }) => !/^default of (orig_)?pte$/.test(label))).toEqual([])
})
