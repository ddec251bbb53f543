/** The lines of `fuzz`, where a run of the command does not show them. */
import { expect, test } from 'vitest'
import { plainPaint } from '../../src/report/paint.ts'
import { samplingLines, fuzzProgressText, fuzzSummaryLines, showProbability } from '../../src/report/fuzz.ts'
import type { FuzzResult } from '../../src/schedules/fuzz.ts'
import { pct } from '../../src/schedules/strategies/pct.ts'

test.each([
  [1, '1'],
  [0.5, '0.5'],
  [0.03333, '0.033'],
  [0.00099, '9.9e-4'],
  [8.333e-6, '8.3e-6'],
])('the probability %d is shown as %s', (probability, text) => {
  expect(showProbability(probability)).toBe(text)
})

test('a strategy that guarantees nothing says nothing', () => {
  expect(samplingLines({ strategy: 'uniform', runs: 1, maxSteps: 1, seed: 0 }, 80)).toEqual([
    'uniform: 1 run of at most 1 step, seed 0',
  ])
})

test('many runs of a small probability', () => {
  const guarantee = pct(4).guarantee?.({ threads: 5, maxSteps: 1000 })
  if (guarantee === undefined) throw new Error('no guarantee')
  expect(guarantee.probability).toBe(2e-10)
  expect(
    samplingLines({ strategy: 'pct of depth 4', runs: 5_000_000_000, maxSteps: 1000, seed: 1, guarantee }, 1000).join(
      '\n',
    ),
  ).toContain(
    'with a probability of at least 2.0e-10 per run and 0.63 in all: 1/(n k^(d-1)), n = 5 threads, k = 1000 steps, d = 4',
  )
})

const result: FuzzResult = {
  verdict: 'incomplete',
  runs: 1_234_567,
  steps: 9_876_543,
  states: 8_388_608,
  transitions: 20_000_000,
  atLeast: true,
  seconds: 4,
  interrupted: true,
  neverTaken: [{ thread: 'cpu', path: '1', label: 'up_read(&mm.mmap_sem)' }],
  properties: [],
}

test('what could not all be counted, and was ended early', () => {
  expect(fuzzSummaryLines(result, 'hmmcheck fuzz m', plainPaint)).toEqual([
    'incomplete: no violation was seen; that proves nothing; interrupted',
    '1,234,567 runs, 9,876,543 steps; at least 8,388,608 distinct states, at least 20,000,000 distinct transitions',
    '4.00 s of walking, 2.5 million steps/s',
    'steps never taken: 1',
    '  cpu: up_read(&mm.mmap_sem)  (1)',
    'repeat with: hmmcheck fuzz m',
  ])
})

test('progress', () => {
  expect(fuzzProgressText({ runs: 480_000, steps: 48_000_000, states: 1_234_567, seconds: 12 })).toBe(
    '12.0 s  480 thousand runs, 48 million steps, 4.0 million steps/s, 1,234,567 states',
  )
})
