/** `--fingerprint`: nothing holds, and it is said how sure that is. */
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/cli/environment.ts'
import { check } from '../../src/explorer/check.ts'
import { showBound } from '../../src/report/fingerprint.ts'
import { checkSchema } from '../support/documents.ts'
import { world } from './world.ts'

const engine: Engine = { check, describeLayout: () => Promise.reject(new Error('not asked for')) }

describe('a run that finds no violation', () => {
  test('ends with 3, and says that a state may be missing', async () => {
    const { code, stdout } = await world({ engine }).run('check', 'notifier', '--fingerprint')
    expect(code).toBe(3)
    expect(stdout).toMatch(/\n {2}not found {4}P-NOUAF, .*; no violation was found\n/)
    expect(stdout).toMatch(/\n {2}possible {5}1 thing that must be possible\n/)
    expect(stdout).toMatch(/\nnot found: no violation\nexpected: holds; /)
    expect(stdout.replaceAll('\n  ', ' ')).toMatch(
      /\nfingerprints of 64 bits in place of states \(seed 0\); the probability that a state was omitted is at most \d\.\de-\d+: n \(n \+ 1\) \/ 2\^65, n = [\d,]+ states stored\n/,
    )
    expect(stdout).toContain('\n  never taken  known only without fingerprints\n')
    expect(stdout).toMatch(/\nrepeat with: .* --fingerprint\n/)
    expect(stdout).not.toMatch(/\bholds {2,}/)
  })

  test('says so in its document', async () => {
    const { stdout } = await world({ engine }).run(
      'check',
      'notifier',
      '--json',
      '--fingerprint',
      '--fingerprint-seed',
      '7',
    )
    const [run] = checkSchema.parse(JSON.parse(stdout)).runs
    expect(run).toMatchObject({ verdict: 'not-found', fingerprint: { bits: 64, seed: 7 } })
    const n = run?.stored ?? 0
    expect(run?.fingerprint?.omission).toBe((n * (n + 1)) / 2 ** 65)
    expect(run?.properties.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['P-NOUAF', 'not-found'],
      ['P-NOUAF-possible', 'holds'],
      ['P-REF', 'not-found'],
      ['deadlock', 'not-found'],
      ['lock-deadlock', 'not-found'],
    ])
  })

  test('is no failure for a build server, and no success', async () => {
    const { stdout } = await world({ engine }).run('check', 'notifier', '--format', 'junit', '--fingerprint')
    expect(stdout).toContain('no violation was found; fingerprints may have omitted a state')
    expect(stdout).toMatch(/errors="[1-9]/)
  })
})

test('a violation is one: it ends with 1, with its schedule', async () => {
  const { code, stdout } = await world({ engine }).run('check', 'notifier@as-posted', '--fingerprint')
  expect(code).toBe(1)
  expect(stdout).toMatch(/\n {2}violated {5}P-NOUAF +assertion +reduced: 9 steps, /)
  expect(stdout).toMatch(/\nviolated: P-NOUAF \(9 steps\)\nas expected; /)
})

test('several runs: what is expected to hold is left open', async () => {
  const { code, stdout } = await world({ engine }).run('check', 'notifier', 'notifier@as-posted', '--fingerprint')
  expect(code).toBe(3)
  expect(stdout).toMatch(/^not found {2}notifier@fixed .* no violation found {2}/m)
  expect(stdout).toMatch(/^ok {2}notifier@as-posted .* violated \(P-NOUAF 9\)/m)
})

test('a seed needs fingerprints', async () => {
  const { code, stderr } = await world().run('check', 'notifier', '--fingerprint-seed', '1')
  expect([code, stderr]).toEqual([2, expect.stringContaining('HMM208: --fingerprint-seed needs fingerprints')])
})

test.each([
  [0, '0'],
  [2 ** -64, '5.5e-20'],
  [1e-8, '1e-8'],
  [0.0271, '0.028'],
  [0.5, '0.50'],
  [1, '1'],
])('the bound %d is shown as %s', (bound, text) => {
  expect(showBound(bound)).toBe(text)
})
