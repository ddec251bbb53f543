/** What `check` says last where memory ended the search. */
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../src/explorer/result.ts'
import { referenceEngine } from '../support/reference-engine.ts'
import { world } from './world.ts'

/** Levels that have begun to shrink. Each state that is stored stands for three. */
const levelSizes = [100, 150, 210, 273, 328, 361, 361, 325, 260, 182]
const stored = levelSizes.reduce((sum, size) => sum + size, 0)

async function lastLines(change: Partial<CheckResult>, ...argv: readonly string[]): Promise<readonly string[]> {
  const { run } = world({
    engine: {
      check: async (model, settings) => ({
        ...(await referenceEngine(model, settings)),
        verdict: 'incomplete',
        incomplete: 'max-memory',
        levelSizes,
        stored,
        states: 3 * stored,
        bytesPerState: 2 ** 20,
        stateBits: 70,
        ...change,
      }),
      describeLayout: () => {
        throw new Error('not asked for')
      },
    },
  })
  const { stdout } = await run('check', 'notifier', ...argv)
  const unwrapped = stdout.replaceAll(/\n {2}(?=\S)/g, ' ').split('\n')
  return unwrapped.filter((line) => /^(?:memory ended|estimate|no estimate|search on many|HOSTS)/.test(line))
}

describe('a check that memory ended', () => {
  test('says what the whole needs, and the command that searches on many hosts', async () => {
    const [took, estimate = '', command] = await lastLines({}, '--property', 'P-NOUAF')
    expect(took).toBe('memory ended it: 2,550 stored states in 2.5 GiB; the last levels grew by 0.90, 0.80, 0.70')
    expect(estimate).toMatch(
      /^estimate, at times wrong by a factor of 4: [\d,]+ states; 2\.\d GiB here; 0 MiB in LTSmin/,
    )
    expect(command).toBe(
      'search on many hosts with: npx hmmcheck check notifier@fixed --scenario core --config devices=1,pages=1 --property P-NOUAF --engine ltsmin --hosts HOSTS',
    )
  })

  test('the command keeps what the check is about, and none of its limits', async () => {
    const words = ['--max-memory', '1G', '--timeout', '60', '--workers', '1', '--no-symmetry']
    const [, , command] = await lastLines({}, ...words, '--keep-dead-locals', '--fail-on', 'never-taken')
    expect(command).toBe(
      'search on many hosts with: npx hmmcheck check notifier@fixed --scenario core --config devices=1,pages=1 --engine ltsmin --hosts HOSTS --keep-dead-locals --fail-on never-taken',
    )
  })

  test('counts the hosts by half of the memory that it had, without symmetry', async () => {
    // 3 × some 2,800 states of two words, 29 bytes each, in halves of 16 KiB
    const [, estimate = ''] = await lastLines({}, '--max-memory', '16K')
    const hosts = Number(/symmetry: (\d+) hosts/.exec(estimate)?.[1])
    expect(hosts).toBeGreaterThan((3 * stored * 29) / (8 * 1024))
    expect(hosts).toBeLessThan((2 * 3 * stored * 29) / (8 * 1024))
  })

  test('gives no number where the levels do not say', async () => {
    expect((await lastLines({ levelSizes: [1, 2, 4] }))[1]).toMatch(/^no estimate/)
  })
})

test.each(['max-states', 'timeout', 'interrupted'] as const)('nothing of it at another end: %s', async (incomplete) => {
  expect(await lastLines({ incomplete })).toEqual([])
})
