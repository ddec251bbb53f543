/** Where `fixed` holds, every transition was taken somewhere, but for those that are explained here. */
import { expect, test } from 'vitest'
import { migrateVmaProtocol } from '../../../models/migrate-vma/protocol.ts'
import { scenarios } from '../../../models/migrate-vma/scenarios.ts'
import { check } from '../../../src/explorer/check.ts'
import { configure } from '../../../src/language/index.ts'
import { settingOf } from '../../../src/language/setting.ts'
import { reasons } from './never-taken.ts'

const small = scenarios.filter(({ large }) => large !== true)

test.each(small)('$name', async ({ name }) => {
  const result = await check(configure(migrateVmaProtocol.model, settingOf(migrateVmaProtocol, { variant: 'fixed', scenario: name }).configuration))
  expect(result.verdict).toBe('holds')
  const unexplained = result.neverTaken.filter(({ label, path }) =>
    !reasons.some((reason) => reason.label.test(label) && reason.inside.test(path) && (reason.scenarios === undefined || reason.scenarios.includes(name))))
  expect(unexplained).toEqual([])
})
