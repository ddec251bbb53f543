/** A check that is killed (SIGKILL) at some moments says in the end what it says when nobody kills it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { killed, killedAt, type KilledName } from '../support/killed.ts'
import { told } from '../support/told.ts'

vi.setConfig({ testTimeout: 600_000 })

test.each<readonly [KilledName, readonly number[]]>([
  ['several partitions', [150, 700, 400]],
  ['two workers', [900, 500]],
])('%s', async (name, moments) => {
  const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
  const { model, settings } = killed[name]
  const whole: unknown = JSON.parse(JSON.stringify(told(await check(model(), settings))))
  const outcome = await killedAt(name, join(folder, 'checkpoint'), moments)
  rmSync(folder, { recursive: true })
  expect(outcome.told).toEqual(whole)
  expect(outcome.kills).toBeGreaterThan(0)
})
