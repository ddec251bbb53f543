/** `check` without a model: a line for each model and scenario, failures at once, and what to look at. */
import { describe, expect, test, vi } from 'vitest'
import { estimateText, secondsLeft } from '../../src/cli/estimate.ts'
import { inTurn, runsProgress } from '../../src/cli/runs-progress.ts'
import type { RunReport } from '../../src/cli/reporters/reporter.ts'
import { catalogueTargets } from '../../src/cli/targets.ts'
import type { Expectation, Protocol } from '../../src/catalogue/protocol.ts'
import { notifier } from '../support/notifier.ts'
import { world } from './world.ts'

const expecting = (name: string, ...expectations: readonly Omit<Expectation, 'source'>[]): Protocol => ({
  ...notifier,
  name,
  expectations: expectations.map((one) => ({ ...one, source: 'by hand' })),
})

const good = expecting(
  'good',
  { variant: 'fixed', scenario: 'core', verdict: 'holds' },
  { variant: 'as-posted', scenario: 'core', verdict: 'violated' },
)
const single = expecting('single', { variant: 'fixed', scenario: 'core', verdict: 'holds' })
const bad = expecting(
  'bad',
  { variant: 'as-posted', scenario: 'core', verdict: 'holds' },
  { variant: 'fixed', scenario: 'core', verdict: 'holds' },
)

describe('lines', () => {
  test('all as expected: a group in a line, a single run as a run, and what could be looked at', async () => {
    const { stdout, code } = await world({ catalogue: [good, single] }).run('check')
    expect(code).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "ok  good                  core              2 runs: 1 holds, 1 violated as expected  86 states, 1.00 s
      ok  single@fixed                          core          holds  43 states, 0.50 s

      3 checked: 3 as expected, 0 not, 0 incomplete
      not checked: good in wide (large), quiet; single in wide (large), quiet

      look at
        npx hmmcheck check good@as-posted --scenario core --property P-NOUAF --full  # a counterexample that is expected
        npx hmmcheck check --large  # what was left out
      "
    `)
  })

  test('a violation that nobody expected is drawn before its group is over, and its command is in the last lines', async () => {
    const { stdout, code } = await world({ catalogue: [good, bad] }).run('check')
    expect(code).toBe(1)
    const [drawing, group] = [stdout.indexOf('✗ P-NOUAF'), stdout.indexOf('NOT AS EXPECTED  bad  ')]
    expect(drawing).toBeGreaterThan(0)
    expect(group).toBeGreaterThan(drawing)
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
      'look at',
      '  npx hmmcheck check bad@as-posted --scenario core --property P-NOUAF --full  # not as expected',
    ])
  })

  test('what a limit leaves open is named, with its command', async () => {
    const { stdout, code } = await world({ catalogue: [good] }).run('check', '--max-states', '5')
    expect(code).toBe(3)
    expect(stdout).toMatch(/^incomplete {2}good +core +2 runs: 2 incomplete {2}/m)
    expect(stdout).toMatch(/look at\n(?: {2}npx hmmcheck check good@\S+ .* --max-states 5 {2}# incomplete\n){2}$/)
  })

  test.each(['--verbose', '--full'])('%s: a line for each run', async (option) => {
    const { stdout } = await world({ catalogue: [good] }).run('check', option)
    expect(stdout.match(/^ok {2}good@/gm)).toHaveLength(2)
    expect(stdout).not.toContain('look at')
  })

  test.each([
    ['--full', '--json'],
    ['--verbose', '--format', 'junit'],
    ['--full', '--dry-run'],
  ])('%s does not go with %s', async (...argv) => {
    const { code, stderr } = await world().run('check', 'notifier', ...argv)
    expect(code).toBe(2)
    expect(stderr).toContain(`HMM208: ${argv[0] ?? ''} is about text`)
  })
})

describe('how long it takes', () => {
  const run = (model: string, scenario: string, seconds: number) => ({ model, scenario, seconds })

  test('a run is taken to be as long as those like it', () => {
    const over = [run('a', 'x', 2), run('a', 'x', 4), run('a', 'y', 12), run('b', 'x', 10)]
    expect(secondsLeft([], [run('a', 'x', 0)], 1)).toBeUndefined()
    expect(secondsLeft(over, [run('a', 'x', 0)], 1)).toBe(3)
    expect(secondsLeft(over, [run('a', 'z', 0)], 1)).toBe(6)
    expect(secondsLeft(over, [run('c', 'x', 0)], 1)).toBe(7)
    expect(secondsLeft(over, [run('a', 'x', 0), run('c', 'x', 0)], 2)).toBe(5)
    expect(secondsLeft(over, [run('a', 'x', 0)], 8)).toBe(3)
    expect(secondsLeft(over, [], 2)).toBe(0)
  })

  test.each([
    [3, 'about some seconds left'],
    [33, 'about 30 s left'],
    [200, 'about 3 min left'],
  ])('%i s in words', (seconds, words) => {
    expect(estimateText(43, 312, '12.3 s', seconds)).toBe(`43 of 312 runs, 12.3 s; ${words}`)
  })

  test('the line is on a terminal alone, of several runs alone, and leaves nothing behind', () => {
    const targets = catalogueTargets([good, single])
    const written: string[] = []
    const stderr = (isTerminal: boolean) => ({ isTerminal, columns: 30, write: (text: string) => written.push(text) })
    vi.useFakeTimers()
    try {
      for (const [isTerminal, isOne] of [
        [false, false],
        [true, true],
      ] as const) {
        const none = runsProgress({ stderr: stderr(isTerminal) }, targets, isOne)
        none.over(0, 1)
        none.hide()
        none.end()
        expect(none.isDrawn).toBe(false)
      }
      expect(written).toEqual([])
      const line = runsProgress({ stderr: stderr(true) }, targets, false)
      line.over(1, 2)
      vi.advanceTimersByTime(500)
      expect(written).toHaveLength(2)
      expect(written[0]).toMatch(/^\r1 of 3 runs, \d.*\u001b\[K$/)
      line.end()
      expect(written.at(-1)).toBe('\r\u001b[K')
      const before = written.length
      vi.advanceTimersByTime(5_000)
      expect(written).toHaveLength(before)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('runs that end in any order', () => {
  const report = (model: string): RunReport<string> => ({
    part: model,
    model,
    scenario: '',
    judgement: 'passed',
    seconds: 0,
    neverTaken: 0,
    warnings: [],
    atomicity: [],
    schedules: [],
    pages: [],
    command: '',
  })
  const end = (turns: readonly number[] | undefined): readonly (readonly string[])[] => {
    const seen: string[] = []
    const all = inTurn<string>(turns, ({ model }) => seen.push(model))
    for (const n of [2, 0, 3, 1]) all.over(n, report(`run ${n}`))
    return [seen, all.inOrder().map(({ model }) => model)]
  }

  test('are reported in their turn, or at once; and are known in the order of the targets', () => {
    const inOrder = ['run 0', 'run 1', 'run 2', 'run 3']
    expect(end([0, 1, 2, 3])).toEqual([inOrder, inOrder])
    expect(end([0, 2, 3, 1])).toEqual([['run 0', 'run 2', 'run 3', 'run 1'], inOrder])
    expect(end(undefined)).toEqual([['run 2', 'run 0', 'run 3', 'run 1'], inOrder])
  })
})
