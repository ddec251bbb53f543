/** `npm run confirm:checkpoint`: checks are killed a hundred times, at random moments, and lose nothing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { killed, killedAt, killedNames } from '../support/killed.ts'
import { told } from '../support/told.ts'

const wanted = 100
/** Moments of one check, from its start to its verdict. */
const each = 5
const longest = 2_500

test(`${wanted} kills`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
  let [kills, resumed] = [0, 0]
  for (let round = 0; kills < wanted; round++) {
    for (const name of killedNames) {
      const { model, settings } = killed[name]
      const whole: unknown = JSON.parse(JSON.stringify(told(await check(model(), settings))))
      const moments = Array.from({ length: each }, () => Math.floor(longest * Math.random()))
      const outcome = await killedAt(name, join(folder, `${round} ${name}`), moments)
      expect(outcome.told, `${name}, killed after ${moments.join(', ')} ms`).toEqual(whole)
      kills += outcome.kills
      resumed += outcome.resumed
    }
  }
  rmSync(folder, { recursive: true })
  expect(resumed).toBeGreaterThan(wanted / 4)
  process.stdout.write(`${kills} kills, ${resumed} times resumed from a file, ${kills} of ${kills} without a loss\n`)
})
